"""Price alerts: stored in PostgreSQL, watched on the bus, notified through the outbox."""
