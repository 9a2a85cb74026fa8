"""Binance spot market data: parsing, REST, websocket streams and the source that joins them."""
