"""A seeded market that stands in when Binance cannot be reached, and says so."""

from pipeline.simulator.source import SimulatorSource

__all__ = ["SimulatorSource"]
