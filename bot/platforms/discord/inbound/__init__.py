"""Interactions of Discord: received, and handed to the router."""
