"""Scan: signals of all coins at a closed candle, and the answer of `/scan` from what the job has stored."""

import statistics
import time
from dataclasses import dataclass

import msgspec
import numpy as np

from bench.figure import Figure
from pipeline.candles import Floats
from pipeline.market import Interval, Symbol
from trading.scan.record import SignalTally, signal_records
from trading.scan.report import ScanRecord, ScanReport, SignalFinding, findings_of, ranked

_END = 1_700_006_400_000


@dataclass(frozen=True, slots=True)
class Size:
    """Coins; candles of the scan and of its record; times that an answer is made."""

    coins: int
    recent: int
    history: int
    answers: int


FULL = Size(coins=250, recent=300, history=4_000, answers=50)
SMALL = Size(coins=6, recent=120, history=600, answers=2)


def run(size: Size = FULL) -> list[Figure]:
    """Measures the scan, its record and the answer."""
    recent = [_candles(coin, size.recent) for coin in range(size.coins)]
    began = time.perf_counter()
    findings: list[SignalFinding] = []
    for coin, candles in enumerate(recent):
        findings += findings_of(Symbol(f"C{coin}USDC"), Interval.H1, candles)
    scanned = time.perf_counter() - began
    began = time.perf_counter()
    tally = SignalTally(Interval.H1, _END, size.history)
    for coin in range(size.coins):
        tally.add(_candles(coin, size.history))
    record = ScanRecord(_END, size.coins, signal_records([tally]))
    measured = time.perf_counter() - began
    report = ScanReport(_END, _END, size.coins, tuple(findings))
    return [
        Figure(f"signals of {size.coins} coins at a closed candle", scanned, "s"),
        Figure(f"record of {size.coins} coins, {size.history:,} candles each", measured, "s"),
        Figure(f"/scan of {size.coins} coins, as stored", _answer(report, record, size.answers), "ms", at_most=1000),
    ]


def _answer(report: ScanReport, record: ScanRecord, times: int) -> float:
    """Returns the milliseconds of reading and ranking what is stored."""
    bodies, took = [msgspec.json.encode(each) for each in (report, record)], []
    for _ in range(times):
        began = time.perf_counter()
        ranked(msgspec.json.decode(bodies[0], type=ScanReport), msgspec.json.decode(bodies[1], type=ScanRecord))
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def _candles(coin: int, count: int) -> dict[str, Floats]:
    random = np.random.default_rng(coin)
    close = 100 * np.exp(np.cumsum(0.01 * random.standard_normal(count)))
    opened = np.concatenate([close[:1], close[:-1]])
    high, low = np.maximum(opened, close) * 1.002, np.minimum(opened, close) * 0.998
    return {"open": opened, "high": high, "low": low, "close": close, "volume": random.lognormal(0, 1, count)}
