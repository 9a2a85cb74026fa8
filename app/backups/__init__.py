"""Backups and restores from the command line."""
