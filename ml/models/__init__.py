"""Ways to make forecasts, each behind `ml.models.base.Recipe`."""
