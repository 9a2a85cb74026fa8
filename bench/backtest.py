"""Back-tests: a rule over a year of 1-minute candles, and two averages over days beside backtesting.py.

The peer runs with the Python of an environment of its own, which `make bench` installs: it is under the AGPL and never
a dependency. Both get the same candles, buy and sell at the same opens, and compute the figures of the result. A run is
what the peer's `run` is: indicators, trades, figures. With its preparation it also reads the rule and checks the
candles, as the peer's constructor does. Seconds are of processor time, turns of about the same length alternate, and a
ratio is their median. The days are those of GOOG where the published figures are at hand, else a random walk.
"""

import csv
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np

from bench.figure import Figure
from bench.matching import MISSING, peer
from pipeline.candles import CandleColumns
from pipeline.market import DAY_MS, Interval, Symbol
from pipeline.rules import LotSize, SymbolRules
from trading.backtest.engine import backtest
from trading.backtest.history import History, as_mapping, history_of
from trading.backtest.report import day_returns
from trading.backtest.result import BacktestResult
from trading.backtest.terms import BacktestTerms
from trading.performance.drawdowns import drawdown_series
from trading.performance.ratios import annualised_return, calmar_ratio, sharpe_ratio, sortino_ratio, volatility
from trading.performance.returns import known
from trading.performance.trades import trade_statistics
from trading.rules.rule import Rule, parse_rule
from trading.rules.signals import signals

_GOOG = Path(__file__).parents[2] / "shared" / "golden" / "backtest_GOOG.csv"
_START = 1_577_836_800_000
_MINUTES = (
    "when rsi(14) < 30 buy 25% when rsi(14) > 55 sell max",
    "when sma(60) crosses above sma(240) buy max when sma(60) crosses below sma(240) sell max",
    "when rsi(14) crosses below 20 buy max stop 2% tp 4%",
)
_AVERAGES = "when sma({0}) crosses above sma({1}) buy max when sma({0}) crosses below sma({1}) sell max"


_AS_LONG = 10
"""Runs of ours that take about as long as one of the peer: what else the machine does slows both turns alike."""


@dataclass(frozen=True, slots=True)
class Size:
    """Minutes of the long test, days of the short one, the peer's runs of it a turn, and turns."""

    minutes: int
    days: int
    runs: int
    turns: int


FULL = Size(minutes=525_600, days=2_148, runs=20, turns=5)
SMALL = Size(minutes=3_000, days=200, runs=1, turns=1)


def run(size: Size = FULL) -> list[Figure]:
    return [*_minutes(size), *_days(size)]


def _minutes(size: Size) -> list[Figure]:
    random = np.random.default_rng(1)
    candles = _walk(random, size.minutes, Interval.M1, 0.0008)
    figures = []
    for text in _MINUTES:
        took, orders = [], 0
        for _ in range(size.turns):
            began = time.process_time()
            orders = len(_tested(text, candles, Interval.M1).executions)
            took.append(time.process_time() - began)
        name = f"{size.minutes:,} candles, {text}"
        figures.append(Figure(name, statistics.median(took), "s", at_most=1, note=f"{orders:,} orders filled"))
    return figures


def _days(size: Size) -> list[Figure]:
    candles = _goog() if _GOOG.exists() and size.days == FULL.days else None
    if candles is None:
        candles = _walk(np.random.default_rng(2), size.days, Interval.D1, 0.02)
    text = _AVERAGES.format(10, 30)
    ours: list[dict[str, float]] = []
    theirs: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "days.csv"
        _write(path, candles)
        for _ in range(size.turns):
            ours.append(_turn(text, candles, _AS_LONG * size.runs))
            theirs += peer("backtesting", "sma_backtest.py", str(path), 10, 30, size.runs)
    name = f"sma 10/30 over {len(candles):,} days"
    figures = [_milliseconds(name, ours)]
    if not theirs:
        return [*figures, Figure(f"backtesting.py, {name}", 0, "ms", note=MISSING.format("backtesting.py"))]
    return [
        *figures,
        _milliseconds(f"backtesting.py, {name}", theirs),
        _ratio(f"ours against backtesting.py, {name}", "seconds", ours, theirs, at_least=20),
        _ratio(f"ours against backtesting.py, {name}, with the preparation", "whole", ours, theirs),
    ]


