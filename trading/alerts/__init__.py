"""Price alerts: kept in PostgreSQL, watched on the bus, told through the outbox."""
