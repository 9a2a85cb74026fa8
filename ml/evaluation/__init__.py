"""Back-tests of models: walk-forward folds, metrics and reports."""
