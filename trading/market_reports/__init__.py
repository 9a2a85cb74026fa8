"""Reports on a market as a whole: how they are made of its candles, and where they are kept."""
