"""Recurring buys: plans of users, each with its own rhythm."""
