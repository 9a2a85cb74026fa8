# `paperdesk models`: trained models on the command line.

models-none = No model has been trained yet. Models are trained every night once enough prices are known.
models-market = Models of { $market }
models-about = Model { NUMBER($version, useGrouping: 0) }
models-history = History
models-version = model
models-horizon = minutes
models-state = state
models-recipe = recipe
models-trained = trained (UTC)
models-learnt = training data (UTC)
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
models-metrics = metrics
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
models-promoted = Model { NUMBER($version, useGrouping: 0) } now makes the { NUMBER($horizon) }-minute forecasts for { $market }. “paperdesk models rollback { NUMBER($horizon, useGrouping: 0) }” undoes this.
models-serves = Model { NUMBER($version, useGrouping: 0) } already makes the { NUMBER($horizon) }-minute forecasts for { $market }. Nothing was changed.
models-rolled-back = Model { NUMBER($version, useGrouping: 0) } makes the { NUMBER($horizon) }-minute forecasts for { $market } again. Model { NUMBER($before, useGrouping: 0) } was rolled back and is never used again.
