"""Limits that users set for themselves and operators for all: their rules, their store and the valuation they need."""
