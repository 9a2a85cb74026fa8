"""Ways to make forecasts, each behind `ml.recipes.base.Recipe`."""
