"""Technical indicators, the only ones of the desk: over whole arrays (`batch`) and value by value (`streaming`)."""
