"""Forecasts of models that serve, and the log of forecasts and their outcomes."""
