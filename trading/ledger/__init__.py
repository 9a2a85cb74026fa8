"""The ledger in PostgreSQL; the only package of `trading` that uses the driver."""
