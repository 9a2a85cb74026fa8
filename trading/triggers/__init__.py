"""Triggers of price alerts."""
