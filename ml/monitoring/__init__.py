"""Watches models that serve: live scores and drift."""
