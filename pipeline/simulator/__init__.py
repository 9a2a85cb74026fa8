"""Seeded market that is used if Binance does not answer. Its prices are labelled as a simulation."""

from pipeline.simulator.source import SimulatorSource

__all__ = ["SimulatorSource"]
