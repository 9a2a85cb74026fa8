"""Panels of candles and the features that models learn from."""
