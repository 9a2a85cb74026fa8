"""The ledger in PostgreSQL: its commands and reads, its replay and its audit."""
