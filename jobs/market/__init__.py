"""Jobs that report on the market as a whole."""
