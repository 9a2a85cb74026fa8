"""Forecasting: features, models, evaluation and the registry; reads the market, never the desk's money."""
