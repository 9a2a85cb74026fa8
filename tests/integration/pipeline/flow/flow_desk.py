"""Frames from a source to the stores of one test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from pipeline.archive.postgres import CandleArchive
from pipeline.bus import InProcessBus
from pipeline.flow import CandleArchiver, MarketPublisher, MarketWriter, WriteBehindArchive, produce
from pipeline.market import Candle, Interval
from pipeline.reader import StoreReader
from pipeline.settings import StoreSettings
from pipeline.store.redis import RedisStore
from tests.fakes.scripted_market import BTC, START, ScriptedMarket
from tests.patience import PATIENCE_SECONDS

M = 60_000
WALL = 1_800_000_000_000
SETTINGS = StoreSettings()


class Desk:
    """The pipeline of one process around a scripted market."""

    def __init__(self, store: RedisStore, pool: Any) -> None:
        self.market = ScriptedMarket()
        self.market.wall_ms = WALL
        self.wall_ms = WALL
        self.store = store
        self.bus = InProcessBus(market="replay")
        self.archive = CandleArchive(pool)
        self.announcer = MarketPublisher(store, self.market, SETTINGS)
        self.writer = MarketWriter(
            self.bus,
            store,
            self.archive,
            self.market.info,
            history_points=SETTINGS.history_points,
            wall=lambda: self.wall_ms,
        )
        self.deferred = WriteBehindArchive(self.archive)
        self.archiver = CandleArchiver(self.bus, self.deferred)
        self.reader = StoreReader(store, self.archive, self.market, lambda: self.wall_ms)

    def moves_to(self, time: int) -> None:
        self.market.time, self.market.wall_ms, self.wall_ms = time, WALL + time - START, WALL + time - START

    @asynccontextmanager
    async def runs(self) -> AsyncIterator["Desk"]:
        async with asyncio.TaskGroup() as group:
            services = (
                self.announcer.run(),
                produce(self.market, self.bus),
                self.writer.run(),
                self.archiver.run(),
                self.deferred.run(),
            )
            tasks = [group.create_task(service) for service in services]
            try:
                await until(self.reader.refresh)
                yield self
            finally:
                for task in tasks:
                    task.cancel()


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await is_so():  # noqa: ASYNC110 - what is waited for lies in a server
            await asyncio.sleep(0.01)


async def has_price(desk: Desk, time: int) -> bool:
    quote = (await desk.reader.quotes()).get(BTC)
    return quote is not None and quote.time == time


async def archived(desk: Desk) -> list[Candle]:
    return [b.candle for b in await desk.archive.candles("replay", BTC, Interval.M1, START - 500 * M, START)]


async def holds(desk: Desk, candles: list[Candle]) -> bool:
    return await archived(desk) == candles
