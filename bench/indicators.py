"""Indicators: all of them for many symbols at a closed candle; one of them over a year of 1-minute candles."""

import statistics
import time
from dataclasses import dataclass

import numpy as np

from bench.figure import Figure
from pipeline.candles import Floats
from trading.indicators.program import Program, SymbolPanel
from trading.indicators.registry import INDICATORS
from trading.indicators.streaming import Stream

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Size:
    """Symbols; candles that warm up and those that count; candles of one symbol over arrays and one by one."""

    symbols: int
    warm_up: int
    candles: int
    history: int
    steps: int


FULL = Size(symbols=250, warm_up=120, candles=200, history=525_600, steps=20_000)
SMALL = Size(symbols=3, warm_up=5, candles=5, history=500, steps=50)


def run(size: Size = FULL) -> list[Figure]:
    return [*_panel(size), *_history(size), _stream(size)]


def _market(candles: int, symbols: int) -> dict[str, Floats]:
    random = np.random.default_rng(1)
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.001, (candles, symbols)), axis=0))
    begin = np.concatenate([close[:1], close[:-1]])
    return {
        "open": begin,
        "high": np.maximum(begin, close) * 1.001,
        "low": np.minimum(begin, close) * 0.999,
        "close": close,
        "volume": random.uniform(0, 100, (candles, symbols)),
        "open_time": 1.7e12 + _MINUTE_MS * np.repeat(np.arange(candles, dtype=float)[:, None], symbols, axis=1),
    }


def _panel(size: Size) -> list[Figure]:
    market = _market(size.warm_up + size.candles, size.symbols)
    program = Program()
    outputs = [program.add(each) for one in INDICATORS.values() for each in one.series().values()]
    panel, took = SymbolPanel(program, outputs, size.symbols), []
    for at in range(size.warm_up + size.candles):
        candle = {name: values[at] for name, values in market.items()}
        began = time.perf_counter()
        panel.update(candle)
        took.append((time.perf_counter() - began) * 1000)
    name = f"{len(INDICATORS)} indicators of {size.symbols} symbols at a closed candle"
    note = f"{len(outputs)} figures for each symbol"
    return [Figure(name, statistics.median(took[size.warm_up :]), "ms", at_most=50, note=note)]


def _history(size: Size) -> list[Figure]:
    market = {name: values[:, 0].copy() for name, values in _market(size.history, 1).items()}
    figures = []
    for name in ("sma", "rsi", "macd", "bollinger", "supertrend"):
        began = time.perf_counter()
        INDICATORS[name].compute(market)
        figures.append(Figure(f"{name} of {size.history:,} candles", time.perf_counter() - began, "s"))
    return figures


def _stream(size: Size) -> Figure:
    market = _market(size.steps, 1)
    closes = market["close"][:, 0].tolist()
    stream = Stream(INDICATORS["rsi"].series())
    began = time.perf_counter()
    for close in closes:
        stream.figures({"close": close})
    return Figure("rsi of one symbol, candle by candle", (time.perf_counter() - began) / size.steps * 1e6, "µs")
