"""Panels of candles and the features on which models are trained."""
