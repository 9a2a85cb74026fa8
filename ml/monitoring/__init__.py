"""Monitoring of the models that serve: live scores and drift."""
