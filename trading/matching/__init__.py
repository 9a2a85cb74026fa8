"""Matching of orders with the displayed liquidity. Pure."""
