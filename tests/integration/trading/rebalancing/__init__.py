"""Targets of users on real PostgreSQL."""
