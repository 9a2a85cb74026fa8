"""Chart-drawing processes and their pool."""
