# What training and forecasting refuse. One sentence each, with what to do.

error-unreadable-candles = { $path } is no parquet file with the columns { $columns }. Check the path and the columns.
error-scattered-candles = { NUMBER($found) } candles are scattered over a grid of { NUMBER($places) }: some of their times are wrong. Check the column open_time, which is in milliseconds.
error-unknown-recipe = There is no recipe “{ $name }”. There are { $known }.
error-extra-missing = The recipe “{ $name }” needs the libraries of the extra “{ $extra }”, which are not installed. Install them with: make recipes
error-bad-horizon = { NUMBER($candles) } candles cannot show how good a forecast over { NUMBER($horizon) } of them is. Choose a horizon from 1 to { NUMBER($most) }.
error-no-training-data = { NUMBER($found) } candles with a known outcome are too few to learn from: at least { NUMBER($needed) } are needed. Take more symbols or a longer time.
error-report-unwritable = The report cannot be written into { $folder } ({ $why }). Name another folder with --out.
error-no-model = There is no forecast over { $horizon ->
    [60] 1 hour
    [240] 4 hours
    [1440] 1 day
   *[other] { NUMBER($horizon) } minutes
  } yet: the desk first has to learn from prices. It does so a few minutes after its first start, and then every night. Please look in later.
error-model-expired = The model of forecasts over { $horizon ->
    [60] 1 hour
    [240] 4 hours
    [1440] 1 day
   *[other] { NUMBER($horizon) } minutes
  } learnt { NUMBER($age_hours) } hours ago, which is too long ago to be trusted. There will be forecasts again once it has learnt anew.
error-stale-history = The prices of { $symbol } that a forecast needs are not up to date ({ NUMBER($age_seconds) } seconds old, or some are missing). Please try again in a few minutes.
error-unseen-symbol = There is no forecast of { $symbol }: the model has not learnt from it. Every night the desk learns anew from what is traded most; /forecast shows what it is surest of.
error-short-history = The desk cannot forecast { $symbol } yet: { NUMBER($found) } of the { NUMBER($needed) } minutes that it needs are known. Ask for a symbol that has been traded for longer.
error-model-unusable = Model { $version } cannot be used ({ $why ->
    [damaged] its file is damaged
    [features] it was made for other features
    [gone] it is too old to be kept, only its description is
   *[foreign] it was not made by this desk
  }). The one before it goes on; the next night’s learning makes a new one.

# The registry of models.

error-model-too-big = The new model takes { NUMBER($megabytes) } MB, and at most { NUMBER($most) } MB are kept. Let it learn from fewer symbols.
error-model-not-saved = The new model for { NUMBER($horizon) } minutes could not be kept: { $why ->
    [full] the database has no room left. Make room on its disk; the next night’s learning tries again
   *[away] the database does not answer. The next night’s learning tries again
  }. The one before it goes on.
error-unknown-model = There is no model { NUMBER($version, useGrouping: 0) }. “paperdesk models list” shows which there are.
error-not-promotable = Model { NUMBER($version, useGrouping: 0) } cannot become the champion: { $why ->
    [rolled-back] it was rolled back before
    [failed] it could not be used before
    [gone] it is too old to be kept, only its description is
   *[outrun] the models have changed since it was compared
  }. “paperdesk models list” shows which can.
error-model-serves = Model { NUMBER($version, useGrouping: 0) } makes the forecasts for { NUMBER($horizon) } minutes now. To take it back, run “paperdesk models rollback { NUMBER($horizon, useGrouping: 0) }”.
error-no-model-before = There is no usable model for { NUMBER($horizon) } minutes from before model { NUMBER($version, useGrouping: 0) }, so that one stays.
error-which-market = Several markets have models for { NUMBER($horizon) } minutes: { $markets }. Say which with --market.
