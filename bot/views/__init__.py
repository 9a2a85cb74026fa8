"""Replies that several commands and notifications share."""
