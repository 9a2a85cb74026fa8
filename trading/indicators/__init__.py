"""Technical indicators, the only ones of the desk, by name in `registry`. Each is defined once, as series."""
