"""Equity of accounts, stored once a day, and the ranking of accounts by it."""
