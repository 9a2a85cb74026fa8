"""Trading with virtual money: ledger, orders, matching and positions, with PostgreSQL behind ports."""