def _turn(text: str, candles: CandleColumns, runs: int) -> dict[str, float]:
    """Returns the processor time of a run and of the best one, alone and with its preparation, in s: the figures of the
    peer's script.
    """
    took, whole, trades = [], [], 0
    for _ in range(runs + 1):  # the first one warms up
        began = time.process_time()
        prepared = _prepared(text, candles, Interval.D1)
        ready = time.process_time()
        trades = len(_run(*prepared).trades)
        took.append(time.process_time() - ready)
        whole.append(time.process_time() - began)
    found = {"seconds": took[1:], "whole": whole[1:]}
    middle = {name: statistics.median(each) for name, each in found.items()}
    return middle | {"least": min(took[1:]), "trades": trades}


def _milliseconds(name: str, turns: list[dict[str, float]]) -> Figure:
    """Returns the median of the runs; the best run and the time with the preparation are in its note."""
    run, whole = (1000 * statistics.median(each[key] for each in turns) for key in ("seconds", "whole"))
    least = 1000 * min(each["least"] for each in turns)
    note = f"{turns[0]['trades']:.0f} trades, best run {least:.2f}, with the preparation {whole:.2f}"
    return Figure(name, run, "ms", note=note)


def _ratio(
    name: str, key: str, ours: list[dict[str, float]], theirs: list[dict[str, float]], at_least: float | None = None
) -> Figure:
    ratios = sorted(other[key] / one[key] for one, other in zip(ours, theirs, strict=True))
    note = f"median of {len(ratios)} turns, {ratios[0]:.1f} to {ratios[-1]:.1f}"
    return Figure(name, statistics.median(ratios), "x", at_least=at_least, note=note)


def _tested(text: str, candles: CandleColumns, interval: Interval) -> BacktestResult:
    """Reads the rule, checks the candles, and runs the test."""
    return _run(*_prepared(text, candles, interval))


def _prepared(text: str, candles: CandleColumns, interval: Interval) -> tuple[Rule, History, BacktestTerms]:
    lot = LotSize(Decimal("0.00001"), Decimal(0), Decimal("0.00001"))
    rules = SymbolRules(Symbol("BTCUSDC"), "BTC", "USDC", tick_size=Decimal("0.01"), lot=lot)
    terms = BacktestTerms(rules, Decimal(10_000), Decimal("0.001"))
    return parse_rule(text), history_of(rules.symbol, candles, interval), terms


def _run(rule: Rule, history: History, terms: BacktestTerms) -> BacktestResult:
    """Computes the signals, trades, and computes the figures of the result."""
    found = signals(rule, as_mapping(history.candles), history.interval)
    result = backtest(rule, found.entry, found.exit, history, terms)
    returns = known(day_returns(result))
    for ratio in (annualised_return, volatility, sharpe_ratio, sortino_ratio, calmar_ratio):
        ratio(returns)
    drawdown_series(result.equity)
    trade_statistics([trade.profit for trade in result.trades])
    return result


def _walk(random: np.random.Generator, count: int, interval: Interval, move: float) -> CandleColumns:
    close = np.round(50_000 * np.exp(np.cumsum(random.normal(0, move, count))), 2)
    opened = np.concatenate([close[:1], close[:-1]])
    reach = np.abs(random.normal(0, move / 2, (2, count)))
    high = np.round(np.maximum(opened, close) * (1 + reach[0]), 2)
    low = np.round(np.minimum(opened, close) * (1 - reach[1]), 2)
    times = _START + interval.ms * np.arange(count, dtype=np.int64)
    volume = random.uniform(1e4, 1e5, count)
    return CandleColumns(times, opened, high, low, close, volume, volume * close, np.ones(count, np.int64))


def _goog() -> CandleColumns:
    days = np.loadtxt(_GOOG, delimiter=",", skiprows=1, usecols=0, dtype="datetime64[D]")
    opened, high, low, close, volume = np.loadtxt(_GOOG, delimiter=",", skiprows=1, usecols=range(1, 6)).T
    times = days.astype(np.int64) * DAY_MS
    return CandleColumns(times, opened, high, low, close, volume, volume * close, np.ones(len(times), np.int64))


def _write(path: Path, candles: CandleColumns) -> None:
    with path.open("w", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["", "Open", "High", "Low", "Close", "Volume"])
        columns = (candles.open, candles.high, candles.low, candles.close, candles.volume)
        for time_ms, *row in zip(candles.open_time.tolist(), *(side.tolist() for side in columns), strict=True):
            sheet.writerow([f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y-%m-%d}", *row])
