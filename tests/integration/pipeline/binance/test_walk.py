"""One life of the source beside a fake Binance that plays what was recorded and misbehaves in every way it can."""

import asyncio
import json
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.binance.backoff import Backoff
from pipeline.binance.source import BinanceSource, SourcePace
from pipeline.market import MINUTE_MS, Candle, Frame, Symbol, Tick
from pipeline.settings import BinanceSettings
from tests.fakes.binance import FakeBinance
from tests.fakes.binance_recorded import RecordedMarket
from tests.patience import PATIENCE_SECONDS

SPEED = 4
"""Recorded seconds a second."""

WHOLE_MINUTE = 1_617_647_640_000
"""The one that was recorded from its beginning to its end, in the first pass."""

SLACK_MS = 3_000
"""By how much, on the exchange's clock, a price may be older than its tick says: half a second of ours and more."""

NEW, HALTED, OTHER = Symbol("AXSBNB"), Symbol("DENTUSDT"), Symbol("BTCAUD")
FOLLOWED = {"ZILUSDT", "MANAUSDT", "DENTUSDT", "BTCSTUSDT", "QTUMETH", "RENBTCETH", "ETHBRL", "AXSBNB", "NEOUSDC"}
PACE = SourcePace(
    fallback_seconds=0.5,
    day_seconds=3.0,
    rules_seconds=0.4,
    hint_seconds=0.2,
    sweep_seconds=0.1,
    lifetime_seconds=5.0,
    stream_backoff=Backoff(first_seconds=0.05, cap_seconds=0.2),
    rest_backoff=Backoff(first_seconds=0.01, cap_seconds=0.05, attempts=2),
)


class Walk:
    """The fake, the source and all that the source said, each frame with when it was read."""

    def __init__(self, folder: Path) -> None:
        self.market = RecordedMarket(folder, unlisted=[NEW])
        self.skew_ms = 0
        self._began = time.monotonic()
        self.fake = FakeBinance(clock=self.clock, tick_seconds=0.05, market=self.market, life_seconds=60.0)
        self.frames: list[tuple[int, Frame]] = []
        self.halts: list[tuple[int, int]] = []

    def clock(self) -> int:
        """The exchange's."""
        return self.market.first + int((time.monotonic() - self._began) * 1000 * SPEED)

    def open(self) -> BinanceSource:
        settings = BinanceSettings(
            rest_url=self.fake.rest_url,
            ws_url=self.fake.ws_url,
            quote_assets="USDT,ETH,BNB,BRL",
            refresh_seconds=0.1,
            stall_seconds=1,
            trades=True,
        )
        self.source = BinanceSource(
            settings,
            "USDC",
            lambda: self.clock() + self.skew_ms,
            random.Random(1),  # noqa: S311 jitter
            PACE,
            steady=self.clock,
        )
        return self.source

    async def read(self) -> None:
        async for frame in self.source.frames():
            self.frames.append((self.clock(), frame))

    def ticks(self, symbol: str, since: int = 0) -> list[Tick]:
        return [tick for _, frame in self.frames for tick in frame.ticks if tick.symbol == symbol and tick.time > since]

    def candles(self) -> dict[str, list[Candle]]:
        found: dict[str, list[Candle]] = defaultdict(list)
        for _, frame in self.frames:
            for candle in frame.candles:
                found[candle.symbol].append(candle)
        return found

    async def priced(self, via: str, symbol: str = "ZILUSDT") -> None:
        """Returns once the symbol is priced by this way from now on."""
        since = self.clock()
        await until(lambda: any(tick.via == via for tick in self.ticks(symbol, since)))


