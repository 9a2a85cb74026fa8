"""Scan of all coins for signals at their last closed candle, each with how often it was right on this desk's archive.

Pure functions of arrays. Candles are on a grid of one interval, oldest first, NaN where there is none. A signal of a
candle is known at its close, from candles up to it; its outcome begins with the open of the next one.
"""
