"""Recorded candles played again: what is known, when, and what is refused."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import BadRecording, BadReplayStart
from pipeline.market import DAY_MS, MINUTE_MS, Frame, Interval, SourceKind, Symbol, Tick
from pipeline.replay.candle_source import ReplaySource
from pipeline.replay.recording_report import RecordingReport
from pipeline.settings import ReplaySettings

BEGINS = 18_720 * DAY_MS  # 2021-04-03
BTC, ETH = Symbol("BTCUSDT"), Symbol("ETHUSDT")
WALL = 1_800_000_000_000

Row = tuple[str, int, float, float]  # symbol, minute, close, volume


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = WALL

    def clock(self) -> int:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += max(round(seconds * 1000), 1)
        await asyncio.sleep(0)


def write(path: Path, rows: Sequence[Row], width: int = MINUTE_MS, **columns: pa.Array) -> Path:
    symbols, minutes, closes, volumes = (list(side) for side in zip(*rows, strict=True))
    prices = np.array(closes, float)
    table = {
        "symbol": pa.array(symbols, pa.string()),
        "open_time": pa.array([BEGINS + minute * width for minute in minutes], pa.int64()),
        "open": prices,
        "high": prices * 1.01,
        "low": prices * 0.99,
        "close": prices,
        "volume": np.array(volumes, float),
    }
    pq.write_table(pa.table(table | columns), path)
    return path


def at(minute: float) -> str:
    return f"2021-04-03T{int(minute) // 60:02d}:{int(minute) % 60:02d}:{round(minute % 1 * 60):02d}"


def source(path: Path, start: str = "", speed: float = 1.0, clock: FakeTime | None = None, **more: int) -> ReplaySource:
    clock = clock or FakeTime()
    settings = ReplaySettings(start=start, speed=speed, **more)
    return ReplaySource(path, settings, clock.clock, sleep=clock.sleep)


async def play(replay: ReplaySource) -> list[Frame]:
    async with replay:
        return [frame async for frame in replay.frames()]


def ticks_of(frames: Sequence[Frame], symbol: Symbol = BTC) -> list[Tick]:
    return [tick for frame in frames for tick in frame.ticks if tick.symbol == symbol]


def minute_of(tick: Tick) -> int:
    return (tick.time - BEGINS) // MINUTE_MS


# -- what is known, and when -------------------------------------------------------------------


async def test_a_candle_is_known_at_its_close_and_its_close_is_the_price(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", [("BTCUSDT", i, 58_000.12 + i, 1.5 + i) for i in range(5)])
    frames = await play(source(path, at(2)))
    assert [(minute_of(tick), tick.price, tick.bid_size) for tick in ticks_of(frames)] == [
        (2, "58001.12", "2.5"),
        (3, "58002.12", "3.5"),
        (4, "58003.12", "4.5"),
        (5, "58004.12", "5.5"),
    ]
    tick = ticks_of(frames)[0]
    assert (tick.bid, tick.ask, tick.ask_size) == (tick.price, tick.price, tick.bid_size)


async def test_the_first_frame_is_at_the_start_and_holds_only_what_was_known_then(tmp_path: Path) -> None:
    rows: list[Row] = [("BTCUSDT", i, 100 + i, 1) for i in range(9)]
    path = write(tmp_path / "r.parquet", [*rows, ("ETHUSDT", 6, 7, 1), ("ETHUSDT", 7, 8, 1)])
    frames = await play(source(path, at(3.5)))
    assert frames[0].time == BEGINS + 210_000
    assert [(tick.symbol, minute_of(tick), tick.price) for tick in frames[0].ticks] == [(BTC, 3, "102")]
    assert minute_of(ticks_of(frames, ETH)[0]) == 7
    assert [minute_of(tick) for tick in ticks_of(frames)] == [3, 4, 5, 6, 7, 8, 9]


async def test_a_frame_comes_when_its_candle_closes_on_the_recordings_clock(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", [("BTCUSDT", i, 100, 1) for i in range(6)])
    clock = FakeTime()
    async with source(path, at(2), speed=60, clock=clock) as replay:
        async for frame in replay.frames():
            assert frame.time <= replay.info().source_ms < frame.time + 2000
    assert WALL + 4000 <= clock.now <= WALL + 4100  # four minutes at sixty times the speed


async def test_no_candle_of_the_future_can_be_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", [("BTCUSDT", i, 100 + i, 1) for i in range(30)])
    clock = FakeTime()
    async with source(path, at(7), clock=clock) as replay:

        async def known(interval: Interval) -> list[int]:
            candles = await replay.candles(BTC, interval, 0, BEGINS + DAY_MS)
            return [(candle.open_time - BEGINS) // MINUTE_MS for candle in candles]

        assert await known(Interval.M1) == [0, 1, 2, 3, 4, 5, 6]
        assert await known(Interval.M5) == [0]
        clock.now += 3 * MINUTE_MS - 1
        assert (await known(Interval.M1))[-1] == 8
        clock.now += 1
        assert (await known(Interval.M1))[-1] == 9
        assert await known(Interval.M5) == [0, 5]
        assert len(await replay.candles(BTC, Interval.M1, BEGINS + 60_001, BEGINS + 180_000)) == 1
        assert await replay.candles(Symbol("NONEUSDT"), Interval.M1, 0, BEGINS + DAY_MS) == []
        assert await replay.order_book(BTC) is None


async def test_at_most_a_thousand_candles_the_oldest_first(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", [("BTCUSDT", i, 100, 1) for i in range(1300)])
    async with source(path, at(1200)) as replay:
        candles = await replay.candles(BTC, Interval.M1, 0, BEGINS + DAY_MS)
        assert (len(candles), candles[0].open_time) == (1000, BEGINS)


async def test_closed_minutes_travel_with_their_frame_wider_candles_do_not(tmp_path: Path) -> None:
    rows: list[Row] = [("BTCUSDT", i, 100 + i, 1) for i in range(5)]
    frames = await play(source(write(tmp_path / "m.parquet", rows), at(2)))
    assert [[c.close for c in frame.candles] for frame in frames] == [[], [102], [103], [104]]
    hours = await play(source(write(tmp_path / "h.parquet", rows, width=3_600_000), at(120)))
    assert [frame.candles for frame in hours] == [()] * 4
    assert [(tick.time - BEGINS) // 3_600_000 for tick in ticks_of(hours)] == [2, 3, 4, 5]


# -- silence and dead markets ------------------------------------------------------------------


async def test_a_candle_without_trades_confirms_the_price_and_keeps_the_last_size(tmp_path: Path) -> None:
    path = write(
        tmp_path / "r.parquet",
        [("BTCUSDT", 0, 10, 4), ("BTCUSDT", 1, 11, 7), *[("BTCUSDT", i, 11, 0) for i in range(2, 5)]],
    )
    ticks = ticks_of(await play(source(path, at(1))))
    assert [(tick.price, tick.bid_size) for tick in ticks] == [
        ("10", "4"),
        ("11", "7"),
        ("11", "7"),
        ("11", "7"),
        ("11", "7"),
    ]


async def test_a_missing_candle_confirms_nothing_so_the_price_goes_stale(tmp_path: Path) -> None:
    here = [i for i in range(12) if not 4 <= i < 9]
    rows: list[Row] = [("BTCUSDT", i, 100, 1) for i in here]
    path = write(tmp_path / "r.parquet", [*rows, *[("ETHUSDT", i, 5, 1) for i in range(12)]])
    replay = source(path, at(1))
    frames = await play(replay)
    assert [minute_of(tick) for tick in ticks_of(frames)] == [1, 2, 3, 4, 10, 11, 12]
    assert [minute_of(tick) for tick in ticks_of(frames, ETH)] == list(range(1, 13))
    assert MINUTE_MS < replay.info().stale_after_ms < 5 * MINUTE_MS


async def test_a_market_without_trades_for_more_than_sixty_candles_is_dead(tmp_path: Path) -> None:
    rows: list[Row] = [("BTCUSDT", i, 100, 1 if i < 2 or i == 90 else 0) for i in range(100)]
    path = write(tmp_path / "r.parquet", rows)
    streamed = [minute_of(tick) for tick in ticks_of(await play(source(path, at(1))))]
    assert streamed == [*range(1, 63), *range(91, 101)]
    opening = ticks_of((await play(source(path, at(80))))[:1])[0]
    assert (minute_of(opening), opening.bid_size) == (62, "1")


async def test_a_market_that_never_traded_is_confirmed_once_and_shows_no_size(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", [("BTCUSDT", i, 100, 0) for i in range(100)])
    for start in (at(1), at(50)):
        (tick,) = ticks_of(await play(source(path, start)))
        assert (minute_of(tick), tick.price, tick.bid_size, tick.ask_size) == (1, "100", "", "")


# -- the rolling day ---------------------------------------------------------------------------


@pytest.mark.parametrize("start", [1445, 2000, 2880, 3000])
async def test_the_rolling_day_is_that_of_the_candles_there_are(tmp_path: Path, start: int) -> None:
    rng = np.random.default_rng(5)
    minutes = [i for i in range(4500) if rng.random() < 0.9 and not 1800 <= i < 1900]
    closes = 100 * np.exp(np.cumsum(rng.standard_normal(len(minutes)) * 0.01))
    rows: list[Row] = [("BTCUSDT", m, float(c), 1 + m % 7) for m, c in zip(minutes, closes, strict=True)]
    path = write(tmp_path / "r.parquet", rows)
    start_text = f"2021-04-0{3 + start // 1440}T{start % 1440 // 60:02d}:{start % 60:02d}"
    ticks = ticks_of(await play(source(path, start_text, speed=100_000)))
    assert [minute_of(tick) for tick in ticks[1:]] == [minute + 1 for minute in minutes if minute >= start]
    for tick in [ticks[0], *ticks[1::97], ticks[-1]]:
        inside = [row for row in rows if tick.time - DAY_MS <= BEGINS + row[1] * MINUTE_MS < tick.time]
        assert float(tick.open_24h) == inside[0][2]
        assert float(tick.high_24h) == max(row[2] for row in inside) * 1.01
        assert float(tick.low_24h) == min(row[2] for row in inside) * 0.99
        assert float(tick.volume_24h) == pytest.approx(sum(row[2] * row[3] for row in inside), abs=1e-3)


async def test_the_rolling_day_of_a_new_listing_begins_with_its_first_candle(tmp_path: Path) -> None:
    listed: list[Row] = [("NEWUSDT", i, 10 + i, 1) for i in range(1500, 1520)]
    path = write(tmp_path / "r.parquet", [*[("BTCUSDT", i, 100, 1) for i in range(1520)], *listed])
    ticks = ticks_of(await play(source(path, "2021-04-04T00:50")), Symbol("NEWUSDT"))
    assert [(tick.open_24h, tick.price) for tick in ticks] == [("1510", str(10 + i)) for i in range(1500, 1520)]


async def test_turnover_is_the_recordings_own_where_it_says_so(tmp_path: Path) -> None:
    rows: list[Row] = [("BTCUSDT", i, 100, 1) for i in range(4)]
    more = {"quote_volume": np.array([5.0, 6.0, 7.0, 8.0]), "trades": np.array([1, 2, 3, 4])}
    frames = await play(source(write(tmp_path / "r.parquet", rows, **more), at(2)))
    assert [tick.volume_24h for tick in ticks_of(frames)] == ["11.0000", "18.0000", "26.0000"]
    assert [(c.quote_volume, c.trades) for frame in frames for c in frame.candles] == [(7.0, 3), (8.0, 4)]


# -- the clock ---------------------------------------------------------------------------------


async def test_it_says_that_it_is_a_replay_of_which_day(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", [("BTCUSDT", i, 100, 1) for i in range(2000)])
    clock = FakeTime()
    async with source(path, at(1439), speed=60, clock=clock) as replay:
        info = replay.info()
        assert (info.source, info.label, info.quote_asset) == (SourceKind.REPLAY, "REPLAY 2021-04-03", "USDT")
        assert (info.cadence_ms, info.speed) == (MINUTE_MS, 60)
        assert info.market == "replay:r.parquet"
        clock.now += 1000
        assert replay.info().label == "REPLAY 2021-04-04"
        assert info.now(clock.now) == replay.info().source_ms == BEGINS + DAY_MS


async def test_without_a_start_it_begins_once_history_has_passed_but_leaves_half_to_play(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", [("BTCUSDT", i, 100, 1) for i in range(100)])
    for history, begun in ((30, 30), (0, 0), (1500, 50)):
        async with source(path, history_minutes=history) as replay:
            assert replay.info().source_ms == BEGINS + begun * MINUTE_MS


async def test_after_the_last_candle_the_frames_end_and_the_clock_goes_on(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", [("BTCUSDT", i, 100, 1) for i in range(3)])
    clock = FakeTime()
    async with source(path, at(1), clock=clock) as replay:
        assert len([frame async for frame in replay.frames()]) == 3
        clock.now += DAY_MS
        assert replay.info().source_ms > BEGINS + DAY_MS


async def test_at_high_speed_frames_hold_many_closes_and_lose_none(tmp_path: Path) -> None:
    names = [f"A{i:02d}USDT" for i in range(50)]
    path = write(tmp_path / "r.parquet", [(name, i, 100 + i, 1) for name in names for i in range(1600)])
    frames = await play(source(path, at(10), speed=100_000))
    assert len(frames) < 100
    assert max(len(frame.ticks) for frame in frames) <= 2000
    for name in names:
        assert [minute_of(tick) for tick in ticks_of(frames, Symbol(name))] == list(range(10, 1601))
    assert all(frame.time == max(tick.time for tick in frame.ticks) for frame in frames)


# -- which symbols, which files ----------------------------------------------------------------


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
    "one candle only": (GOOD[:1], MINUTE_MS, {}, "interval"),
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


# -- real recordings ---------------------------------------------------------------------------


async def test_a_real_recordings_closes_come_out_exactly(shared_dir: Path) -> None:
    path = shared_dir / "data" / "klines_1m_spot_250sym_20221108_20221109.parquet"
    table = pq.read_table(path, columns=["symbol", "open_time", "close"])
    closes = {
        (symbol, time + MINUTE_MS): close
        for symbol, time, close in zip(*(table.column(i).to_pylist() for i in range(3)), strict=True)
    }
    frames = await play(source(path, "2022-11-09T14:30", speed=1000))
    ticks = [tick for frame in frames[1:] for tick in frame.ticks]
    assert len(ticks) > 39 * 200
    assert all(float(tick.price) == closes[tick.symbol, tick.time] for tick in ticks)
    assert all("e" not in tick.price for tick in ticks)


async def test_a_dead_contract_of_a_real_recording_is_never_confirmed(shared_dir: Path) -> None:
    path = shared_dir / "data" / "klines_1h_68sym_20251001_20251231.parquet"
    replay = source(path, speed=100_000)
    frames = await play(replay)
    (tick,) = ticks_of(frames, Symbol("FTTUSDT"))
    assert tick.time == 1_759_276_800_000 + 3_600_000
    assert len(ticks_of(frames, BTC)) > 2000
