"""Forecasting: features, models, evaluation and the registry. Reads the market, never accounts."""
