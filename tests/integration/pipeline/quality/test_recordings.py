"""Real markets at their wildest pass: the flash crash of 2021-04-18, listings, the days of FTX."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from pipeline.candles import CandleColumns
from pipeline.market import DAY_MS, MINUTE_MS, Candle, Frame, Symbol, Tick
from pipeline.quality.inspector import Inspector
from pipeline.quality.reasons import Reason
from pipeline.replay.parquet_candles import CandleFile, read_candle_file
from pipeline.replay.path_trades import plain_text
from pipeline.replay.recorded_day import recorded_day

APRIL = "klines_1m_spot_64sym_20210402_20210420.parquet"
NOVEMBER = "klines_1m_spot_250sym_20221108_20221109.parquet"


async def read(shared_dir: Path, name: str) -> CandleFile:
    return await read_candle_file(shared_dir / "data" / name, lambda _: None)


def clock(minute: str) -> int:
    return int(np.datetime64(minute, "ms").astype(np.int64))


def replayed(file: CandleFile, start: int, end: int) -> Iterator[Frame]:
    """The frames of a replay from the close `start` to the close `end`, a minute each."""
    day = None
    for close in range(start, end + 1, MINUTE_MS):
        number = (close - MINUTE_MS) // DAY_MS
        day = day if day is not None and day.number == number else recorded_day(file, number)
        yield day.frame(close, close)


def seconds(symbol: Symbol, minutes: CandleColumns) -> Iterator[Tick]:
    """Sixty quotes a minute along open, low, high, close (or high before low where it rose), a book around each."""
    for candle in minutes.candles(symbol):
        legs = (candle.open, candle.low, candle.high, candle.close)
        if candle.close < candle.open:
            legs = (candle.open, candle.high, candle.low, candle.close)
        path = np.interp(np.arange(60), (0, 20, 40, 59), legs)
        for second, price in enumerate(path.tolist()):
            texts = (plain_text(float(f"{value:.10g}")) for value in (price, price * 0.9995, price * 1.0005))
            last, bid, ask = texts
            yield Tick(symbol, candle.open_time + 1000 * second, last, bid, str(second + 1), ask, "2")


def untouched(inspector: Inspector, frame: Frame) -> bool:
    """Whether quotes and candles pass whole. Of the trades along a first candle, those far from its close may not."""
    passed = inspector.inspect(frame, frame.time)
    return (passed.ticks, passed.candles) == (frame.ticks, frame.candles)


async def test_every_candle_of_a_morning_of_ftx_passes_as_recorded(shared_dir: Path) -> None:
    file = await read(shared_dir, NOVEMBER)
    inspector = Inspector(MINUTE_MS)
    inspector.set_symbols(file.symbols)
    candles = 0
    for frame in replayed(file, clock("2022-11-09T07:50"), clock("2022-11-09T09:30")):
        assert untouched(inspector, frame)
        candles += len(frame.candles)
    assert candles == 101 * 249 + 90, "and VIDTUSDT from its first minute"
    assert inspector.counts.total == {Reason.TRADE_SPIKE: 1, Reason.REFUTED: 1}, "its first candle fell by a quarter"


@pytest.mark.parametrize(
    ("start", "end"), [("2021-04-18T03:20", "2021-04-18T04:20"), ("2021-04-07T12:50", "2021-04-07T13:50")]
)
async def test_a_crash_and_a_listing_pass_untouched_in_a_replay(shared_dir: Path, start: str, end: str) -> None:
    file = await read(shared_dir, APRIL)
    inspector = Inspector(MINUTE_MS)
    inspector.set_symbols(file.symbols)
    frames = list(replayed(file, clock(start), clock(end)))
    for frame in frames:
        assert untouched(inspector, frame)
    closes = {(c.symbol, c.open_time): c.close for frame in frames for c in frame.candles}
    if start.startswith("2021-04-18"):
        jump = closes["BTGUSDT", clock("2021-04-18T03:46")] / closes["BTGUSDT", clock("2021-04-18T03:45")]
        assert jump > 1.25, "it did rise by a quarter in that minute"
    else:
        first = next(c for frame in frames for c in frame.candles if c.symbol == "TKOUSDT")
        assert first.high / first.low == pytest.approx(100)


@pytest.mark.parametrize(
    ("symbol", "start", "end"),
    [
        ("BTGUSDT", "2021-04-18T03:00", "2021-04-18T04:30"),
        ("RSRUSDT", "2021-04-18T03:00", "2021-04-18T04:30"),
        ("TKOUSDT", "2021-04-07T13:00", "2021-04-07T14:00"),
        ("EPSUSDT", "2021-04-02T09:00", "2021-04-02T10:00"),
    ],
)
async def test_a_market_that_runs_is_never_held_for_longer_than_seconds(
    shared_dir: Path, symbol: Symbol, start: str, end: str
) -> None:
    file = await read(shared_dir, APRIL)
    inspector = Inspector()
    waits, waited = [], 0
    for tick in seconds(symbol, file.of(symbol).between(clock(start), clock(end))):
        passed = inspector.inspect(Frame(tick.time, (tick,)), tick.time)
        waited = 0 if passed.ticks else waited + 1
        waits.append(waited)
    assert max(waits) <= 3
    assert sum(waited > 0 for waited in waits) < len(waits) / 50


@pytest.mark.parametrize("times", [1.6, 10.0, 0.1])
async def test_a_false_price_in_the_crash_is_caught_all_the_same(shared_dir: Path, times: float) -> None:
    file = await read(shared_dir, APRIL)
    symbol, inspector, bad = Symbol("BTCUSDT"), Inspector(), []
    minutes = file.of(symbol).between(clock("2021-04-18T03:00"), clock("2021-04-18T04:00"))
    for number, tick in enumerate(seconds(symbol, minutes)):
        said = tick
        if number % 100 == 99:
            said = msgspec.structs.replace(tick, price=f"{float(tick.price) * times:.8f}")
            bad.append(said)
        passed = inspector.inspect(Frame(tick.time, (said,)), tick.time).ticks
        assert bool(passed) is (said is tick)
    assert [entry.price for entry in inspector.counts.kept] == [tick.price for tick in bad]
    assert {entry.outcome for entry in inspector.counts.kept} <= {"refuted", "waiting"}


async def test_a_false_candle_is_kept_out_between_its_neighbours(shared_dir: Path) -> None:
    file = await read(shared_dir, APRIL)
    candles = file.of(Symbol("BTCUSDT")).between(clock("2021-04-18T03:00"), clock("2021-04-18T04:00"))
    inspector, passed = Inspector(), list[Candle]()
    for number, candle in enumerate(candles.candles(Symbol("BTCUSDT"))):
        said = candle
        if number == 30:
            said = msgspec.structs.replace(candle, high=candle.high * 10, close=candle.close * 10)
        now = candle.open_time + MINUTE_MS
        passed += inspector.inspect(Frame(now, (), (said,)), now).candles
    assert [candle.open_time for candle in passed] == np.delete(candles.open_time, 30).tolist()
