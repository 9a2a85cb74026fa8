"""The simulator as a source: frames, clock, candles at the minute."""

import asyncio
from collections.abc import AsyncIterator

from pipeline.market import DAY_MS, MINUTE_MS, Frame, Interval, SourceKind, Symbol
from pipeline.settings import SimulatorSettings
from pipeline.simulator import SimulatorSource

NOON = 20_500 * DAY_MS + DAY_MS // 2
BTC = Symbol("BTCUSDC")
FEW = SimulatorSettings(symbols=40)


class FakeTime:
    """A clock that only sleeping moves; `late` is added to every sleep, in milliseconds."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.late = 0

    def clock(self) -> int:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += round(seconds * 1000) + self.late
        await asyncio.sleep(0)


def source(time: FakeTime, cadence_ms: int = 1000) -> SimulatorSource:
    return SimulatorSource(FEW, "USDC", time.clock, cadence_ms=cadence_ms, why="asked for", sleep=time.sleep)


async def first(frames: AsyncIterator[Frame], count: int) -> list[Frame]:
    return [await anext(frames) for _ in range(count)]


async def test_it_says_loudly_that_it_is_a_simulation() -> None:
    async with source(FakeTime(NOON)) as market:
        info = market.info()
    assert (info.source, info.label, info.why) == (SourceKind.SIMULATOR, "SIMULATION", "asked for")
    assert info.now(NOON + 5000) == NOON + 5000
    assert info.stale_after_ms > info.cadence_ms


def test_markets_of_different_seeds_are_told_apart() -> None:
    names = {SimulatorSource(SimulatorSettings(seed=seed), "USDC", lambda: NOON).info().market for seed in (1, 2)}
    assert len(names) == 2


async def test_the_first_frame_comes_at_once_and_every_frame_confirms_every_trading_symbol() -> None:
    time = FakeTime(NOON + 250)
    async with source(time) as market:
        frames = market.frames()
        begun = await anext(frames)
        assert time.now == NOON + 250
        assert begun.time == NOON
        trading = {rules.symbol for rules in await market.rules() if rules.status == "TRADING"}
        assert len(trading) == 39
        for frame in (begun, *await first(frames, 3)):
            assert {tick.symbol for tick in frame.ticks} == trading
            assert {tick.time for tick in frame.ticks} == {frame.time}
        assert frame.time == NOON + 3000


async def test_candles_come_once_when_their_minute_is_over() -> None:
    time = FakeTime(NOON + 58_000)
    async with source(time) as market:
        by_time = {frame.time: frame.candles for frame in await first(market.frames(), 64)}
        closed = {at for at, candles in by_time.items() if candles}
        assert closed == {NOON + MINUTE_MS, NOON + 2 * MINUTE_MS}
        assert {candle.open_time for candle in by_time[NOON + MINUTE_MS]} == {NOON}
        assert len(by_time[NOON + MINUTE_MS]) == 39


async def test_a_late_frame_skips_ticks_but_no_candle() -> None:
    time = FakeTime(NOON)
    async with source(time) as market:
        frames = market.frames()
        await anext(frames)
        time.now += 3 * MINUTE_MS + 500
        frame = await anext(frames)
        assert frame.time == NOON + 3 * MINUTE_MS
        assert [c.open_time for c in frame.candles if c.symbol == BTC] == [NOON + i * MINUTE_MS for i in range(3)]
        assert (await anext(frames)).candles == ()


async def test_it_streams_through_midnight_without_a_jump() -> None:
    midnight = NOON + DAY_MS // 2
    time = FakeTime(midnight - 3000)
    async with source(time) as market:
        frames = await first(market.frames(), 6)
        assert [frame.time - midnight for frame in frames] == [-3000, -2000, -1000, 0, 1000, 2000]
        prices = [float(frame.ticks[0].price) for frame in frames]
        assert max(prices) / min(prices) < 1.01
        assert {candle.open_time for candle in frames[3].candles} == {midnight - MINUTE_MS}
        assert await market.candles(BTC, Interval.M1, midnight - MINUTE_MS, midnight) == [frames[3].candles[0]]


async def test_a_slower_cadence_gives_the_same_prices_less_often() -> None:
    async with source(FakeTime(NOON)) as fast, source(FakeTime(NOON), cadence_ms=5000) as slow:
        every = {frame.time: frame.ticks for frame in await first(fast.frames(), 11)}
        for frame in await first(slow.frames(), 3):
            assert every[frame.time] == frame.ticks


async def test_the_book_is_that_of_the_last_tick() -> None:
    async with source(FakeTime(NOON + 700)) as market:
        book = await market.order_book(Symbol("币安人生USDC"))
        tick = next(t for t in (await anext(market.frames())).ticks if t.symbol == "币安人生USDC")
        assert (str(book.bids[0].price), str(book.asks[0].price)) == (tick.bid, tick.ask)
        assert (await market.order_book(Symbol("FTTUSDC"))).bids == ()


async def test_closing_ends_the_work_for_the_day_to_come() -> None:
    async with source(FakeTime(NOON + DAY_MS // 2 - 2000)) as market:
        await anext(market.frames())
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
