"""Scheduled jobs, one module each."""
