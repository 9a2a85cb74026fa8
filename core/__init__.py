"""Shared building blocks of every other package: errors, time, decimals, databases, files and processes."""
