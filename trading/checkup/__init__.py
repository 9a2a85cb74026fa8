"""Checks of one account: what is measured, the thresholds, and what stands out. Pure."""
