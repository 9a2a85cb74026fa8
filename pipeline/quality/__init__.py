"""Data quality: what may go from a source to the desk, what waits for confirmation, what is counted, and the report.

Nothing here invents a price: a quote or candle passes as the source stated it, waits, or is dropped.
"""
