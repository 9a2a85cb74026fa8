"""Fits probabilities, intervals and volatility to outcomes."""
