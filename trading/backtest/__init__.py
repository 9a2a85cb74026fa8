"""Back-tests: a rule over past candles, its orders filled by the live matching core. Pure and CPU-bound.

A signal at the close of candle i trades at the open of candle i + 1, or of the first candle after it that traded; no
order can fill at a price of the candle that signals it. The rules of the fills are in docs/backtests.md.
"""
