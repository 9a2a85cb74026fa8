"""Recorded candles played again: prices, volumes and silence as they were known at each minute."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import BadRecording
from pipeline.market import DAY_MS, MINUTE_MS, Interval, SourceKind, Symbol
from tests.integration.pipeline.replay.recordings import (
    BEGINS,
    BTC,
    ETH,
    WALL,
    FakeTime,
    Row,
    at,
    minute_of,
    play,
    source,
    ticks_of,
    write,
)

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


async def test_trades_along_the_path_of_each_candle_come_with_its_close(tmp_path: Path) -> None:
    rows: list[Row] = [("BTCUSDT", 0, 100, 1), ("BTCUSDT", 1, 200, 4), ("BTCUSDT", 2, 200, 0), ("ETHUSDT", 1, 50, 8)]
    frames = await play(source(write(tmp_path / "r.parquet", rows), at(1)))
    assert frames[0].trades == ()
    trades = [(trade.symbol, trade.time - BEGINS, trade.price, trade.quantity) for trade in frames[1].trades]
    assert trades == [
        (BTC, MINUTE_MS, "200", "1"),
        (BTC, MINUTE_MS + 20_000, "198", "1"),
        (BTC, MINUTE_MS + 40_000, "202", "1"),
        (BTC, 2 * MINUTE_MS - 1, "200", "1"),
        (ETH, MINUTE_MS, "50", "2"),
        (ETH, MINUTE_MS + 20_000, "49.5", "2"),
        (ETH, MINUTE_MS + 40_000, "50.5", "2"),
        (ETH, 2 * MINUTE_MS - 1, "50", "2"),
    ]
    assert frames[2].trades == ()


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


async def test_the_takers_part_of_a_recording_is_played(tmp_path: Path) -> None:
    rows: list[Row] = [("BTCUSDT", minute, 100.0, 2.0) for minute in range(4)]
    path = write(
        tmp_path / "r.parquet", rows, taker_base=pa.array([0.5, None, 2.5, 2.0]), trades=pa.array([7, 8, 9, 1])
    )
    frames = await play(source(path, at(0), speed=1000))
    candles = [candle for frame in frames for candle in frame.candles]
    assert [(each.taker_volume, each.trades) for each in candles] == [(0.5, 7), (None, 8), (None, 9), (2.0, 1)]
    other = write(tmp_path / "o.parquet", [*rows, rows[0]], taker_base=pa.array([0.5, None, 2.5, 2.0, 0.75]))
    with pytest.raises(BadRecording, match="duplicates"):
        await play(source(other, at(0)))


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
