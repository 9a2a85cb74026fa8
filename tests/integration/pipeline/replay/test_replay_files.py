"""Files of recorded candles: symbols and starts they offer, and rows that are refused, quarantined or ignored."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import BadRecording, BadReplayStart
from pipeline.market import DAY_MS, MINUTE_MS, Interval, Symbol
from pipeline.replay.candle_source import ReplaySource
from pipeline.replay.recording_report import RecordingReport
from pipeline.settings import ReplaySettings
from tests.integration.pipeline.replay.recordings import (
    BEGINS,
    FakeTime,
    Row,
    at,
    minute_of,
    play,
    source,
    ticks_of,
    write,
)


async def test_only_symbols_of_the_commonest_quote_asset_are_offered(tmp_path: Path) -> None:
    names = ["BTCUSDC", "BTCUSDT", "ETHUSDT", "BUSDUSDT", "ETHBTC", "ODD"]
    path = write(tmp_path / "r.parquet", [(name, i, 100, 1) for name in names for i in range(5)])
    async with source(path, at(2)) as replay:
        assert [rules.symbol for rules in await replay.rules()] == ["BTCUSDT", "BUSDUSDT", "ETHUSDT"]
        assert {tick.symbol for tick in (await anext(replay.frames())).ticks} == {"BTCUSDT", "BUSDUSDT", "ETHUSDT"}
        assert await replay.candles(Symbol("ETHBTC"), Interval.M1, 0, BEGINS + DAY_MS) == []


async def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    rows: list[Row] = [
        (name, i, 100 * number + i, 1 + i)
        for number, name in enumerate(("ETHUSDT", "XRPUSDT", "BTCUSDT", "币安人生USDT", "ADAUSDT", "DOTUSDT"), 1)
        for i in range(40)
    ]
    shuffled = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
    tidy = await play(source(write(tmp_path / "a.parquet", sorted(rows)), at(5)))
    assert await play(source(write(tmp_path / "b.parquet", shuffled), at(5))) == tidy
    assert len(ticks_of(tidy, Symbol("币安人生USDT"))) == 36


async def test_reading_reports_its_progress(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", [("BTCUSDT", i, 100, 1) for i in range(5)])
    heard: list[float] = []
    async with ReplaySource(path, ReplaySettings(), FakeTime().clock, progress=heard.append):
        assert heard == sorted(heard)
        assert heard[-1] == 1.0
        assert len(heard) > 3


@pytest.mark.parametrize(
    "text", ["yesterday", "2021-04-02T23:59", "2021-04-03T01:40", "9999-12-31T23:59", "2021-13-01", "1"]
)
async def test_a_start_outside_the_recording_is_refused_with_its_bounds(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "r.parquet", [("BTCUSDT", i, 100, 1) for i in range(100)])
    with pytest.raises(BadReplayStart) as refused:
        await play(source(path, text))
    assert refused.value.details() == {"text": text, "first": "2021-04-03T00:00", "last": "2021-04-03T01:40"}


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's own time zone is not UTC."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "Asia/Seoul")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("far_east")
async def test_a_start_is_utc_wherever_the_machine_stands(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", [("BTCUSDT", i, 100, 1) for i in range(100)])
    async with source(path, at(60)) as replay:
        assert replay.info().source_ms == BEGINS + 60 * MINUTE_MS
        assert replay.info().label == "REPLAY 2021-04-03"


async def test_a_start_may_carry_a_time_zone(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", [("BTCUSDT", i, 100, 1) for i in range(100)])
    async with source(path, "2021-04-03T10:00+09:00") as replay:
        assert replay.info().source_ms == BEGINS + 60 * MINUTE_MS


GOOD: list[Row] = [("BTCUSDT", i, 100, 1) for i in range(5)]
BROKEN: dict[str, tuple[list[Row], int, dict[str, object], str]] = {
    "two candles of one time": ([*GOOD, ("BTCUSDT", 0, 101, 1)], MINUTE_MS, {}, "duplicates"),
    "two turnovers of one time": ([*GOOD, GOOD[0]], MINUTE_MS, {"quote_volume": [1.0] * 5 + [2.0]}, "duplicates"),
    "two counts of trades of one time": ([*GOOD, GOOD[0]], MINUTE_MS, {"trades": [1] * 5 + [2]}, "duplicates"),
    "only impossible candles": (GOOD, MINUTE_MS, {"low": np.full(5, 101.0)}, "rows"),
    "no time that can be": (GOOD, MINUTE_MS, {"open_time": pa.array([-1] * 5)}, "rows"),
    "text for a number": (GOOD, MINUTE_MS, {"close": pa.array(["a"] * 5)}, "columns"),
    "words for times": (GOOD, MINUTE_MS, {"open_time": pa.array(["monday"] * 5)}, "columns"),
    "numbers for symbols": (GOOD, MINUTE_MS, {"symbol": pa.array([1] * 5)}, "columns"),
    "an interval the desk does not read": (GOOD, 3 * MINUTE_MS, {}, "interval"),
    "one candle only": (GOOD[:1], MINUTE_MS, {}, "single"),
    "no quote asset": ([("ODD", i, 1, 1) for i in range(5)], MINUTE_MS, {}, "quote"),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_a_recording_that_cannot_be_is_refused_with_the_reason(tmp_path: Path, case: str) -> None:
    rows, width, columns, why = BROKEN[case]
    with pytest.raises(BadRecording) as refused:
        await play(source(write(tmp_path / "r.parquet", rows, width, **columns)))
    assert refused.value.why == why
    assert refused.value.path.endswith("r.parquet")


ABSURD: dict[str, dict[str, float]] = {
    "a high of 3.4e38": {"high": 3.4e38},
    "a high far above its neighbours": {"high": 1e9},
    "a low far below its neighbours": {"low": 1e-9},
    "a price of 1e-30": {"open": 1e-30, "high": 1e-30, "low": 1e-30, "close": 1e-30},
    "a lone candle of 1e12": {"open": 1e12, "high": 1e12, "low": 1e12, "close": 1e12},
    "a high below the close": {"high": 99.5},
    "a low above the open": {"low": 101.0},
    "a price of zero": {"low": 0.0},
    "a negative price": {"open": -1.0, "low": -1.0},
    "a price that is no number": {"close": float("nan")},
    "an infinite price": {"high": float("inf")},
    "a negative volume": {"volume": -1.0},
    "a volume of 3.4e38": {"volume": 3.4e38},
    "a volume that is no number": {"volume": float("nan")},
    "a time of 1970": {"open_time": 0},
    "a time beyond 2100": {"open_time": 2**62},
    "a time beside the grid": {"open_time": BEGINS + 30 * MINUTE_MS + 1},
}


@pytest.mark.parametrize("case", ABSURD)
async def test_one_absurd_candle_is_quarantined_and_reported(tmp_path: Path, case: str) -> None:
    rows: list[Row] = [("BTCUSDT", i, 100 + i % 3, 1) for i in range(60)]
    whole = pq.read_table(write(tmp_path / "whole.parquet", rows))
    columns = {name: whole.column(name).to_pylist() for name in whole.column_names}
    for name, figure in ABSURD[case].items():
        columns[name][30] = figure
    pq.write_table(pa.table(columns), tmp_path / "r.parquet")
    reports: list[RecordingReport] = []
    clock = FakeTime()
    replay = ReplaySource(
        tmp_path / "r.parquet", ReplaySettings(history_minutes=0), clock.clock, report=reports.append, sleep=clock.sleep
    )
    ticks = ticks_of(await play(replay))
    assert [minute_of(tick) for tick in ticks] == [minute for minute in range(1, 61) if minute != 31]
    assert all(float(tick.high_24h) < 110 and float(tick.low_24h) > 90 for tick in ticks)
    assert (reports[0].bad_candles, reports[0].offered) == (1, 1)
    assert reports[0].examples[0].startswith("BTCUSDT")


async def test_listing_and_crash_candles_are_no_mistakes(tmp_path: Path) -> None:
    rows: list[Row] = [("BTCUSDT", 0, 12, 1), *[("BTCUSDT", i, 12, 1) for i in range(1, 5)]]
    rows += [("BTCUSDT", i, 0.01, 1) for i in range(5, 10)]
    path = write(tmp_path / "r.parquet", rows)
    table = pq.read_table(path)
    lows = table.column("low").to_pylist()
    lows[0] = 0.01
    pq.write_table(table.set_column(table.column_names.index("low"), "low", pa.array(lows)), path)
    replay = source(path, history_minutes=0)
    assert len(ticks_of(await play(replay))) == 10


async def test_identical_duplicates_are_ignored_and_counted(tmp_path: Path) -> None:
    reports: list[RecordingReport] = []
    clock = FakeTime()
    path = write(tmp_path / "r.parquet", [*GOOD, GOOD[2], GOOD[2]])
    settings = ReplaySettings(history_minutes=0)
    replay = ReplaySource(path, settings, clock.clock, report=reports.append, sleep=clock.sleep)
    assert len(ticks_of(await play(replay))) == 5
    assert reports[0].duplicates == 2


UNITS = {"seconds": 1e-3, "milliseconds": 1, "microseconds": 1000, "nanoseconds": 1_000_000}


@pytest.mark.parametrize("unit", UNITS)
async def test_times_of_any_unit_play_in_their_year(tmp_path: Path, unit: str) -> None:
    times = pa.array([int((BEGINS + i * MINUTE_MS) * UNITS[unit]) for i in range(5)])
    replay = source(write(tmp_path / "r.parquet", GOOD, open_time=times), history_minutes=0)
    assert [minute_of(tick) for tick in ticks_of(await play(replay))] == [1, 2, 3, 4, 5]


async def test_microseconds_after_milliseconds_play_on(tmp_path: Path) -> None:
    times = pa.array([(BEGINS + i * MINUTE_MS) * (1 if i < 3 else 1000) for i in range(5)])
    replay = source(write(tmp_path / "r.parquet", GOOD, open_time=times), history_minutes=0)
    assert [minute_of(tick) for tick in ticks_of(await play(replay))] == [1, 2, 3, 4, 5]


async def test_single_precision_prices_play_as_they_read(tmp_path: Path) -> None:
    small = {name: pa.array([0.00000123] * 5, pa.float32()) for name in ("open", "high", "low", "close")}
    replay = source(write(tmp_path / "r.parquet", GOOD, **small), history_minutes=0)
    assert {tick.price for tick in ticks_of(await play(replay))} == {"0.00000123"}


async def test_symbols_of_other_quote_assets_are_named(tmp_path: Path) -> None:
    reports: list[RecordingReport] = []
    names = ("BTCUSD", "BNBUSD", "DOTUSD", "ETHUSDT")
    path = write(tmp_path / "r.parquet", [(name, i, 100, 1) for name in names for i in range(5)])
    async with ReplaySource(path, ReplaySettings(), FakeTime().clock, report=reports.append) as replay:
        rules = {rule.symbol: (rule.base, rule.quote) for rule in await replay.rules()}
    assert rules == {"BTCUSD": ("BTC", "USD"), "BNBUSD": ("BNB", "USD"), "DOTUSD": ("DOT", "USD")}
    assert (reports[0].quote_asset, reports[0].names) == ("USD", "ETHUSDT")


async def test_the_operator_may_choose_the_quote_asset(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", [(name, i, 1, 1) for name in ("AUSD", "BUSD", "FOOBAR") for i in range(5)])
    async with ReplaySource(path, ReplaySettings(quote_asset="BAR"), FakeTime().clock) as replay:
        assert [(rule.base, rule.quote) for rule in await replay.rules()] == [("FOO", "BAR")]


async def test_a_file_that_is_missing_empty_or_no_parquet_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "whole.parquet", GOOD)
    whole = pq.read_table(tmp_path / "whole.parquet")
    pq.write_table(whole.slice(0, 0), tmp_path / "empty.parquet")
    pq.write_table(whole.drop(["low"]), tmp_path / "columns.parquet")
    (tmp_path / "unreadable.parquet").write_bytes(b"PAR1 not really")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "whole.parquet").read_bytes()[:-40])
    cases = {
        "missing": "missing",
        "empty": "empty",
        "columns": "columns",
        "unreadable": "unreadable",
        "cut": "unreadable",
    }
    for name, why in cases.items():
        with pytest.raises(BadRecording) as refused:
            await play(source(tmp_path / f"{name}.parquet"))
        assert (name, refused.value.why) == (name, why)


def repeated(text: str, rows: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([text]))


@pytest.mark.parametrize("name", ["open_time", "close", "trades"])
async def test_a_long_text_that_every_row_names_fills_no_memory(tmp_path: Path, name: str) -> None:
    rows = 20_000
    table = pq.read_table(write(tmp_path / "r.parquet", [("BTCUSDT", i, 100, 1) for i in range(rows)]))
    table = table.drop([name]) if name in table.column_names else table
    table = table.append_column(name, repeated("1" * 10_000, rows))
    pq.write_table(table, tmp_path / "r.parquet", store_schema=False)
    kept = pa.default_memory_pool().max_memory()
    with pytest.raises(BadRecording) as refused:
        await play(source(tmp_path / "r.parquet"))
    assert (refused.value.why, refused.value.what) == ("columns", name)
    assert pa.default_memory_pool().max_memory() - kept < 20_000 * 1000, "it took 200 MB"


@pytest.mark.parametrize("kind", ["list", "binary"])
async def test_a_column_whose_values_have_any_size_is_refused_unread(tmp_path: Path, kind: str) -> None:
    odd = {"list": pa.array([[1.0]] * 5), "binary": pa.array([b"1" * 100] * 5, pa.binary(100))}
    with pytest.raises(BadRecording) as refused:
        await play(source(write(tmp_path / "r.parquet", GOOD, close=odd[kind])))
    assert (refused.value.why, refused.value.what) == ("columns", "close")


async def test_figures_and_times_may_be_texts(tmp_path: Path) -> None:
    times = pa.array([str(BEGINS + i * MINUTE_MS) for i in range(5)])
    closes = pa.array(["100", "100.5", None, "99.5", "100"])
    replay = source(write(tmp_path / "r.parquet", GOOD, open_time=times, close=closes), history_minutes=0)
    assert [tick.price for tick in ticks_of(await play(replay))] == ["100", "100.5", "99.5", "100"]
