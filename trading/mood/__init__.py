"""Mood of the market: an index from 0 to 100 from daily candles, its record, and the regime. Pure functions of arrays.

Rows are UTC days, oldest first; a value of a row is known at the close of its day, from closes up to it. NaN is
unknown.
"""
