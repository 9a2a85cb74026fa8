"""Data quality: checks of a source's quotes and candles, their confirmation, counters, and the report.

Prices are never invented: a quote or candle passes unchanged, waits for confirmation, or is dropped.
"""
