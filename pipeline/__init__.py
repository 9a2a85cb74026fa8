"""The market: its vocabulary, its sources, the bus, the Redis market store and the candle archive."""
