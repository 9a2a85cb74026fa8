"""Back-tests of rules on recorded candles, and what their figures are worth."""
