# Errors of training and forecasting: the problem and its solution.

error-unreadable-candles = { $path } is not a parquet file with the columns { $columns }. Check the path and the columns.
error-irregular-candles = { NUMBER($found) } candles are scattered over a grid of { NUMBER($places) }: some of their times are wrong. Check that the column open_time is in milliseconds.
error-unknown-recipe = There is no recipe “{ $name }”. Available recipes: { $known }.
error-extra-missing = The recipe “{ $name }” needs the libraries of the extra “{ $extra }”, which are not installed. Install them with: make recipes
error-bad-horizon = { NUMBER($candles) } candles are too few to evaluate a forecast over { NUMBER($horizon) } candles. Choose a horizon from 1 to { NUMBER($most) }.
error-no-training-data = { NUMBER($found) } candles with a known outcome are too few to train on; at least { NUMBER($needed) } are needed. Use more symbols or a longer period.
error-report-unwritable = The results cannot be written to { $folder } ({ $why }). Choose another folder with --out, or another file with --keep.
error-no-model = There is no forecast over { $horizon ->
    [60] 1 hour
    [240] 4 hours
    [1440] 1 day
   *[other] { NUMBER($horizon) } minutes
  } yet, because its model has not been trained. Training runs a few minutes after the first start, and then every night. Please check back later.
error-model-expired = The model for forecasts over { $horizon ->
    [60] 1 hour
    [240] 4 hours
    [1440] 1 day
   *[other] { NUMBER($horizon) } minutes
  } was trained { NUMBER($age_hours) } hours ago, too long to be reliable. Forecasts return after the next training.
error-stale-history = The prices needed to forecast { $symbol } are out of date ({ NUMBER($age_seconds) } seconds old, or incomplete). Please try again in a few minutes.
error-symbol-not-trained = There is no forecast for { $symbol }: the model was not trained on it. Models are trained every night on the most traded symbols. /forecast lists the highest-confidence forecasts.
error-short-history = { $symbol } can't be forecast yet: { NUMBER($found) } of the { NUMBER($needed) } minutes of history needed are available. Choose a symbol that has been traded for longer.
error-model-unusable = Model { $version } cannot be used ({ $why ->
    [damaged] its file is damaged
    [features] it was trained on other features
    [gone] it is too old; only its description is kept
   *[foreign] it was not created by this installation
  }). The previous model stays in use; the next nightly training creates a new one.

# The registry of models.

error-model-too-big = The new model takes { NUMBER($megabytes) } MB; the maximum is { NUMBER($most) } MB. Train it on fewer symbols.
error-model-not-saved = The new model for { NUMBER($horizon) } minutes could not be saved: { $why ->
    [full] the database is out of space. Free some disk space; the next nightly training tries again
   *[away] the database does not respond. The next nightly training tries again
  }. The previous model stays in use.
error-unknown-model = There is no model { NUMBER($version, useGrouping: 0) }. “paperdesk models list” lists the models.
error-not-promotable = Model { NUMBER($version, useGrouping: 0) } cannot become the champion: { $why ->
    [rolled-back] it was rolled back
    [failed] it could not be used
    [gone] it is too old; only its description is kept
   *[outrun] the models have changed since it was compared
  }. “paperdesk models list” shows which can.
error-model-in-use = Model { NUMBER($version, useGrouping: 0) } makes the { NUMBER($horizon) }-minute forecasts now. To roll it back, run “paperdesk models rollback { NUMBER($horizon, useGrouping: 0) }”.
error-no-model-before = There is no usable { NUMBER($horizon) }-minute model older than model { NUMBER($version, useGrouping: 0) }, so that one stays.
error-ambiguous-market = Several markets have models for { NUMBER($horizon) } minutes: { $markets }. Choose one with --market.
