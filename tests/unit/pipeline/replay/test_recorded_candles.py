"""Recordings whose candles, times or names no market has: each is quarantined, or refused with the true reason."""

import asyncio
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.candles import CandleColumns
from pipeline.errors import BadRecording
from pipeline.market import MINUTE_MS
from pipeline.replay.candle_checks import far_off
from pipeline.replay.parquet_candles import CandleFile, read_candle_file

BEGINS = 1_617_235_200_000
HOUR_MS = 60 * MINUTE_MS
PRICES = ("open", "high", "low", "close")

Table = dict[str, list[Any]]


def candles(*symbols: str, count: int = 120, step: int = MINUTE_MS) -> Table:
    table: Table = {name: [] for name in ("symbol", "open_time", *PRICES, "volume")}
    for symbol in symbols or ("BTCUSDT",):
        for at in range(count):
            price = 58_000 * (1 + 0.0001 * (at % 7))
            row = (symbol, BEGINS + at * step, price, price * 1.001, price * 0.999, price * 1.0002, 10.0)
            for name, value in zip(table, row, strict=True):
                table[name].append(value)
    return table


def scaled(factor: float, first: int, past: int, *names: str) -> Table:
    table = candles()
    for name in names or PRICES:
        table[name] = [value * factor if first <= at < past else value for at, value in enumerate(table[name])]
    return table


def timed(times: Callable[[int], float], **how: int) -> Table:
    table = candles(**how)
    return table | {"open_time": [times(time) for time in table["open_time"]]}


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Table], CandleFile]:
    def reading(table: Table) -> CandleFile:
        pq.write_table(pa.table(table), tmp_path / "r.parquet")
        return asyncio.run(read_candle_file(tmp_path / "r.parquet", lambda _: None))

    return reading


ABSURD = {
    "two in a row": (scaled(1e4, 50, 52), 2),
    "two far below": (scaled(1e-4, 50, 52), 2),
    "twenty in a row": (scaled(1e4, 50, 70), 20),
    "the first": (scaled(1e3, 0, 1), 1),
    "the first two": (scaled(1e3, 0, 2), 2),
    "the last": (scaled(1e3, 119, 120), 1),
    "the last two": (scaled(1e-3, 118, 120), 2),
    "the high of the first": (scaled(1e3, 0, 1, "high"), 1),
    "the close of the first": (scaled(1e3, 0, 1, "high", "close"), 1),
    "the close of the last": (scaled(1e3, 119, 120, "high", "close"), 1),
    "a close and the candle after it": (
        scaled(1e4, 51, 52) | {name: scaled(1e4, 50, 52)[name] for name in ("high", "close")},
        2,
    ),
    "two sizes beside each other": (
        {
            name: a[:51] + b[51:]
            for (name, a), b in zip(scaled(1e3, 50, 51).items(), scaled(1e6, 51, 52).values(), strict=True)
        },
        2,
    ),
}


@pytest.mark.parametrize("case", ABSURD)
def test_absurd_candles_are_quarantined_and_reported(read: Callable[[Table], CandleFile], case: str) -> None:
    table, count = ABSURD[case]
    found = read(table)
    assert (found.report.bad_candles, len(found.rows)) == (count, 120 - count)
    assert 50_000 < found.rows.low.min() <= found.rows.high.max() < 60_000


MOVES = {
    "a crash": scaled(1e-4, 80, 120),
    "a split": scaled(1e-3, 40, 120),
    "a redenomination": scaled(1e3, 60, 120),
    "a listing from nothing": scaled(1e-5, 0, 1, "open", "low"),
    "a spike of fifty times": scaled(50, 50, 51, "high"),
    "a long stay": scaled(1e-3, 20, 90),
}


@pytest.mark.parametrize("case", MOVES)
def test_real_moves_are_played(read: Callable[[Table], CandleFile], case: str) -> None:
    found = read(MOVES[case])
    assert (found.report.bad_candles, len(found.rows)) == (0, 120)


def test_each_symbol_is_judged_by_itself(read: Callable[[Table], CandleFile]) -> None:
    table = candles("BTCUSDT", "DOGEUSDT", "ETHUSDT")
    for name in PRICES:
        table[name] = [
            value * (1e-6 if 120 <= at < 240 else 1e4 if at == 359 else 1) for at, value in enumerate(table[name])
        ]
    assert read(table).report.examples[0].startswith("ETHUSDT")
    assert read(table).report.bad_candles == 1


def both(first: Table, second: Table) -> Table:
    return {name: first[name] + second[name] for name in first}


def named(*names: str) -> Table:
    return candles(*names, count=5)


