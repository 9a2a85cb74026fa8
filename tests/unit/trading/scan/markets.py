"""Hourly candles made of seeds."""

from collections.abc import Iterator, Mapping

import numpy as np

from pipeline.candles import Floats
from pipeline.market import Interval
from trading.scan.record import SignalRecord, SignalTally, signal_records
from trading.scan.signals import SignalKind

HOURS = 2_000
END = 1_700_006_400_000 // Interval.D1.ms * Interval.D1.ms


def walks(seed: int, coins: int = 8, hours: int = HOURS) -> Iterator[dict[str, Floats]]:
    """Yields coins that follow a market and chance, with volumes and volatilities that come in clusters."""
    random = np.random.default_rng(seed)
    market = 0.006 * random.standard_normal(hours)
    for _ in range(coins):
        pace = np.exp(0.4 * np.convolve(random.standard_normal(hours + 47), np.ones(48) / 7, "valid"))
        yield candles_of(market + 0.006 * pace * random.standard_normal(hours), random)


def candles_of(moves: Floats, random: np.random.Generator) -> dict[str, Floats]:
    close = 100.0 * np.exp(np.cumsum(moves))
    opened = np.concatenate([[100.0], close[:-1]])
    spread = 1.0 + np.abs(moves) * random.uniform(0.1, 0.6, len(moves))
    high, low = np.maximum(opened, close) * spread, np.minimum(opened, close) / spread
    return {"open": opened, "high": high, "low": low, "close": close, "volume": random.lognormal(0.0, 0.7, len(moves))}


def records_of(market: Iterator[Mapping[str, Floats]], hours: int = HOURS) -> dict[SignalKind, SignalRecord]:
    tally = SignalTally(Interval.H1, END, hours)
    for candles in market:
        tally.add(candles)
    return {each.kind: each for each in signal_records([tally])}
