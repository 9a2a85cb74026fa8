"""The composition root: makes every component and runs the services."""
