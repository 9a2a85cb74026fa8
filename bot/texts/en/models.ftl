# `paperdesk models`: what the command line says of trained models.

models-none = No model has been trained yet. The desk learns every night once it knows enough prices.
models-market = Models of { $market }
models-about = Model { NUMBER($version, useGrouping: 0) }
models-history = What became of it
models-version = model
models-horizon = minutes
models-state = state
models-recipe = recipe
models-trained = trained (UTC)
models-learnt = learnt from (UTC)
models-symbols = symbols
models-rows = rows
models-skill = skill
models-coverage = covered
models-where = market
models-size = size
models-kept = kept
models-features = features
models-parameters = parameters
models-code = code version
models-digest = SHA-256
models-metrics = measured
models-at = when (UTC)
models-change = change
models-who = by
models-reason = why
models-span = { $start } to { $end }
models-bytes = { $kilobytes } KB
models-gone = description only
models-is = { $state ->
    [champion] champion
    [challenger] challenger
    [rolled-back] rolled back
    [failed] failed
   *[retired] retired
}
models-became = { $change ->
    [added] added
    [promoted] promoted
    [replaced] replaced
    [rolled-back] rolled back
    [returned] returned
    [failed] failed
   *[retired] retired
}
models-promoted = Model { NUMBER($version, useGrouping: 0) } makes the forecasts for { NUMBER($horizon) } minutes of { $market } from now on. “paperdesk models rollback { NUMBER($horizon, useGrouping: 0) }” takes that back.
models-serves = Model { NUMBER($version, useGrouping: 0) } made the forecasts for { NUMBER($horizon) } minutes of { $market } already. Nothing was changed.
models-rolled-back = Model { NUMBER($version, useGrouping: 0) } makes the forecasts for { NUMBER($horizon) } minutes of { $market } again. Model { NUMBER($before, useGrouping: 0) } was taken back and never serves again.
