"""Notifications of users: the outbox, preferences and quiet hours."""
