"""Targets of users: wished weights that they keep, drift from them, and the schedule that trades back."""
