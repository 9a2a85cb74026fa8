"""Authentication codes of stored data."""
