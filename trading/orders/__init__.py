"""Orders: sizes, fills and previews as data."""
