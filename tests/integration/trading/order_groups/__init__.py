"""Groups of orders on real PostgreSQL."""
