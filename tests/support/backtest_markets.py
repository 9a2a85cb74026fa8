"""Markets, rules and terms for back-tests."""

from decimal import Decimal

import numpy as np

from pipeline.candles import CandleColumns, Floats
from pipeline.market import Interval, Symbol
from pipeline.rules import LotSize, Notional, SymbolRules
from trading.backtest.terms import BacktestTerms

D = Decimal
START = 1_700_006_400_000
"""Midnight, 15 November 2023."""

RULES = SymbolRules(
    Symbol("BTCUSDC"),
    "BTC",
    "USDC",
    tick_size=D("0.01"),
    lot=LotSize(D("0.001"), D(0), D("0.001")),
    notional=Notional(D(5), D(0)),
)
TERMS = BacktestTerms(RULES, D(10_000), D("0.001"))


def columns(
    opens: Floats, highs: Floats, lows: Floats, closes: Floats, volumes: Floats | None = None, *,
    interval: Interval = Interval.M1,
) -> CandleColumns:  # fmt: skip
    """Returns candles in a row from START."""
    count = len(closes)
    volume = np.full(count, 1000.0) if volumes is None else np.asarray(volumes, float)
    times = START + interval.ms * np.arange(count, dtype=np.int64)
    prices = [np.asarray(side, float) for side in (opens, highs, lows, closes)]
    return CandleColumns(times, *prices, volume, volume * prices[3], np.ones(count, np.int64))


def flat_candles(*closes: float, interval: Interval = Interval.M1, volume: float = 1000.0) -> CandleColumns:
    """Returns candles that open at the close before them and move straight."""
    close = np.array(closes)
    opened = np.concatenate([close[:1], close[:-1]])
    volumes = np.full(len(close), volume)
    return columns(opened, np.maximum(opened, close), np.minimum(opened, close), close, volumes, interval=interval)


def random_candles(
    random: np.random.Generator, count: int, *, move: float = 0.01, frozen: float = 0.1, volume: float = 1000.0
) -> CandleColumns:
    """Returns a random walk on ticks with gaps between close and open, frozen candles and missing ones."""
    steps = random.normal(0, move, (count, 4))
    close = np.round(100 * np.exp(np.cumsum(steps[:, 0])), 2)
    opened = np.round(np.concatenate([close[:1], close[:-1]]) * np.exp(steps[:, 1] / 4), 2)
    high = np.round(np.maximum(opened, close) * np.exp(np.abs(steps[:, 2]) / 2), 2)
    low = np.round(np.minimum(opened, close) * np.exp(-np.abs(steps[:, 3]) / 2), 2)
    high, low = np.maximum(high, np.maximum(opened, close)), np.minimum(low, np.minimum(opened, close))
    volumes = np.where(random.random(count) < frozen, 0.0, random.uniform(0.2, 2.0, count) * volume)
    made = columns(opened, high, low, close, volumes)
    return made.take(np.flatnonzero(random.random(count) > frozen / 4))
