"""The ledger in PostgreSQL; the only place in trading that knows the driver."""
