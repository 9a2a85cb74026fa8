"""The names of coins in English and Korean, beside their tickers."""
