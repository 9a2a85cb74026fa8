"""Processes that draw charts, and their pool."""
