"""Trains models and searches their settings."""
