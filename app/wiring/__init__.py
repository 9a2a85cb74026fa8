"""Composition root: creates every component and runs the services."""
