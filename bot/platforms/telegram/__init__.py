"""Telegram platform."""
