"""Checks before a command: rate limits, bans, permissions of groups, leaked link codes."""
