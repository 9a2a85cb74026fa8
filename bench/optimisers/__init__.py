"""Programs of peers that allocate, each run with the Python of its own environment."""
