"""Each kind of chart, drawn from its spec."""
