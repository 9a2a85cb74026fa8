"""Operator functions: monitoring, halting trading, broadcasts and bans, and the log of their use."""
