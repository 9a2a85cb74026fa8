"""Benches that behave well and badly, to try the harness on."""