MINUTES, HOURS = candles(count=60), timed(lambda time: time + 2 * HOUR_MS, count=60, step=HOUR_MS)
REFUSED: dict[str, tuple[Table, str, str]] = {
    "an hourly symbol beside one by the minute": (
        both(MINUTES, candles("ETHUSDT", count=60, step=HOUR_MS)),
        "intervals",
        "1m; ETHUSDT 1h",
    ),
    "a few hours beside many minutes": (
        both(MINUTES, candles("ETHUSDT", count=4, step=HOUR_MS)),
        "intervals",
        "1m; ETHUSDT 1h",
    ),
    "hours after the minutes": (both(MINUTES, HOURS), "intervals", "1m; BTCUSDT 1h"),
    "minutes beside many hours": (
        both(candles(count=400, step=HOUR_MS), candles("ETHUSDT", count=30)),
        "intervals",
        "1h; ETHUSDT 1m",
    ),
    "close times": (timed(lambda time: time + 59_999), "grid", "BTCUSDT 2021-04-01T00:00:59.999"),
    "times that are 1 ms late": (timed(lambda time: time + 1), "grid", "BTCUSDT 2021-04-01T00:00:00.001"),
    "times that tremble": (timed(lambda time: time + time // MINUTE_MS % 3), "grid", "BTCUSDT 2021-04-01T00:00:00.000"),
    "one candle": (candles(count=1), "single", ""),
    "days": (timed(lambda time: time // 86_400_000), "times", "BTCUSDT 1970-01-01T05:11"),
    "Excel's days": (timed(lambda time: time / 86_400_000 + 25_569), "times", "BTCUSDT 1970-01-01T12:18"),
    "minutes": (timed(lambda time: time // MINUTE_MS), "times", "BTCUSDT 1970-11-08T23:12"),
    "zeros": (timed(lambda _: 0), "times", "BTCUSDT 1970-01-01T00:00"),
    "two spellings": (named("BTCUSDT", "btcusdt"), "twice", "BTCUSDT, btcusdt"),
    "two forms": (named("BTC/USDT", "BTCUSDT", "ETHUSDT"), "twice", "BTC/USDT, BTCUSDT"),
    "a blank": (named("BTC USDT"), "names", "“BTC USDT”"),
    "a dot": (named("BTC.USDT", "ETHUSDT"), "names", "“BTC.USDT”"),
    "no name": (named("BTCUSDT", ""), "names", "“”"),
    "a blank name": (named("BTCUSDT", " "), "names", "“”"),
    "a perpetual contract of a coin": (named("BTC-PERP", "ETH-PERP"), "names", "BTC-PERP, ETH-PERP"),
    "perpetual contracts": (named("BTCUSDT.P"), "names", "“BTCUSDT.P”"),
    "contracts of another exchange": (named("BTCUSDTM", "ETHUSDTM"), "names", "BTCUSDTM, ETHUSDTM"),
    "contracts by a sign": (named("BTCUSD_PERP"), "names", "BTCUSD_PERP"),
    "swaps": (named("BTC-USDT-SWAP"), "names", "BTC-USDT-SWAP"),
    "settled contracts": (named("BTC/USDT:USDT"), "names", "BTC/USDT:USDT"),
    "an exchange before the name": (named("BINANCE:BTCUSDT"), "names", "BINANCE:BTCUSDT"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_recording_is_refused_with_the_true_reason(read: Callable[[Table], CandleFile], case: str) -> None:
    table, why, what = REFUSED[case]
    with pytest.raises(BadRecording) as refused:
        read(table)
    assert (refused.value.why, refused.value.what) == (why, what)


def test_blanks_around_a_name_are_no_part_of_it(read: Callable[[Table], CandleFile]) -> None:
    table = candles(" ETHUSDT", "BTCUSDT ")
    table["symbol"][130] = "BTCUSDT"
    found = read(table)
    assert (dict(found.bases), found.quote_asset, len(found.rows)) == (
        {"BTCUSDT": "BTC", "ETHUSDT": "ETH"},
        "USDT",
        240,
    )


def test_gaps_are_no_other_interval(read: Callable[[Table], CandleFile]) -> None:
    table = {
        name: [value for at, value in enumerate(values) if at % 7 and at % 5] for name, values in candles().items()
    }
    assert read(table).report.bad_candles == 0


def test_a_recording_of_mistakes_alone_is_refused(read: Callable[[Table], CandleFile]) -> None:
    table = candles(count=2) | {"open": [1.0, 1.0], "low": [1.0, 1.0], "close": [1e3, 1e3], "high": [1e3, 1e3]}
    with pytest.raises(BadRecording) as refused:
        read(table)
    assert refused.value.why == "rows"


def test_a_price_that_alternates_takes_no_more_memory_than_its_columns_many_times() -> None:
    rows = 100_000
    prices = np.where(np.arange(rows) % 2, 1000.0, 1.0)
    ones, times = np.ones(rows), BEGINS + np.arange(rows) * MINUTE_MS
    columns = CandleColumns(times, prices, prices, prices, prices, ones, ones, ones.astype(np.int64))
    tracemalloc.start()
    try:
        far_off(columns, np.array([0]))
        assert tracemalloc.get_traced_memory()[1] < 220 * rows
    finally:
        tracemalloc.stop()