async def until(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 the fake and the source have no event for this
            await asyncio.sleep(0.01)


# -- what goes wrong -------------------------------------------------------------------------------


async def nonsense_on_the_wire(walk: Walk) -> None:
    now = walk.clock()
    mini = {"e": "24hrMiniTicker", "E": now, "s": "ZILUSDT", "c": "9", "o": "1", "h": "9", "l": "1", "v": "1", "q": "1"}
    book = {"u": 1 << 60, "s": "ZILUSDT", "b": "9.0", "B": "1.0", "a": "9.1", "A": "1.0"}
    broken: list[object] = [
        [mini | {"c": "NaN"}],
        [mini | {"c": "0.00000000"}],
        [mini | {"E": now + 3_600_000}],
        [mini | {"s": "<b>"}],
        book | {"b": "9.2"},
        book | {"B": "-1"},
        {"e": "moonPhase", "E": now, "s": "ZILUSDT"},
        {"e": "24hrMiniTicker", "E": now, "s": "ZILUSDT"},
    ]
    before = sum(walk.source.health().dropped.values())
    frames = [json.dumps({"stream": "x", "data": data}).encode() for data in broken]
    recorded = json.dumps({"stream": "zilusdt@bookTicker", "data": book}).encode()
    frames += [recorded[:cut] for cut in range(1, len(recorded), 9)]
    walk.market.odd = True
    await walk.fake.inject(*frames)
    await until(lambda: sum(walk.source.health().dropped.values()) >= before + len(frames))
    await walk.priced("")
    walk.market.odd = False
    reasons = {"malformed", "not a decimal", "zero price", "future time", "symbol", "crossed book", "unknown event"}
    assert reasons <= walk.source.health().dropped.keys()


async def a_disconnect(walk: Walk) -> None:
    opened = walk.fake.opened
    await walk.fake.disconnect()
    await until(lambda: walk.fake.opened > opened)
    await walk.priced("")


async def no_streams_for_a_while(walk: Walk) -> None:
    walk.fake.refuse_streams = True
    await walk.fake.disconnect()
    for symbol in FOLLOWED - {NEW}:
        await walk.priced("rest", symbol)
    await asyncio.sleep(1.5)
    walk.fake.refuse_streams = False
    await walk.priced("")


async def a_silent_stall(walk: Walk) -> None:
    opened, walk.fake.stalled = walk.fake.opened, True
    await until(lambda: walk.fake.opened > opened + 1)
    await walk.priced("rest")
    walk.fake.fail(503, times=10_000)
    silent = walk.clock() + SLACK_MS
    await asyncio.sleep(1.5)
    assert max(tick.time for symbol in FOLLOWED for tick in walk.ticks(symbol)) < silent
    walk.fake.stalled = False
    walk.fake.recover()
    await walk.priced("")


async def a_shutdown(walk: Walk) -> None:
    opened = walk.fake.opened
    await walk.fake.announce_shutdown()
    most = 0
    while walk.fake.opened == opened or walk.fake.connected > 1:
        most = max(most, walk.fake.connected)
        assert walk.fake.connected >= 1
        await asyncio.sleep(0)
    assert most == 2
    await walk.priced("")


async def bans(walk: Walk) -> None:
    """Without streams, when there is most to ask for."""
    walk.fake.refuse_streams = True
    await walk.fake.disconnect()
    await walk.priced("rest")
    for status, seconds in ((429, 1), (418, 2)):
        walk.fake.ban(status, seconds)
        await until(lambda: not walk.fake.banning)
        await walk.priced("rest")
    walk.fake.fail(502, times=3)
    await walk.priced("rest")
    walk.fake.refuse_streams = False
    await walk.priced("")


async def a_listing(walk: Walk) -> None:
    walk.fake.list_symbol(NEW)
    await walk.priced("", NEW)


async def a_halt(walk: Walk) -> None:
    walk.fake.halt(HALTED)
    await until(lambda: walk.source._listing.rules[HALTED].status == "HALT")
    halted = walk.clock()
    await asyncio.sleep(1)
    assert walk.ticks(HALTED, halted) == []
    assert {rules.symbol: rules.status for rules in await walk.source.rules()}[HALTED] == "HALT"
    await walk.priced("")
    walk.fake.list_symbol(HALTED)
    await walk.priced("", HALTED)


async def a_clock_that_jumps(walk: Walk) -> None:
    for skew_ms in (40_000, -40_000, 0):
        walk.skew_ms = skew_ms
        assert abs(walk.source.info().source_ms - walk.clock()) < 1_000
        await walk.priced("")
        assert abs(walk.source.health().skew_ms - skew_ms) < 1_000


async def old_age(walk: Walk) -> None:
    opened = walk.fake.opened
    await until(lambda: walk.fake.opened > opened)
    await walk.priced("")


TROUBLE: tuple[Callable[[Walk], Awaitable[None]], ...] = (
    nonsense_on_the_wire,
    a_disconnect,
    a_listing,
    no_streams_for_a_while,
    a_silent_stall,
    a_shutdown,
    a_halt,
    bans,
    a_clock_that_jumps,
    old_age,
)


# -- what must hold --------------------------------------------------------------------------------


def check_ticks(walk: Walk) -> None:
    """Every tick is what the exchange itself had when it says, of no other time; each symbol's time goes on."""
    last: dict[str, int] = defaultdict(int)
    for read_at, frame in walk.frames:
        for tick in frame.ticks:
            assert last[tick.symbol] < tick.time <= read_at + 1_000
            last[tick.symbol] = tick.time
            start, end = tick.time - SLACK_MS, read_at
            assert (tick.bid, tick.bid_size, tick.ask, tick.ask_size) in walk.market.tops(tick.symbol, start, end)
            assert tick.price in walk.market.prices(tick.symbol, start, end)
    assert set(last) == FOLLOWED


def check_candles(walk: Walk, began: int, folder: Path) -> None:
    """Of every minute that the exchange has, its candle, once."""
    found = walk.candles()
    assert set(found) == FOLLOWED
    for symbol, candles in found.items():
        minutes = range(began - began % MINUTE_MS, candles[-1].open_time + 1, MINUTE_MS)
        assert [c.open_time for c in candles] == [t for t in minutes if walk.market.has_minute(symbol, t)], symbol
        for candle in candles:
            row = walk.market.kline(symbol, candle.open_time, walk.clock())
            numbers = (candle.open, candle.high, candle.low, candle.close, candle.volume)
            assert numbers == tuple(map(float, row[1:6])), (symbol, candle.open_time)
            assert (candle.quote_volume, candle.trades) == (float(row[7]), row[8])
    check_archive(found, folder)


def check_archive(found: dict[str, list[Candle]], folder: Path) -> None:
    """The one whole minute of the recording, as the exchange's own archive has it."""
    path = folder.parent / "klines_1m_spot_64sym_20210402_20210420.parquet"
    for symbol in ("ZILUSDT", "MANAUSDT"):
        table = pq.read_table(path, filters=[("symbol", "==", symbol), ("open_time", "==", WHOLE_MINUTE)])
        (row,) = table.to_pylist()
        (candle,) = (c for c in found[symbol] if c.open_time == WHOLE_MINUTE)
        assert [candle.open, candle.high, candle.low, candle.close] == [
            row[n] for n in ("open", "high", "low", "close")
        ]
        assert round(candle.volume, 8) == row["volume"]


@pytest.mark.long
async def test_through_every_trouble_of_one_life_nothing_is_lost_doubled_or_stale(shared_dir: Path) -> None:
    folder = shared_dir / "data" / "raw"
    walk = Walk(folder)
    async with walk.fake, walk.open():
        began = walk.clock()
        reading = asyncio.create_task(walk.read())
        try:
            await walk.priced("")
            for trouble in TROUBLE:
                await trouble(walk)
            ended = walk.clock()
            last = max(WHOLE_MINUTE, ended - ended % MINUTE_MS - MINUTE_MS)
            await until(lambda: all(walk.candles()[symbol][-1].open_time >= last for symbol in FOLLOWED))
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        check_ticks(walk)
        check_candles(walk, began, folder)
        assert {path for path, _ in walk.fake.requests} >= {
            "/api/v3/klines",
            "/api/v3/ticker/price",
            "/api/v3/ticker/24hr",
        }
