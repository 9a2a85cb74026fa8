"""Virtual money at honest prices: ledger, orders, matching, positions; PostgreSQL behind ports."""
