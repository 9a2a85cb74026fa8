"""The candle archive in PostgreSQL: one row per market, symbol and minute, read back as wider candles."""
