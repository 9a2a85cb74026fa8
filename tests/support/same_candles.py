"""Candles over which a rule trades alike in a back-test and in a replay: orders at the market meet the next open."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pyarrow.parquet as pq

from pipeline.candles import CandleColumns
from pipeline.market import MINUTE_MS, Candle, Interval, Symbol
from trading.backtest.account import BookedExecution, Cause
from trading.backtest.engine import backtest
from trading.backtest.history import as_mapping, history_of
from trading.backtest.terms import BacktestTerms
from trading.rules.rule import Rule
from trading.rules.signals import signals

SIGNALLED = {Cause.ENTRY, Cause.EXIT}


def back_tested(rule: Rule, candles: Sequence[Candle], terms: BacktestTerms) -> list[BookedExecution]:
    """Executions of a back-test."""
    columns = CandleColumns.of(list(candles))
    history = history_of("BTC", columns, Interval.M1)
    found = signals(rule, as_mapping(columns), Interval.M1)
    return list(backtest(rule, found.entry, found.exit, history, terms).executions)


def gapped(candles: Sequence[Candle], seed: int, *, share: float = 0.3, leap: float = 0.02) -> list[Candle]:
    """Candles of which some open away from the close before."""
    random = np.random.default_rng(seed)
    found = [candles[0]]
    for candle in candles[1:]:
        opened = round(candle.open * float(np.exp(random.normal(0, leap))), 2)
        found.append(_opened(candle, opened) if random.random() < share else candle)
    return found


def joined(candles: Sequence[Candle], executions: Callable[[list[Candle]], list[BookedExecution]]) -> list[Candle]:
    """Closes the gaps at which an order at the market is filled: in a recording, the first price after a close is that
    close. What is filled at the other opens, a stop behind a gap among them, keeps its gap.
    """
    found = list(candles)
    while True:
        leaps = {
            each.index
            for each in executions(found)
            if each.cause in SIGNALLED and found[each.index].open != found[each.index - 1].close
        }
        if not leaps:
            return found
        for index in leaps:
            found[index] = _opened(found[index], found[index - 1].close)


def recorded(path: Path, symbol: Symbol, start: int, count: int, *, share: float = 1.0) -> list[Candle]:
    """Candles of a recording from the minute `start` (UTC ms) on, with a share of their volume."""
    names = ("open_time", "open", "high", "low", "close", "volume")
    bounds = [("symbol", "=", symbol), ("open_time", ">=", start), ("open_time", "<", start + count * MINUTE_MS)]
    table = pq.read_table(path, columns=list(names), filters=bounds).sort_by("open_time")
    rows = zip(*(table[name].to_pylist() for name in names), strict=True)
    return [Candle(symbol, *row, round(volume * share, 6), trades=1) for *row, volume in rows]


def _opened(candle: Candle, price: float) -> Candle:
    return msgspec.structs.replace(candle, open=price, high=max(candle.high, price), low=min(candle.low, price))
