"""Names of coins in English and Korean, in addition to their tickers."""
