"""Connections of a process: the market, the bus and the stores."""
