"""Price levels that wait for the market."""
