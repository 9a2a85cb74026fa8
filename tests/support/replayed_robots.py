"""A recording that plays through the whole pipeline, candle by candle: bus, Redis, archive, matching, robots."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.outbox import NotificationTarget
from pipeline.archive.postgres import CandleArchive
from pipeline.bus import InProcessBus
from pipeline.candles import CandleColumns
from pipeline.flow import CandleArchiver, MarketPublisher, MarketWriter
from pipeline.market import MINUTE_MS, Candle, Interval, Symbol
from pipeline.reader import StoreReader
from pipeline.replay.candle_source import ReplaySource
from pipeline.settings import ReplaySettings, StoreSettings
from pipeline.store.redis import RedisStore
from tests.patience import PATIENCE_SECONDS
from tests.support.matching_house import HOME, QUICK
from tests.support.push_house import somebody
from trading.desk import Desk
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.postgres import PostgresLedger
from trading.matching.liquidity import Liquidity
from trading.ports import Account
from trading.resting_desk import RestingDesk
from trading.settings import TradingSettings
from trading.strategies.postgres import PostgresRobots
from trading.strategies.read_rules import read_rule
from trading.strategies.robot_trader import RobotTrader
from trading.strategies.robot_worker import RobotTiming, RobotWorker
from trading.strategies.robots import NewRobot, Robot
from trading.workers.matching_worker import MatchingWorker

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

BTC = Symbol("BTCUSDT")
BEGINS = 1_617_408_000_000
"""2021-04-03 00:00 UTC."""
WALL = 1_800_000_000_000
SETTINGS = StoreSettings()
TIMING = RobotTiming(poll_seconds=0.01, write_seconds=0.05, retry_seconds=0.05)


def walk(count: int, seed: int, symbol: Symbol = BTC) -> list[Candle]:
    """Candles of whole cents that begin where the one before ended, with volumes of a few coins."""
    random = np.random.default_rng(seed)
    closes = np.round(100 * np.exp(np.cumsum(random.normal(0, 0.006, count))), 2)
    opens = np.concatenate([[100.0], closes[:-1]])
    wide = np.round(random.uniform(0, 0.3, (2, count)), 2)
    highs = np.round(np.maximum(opens, closes) + wide[0], 2)
    lows = np.round(np.minimum(opens, closes) - wide[1], 2)
    volumes = np.round(random.uniform(1, 9, count), 2)
    columns = (opens.tolist(), highs.tolist(), lows.tolist(), closes.tolist(), volumes.tolist())
    times = range(BEGINS, BEGINS + count * MINUTE_MS, MINUTE_MS)
    return [Candle(symbol, time, *row, trades=5) for time, row in zip(times, zip(*columns, strict=True), strict=True)]


def record(path: Path, candles: list[Candle]) -> Path:
    """Writes a recording of these candles."""
    found = CandleColumns.of(candles)
    table = {name: getattr(found, name) for name in ("open_time", "open", "high", "low", "close", "volume")}
    pq.write_table(pa.table({"symbol": pa.array([BTC] * len(candles)), **table}), path)
    return path


class Replay:
    """The desk of one process. Its clock moves when everything has dealt with the last frame."""

    def __init__(self, pool: "Pool", store: RedisStore, path: Path) -> None:
        self.pool = pool
        self.wall = WALL
        settings = ReplaySettings(history_minutes=0, start=datetime.fromtimestamp(BEGINS / 1000, UTC).isoformat())
        self.source = ReplaySource(path, settings, self.clock, sleep=self._sleep)
        self.archive = CandleArchive(pool)
        self.store = store
        self.market = StoreReader(store, self.archive, None, self.clock)
        self.robots = PostgresRobots(pool)
        self.account: Account

    def clock(self) -> int:
        return self.wall

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """The pipeline runs inside; `play` lets the recording go on."""
        async with self.source as source, asyncio.TaskGroup() as group:
            self.bus = InProcessBus(market=source.info().market)
            points = SETTINGS.history_points
            services = (
                MarketPublisher(self.store, source, SETTINGS).run(),
                MarketWriter(
                    self.bus, self.store, self.archive, source.info, history_points=points, wall=self.clock
                ).run(),
                CandleArchiver(self.bus, self.archive).run(),
            )
            tasks = [group.create_task(service) for service in services]
            await self._refreshed()
            tasks += [group.create_task(worker.run()) for worker in self._workers()]
            yield
            for task in tasks:
                task.cancel()

    async def _refreshed(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await self.market.refresh():  # noqa: ASYNC110 - what is waited for lies in a server
                await asyncio.sleep(0.01)

    def _workers(self) -> tuple[RobotWorker, MatchingWorker]:
        settings, used, ledger = TradingSettings(), Liquidity(), PostgresLedger(self.pool)
        orders = PostgresOrderStore(self.pool)
        self.desk = Desk(self.market, ledger, settings, self.clock, liquidity=used)
        resting = RestingDesk(self.market, orders, ledger, settings, self.clock, used)
        trader = RobotTrader(self.robots, self.desk, resting, self.market, _target)
        self.worker = RobotWorker(
            self.bus, self.robots, trader, self.market, read_rule, on_told=lambda: None, timing=TIMING
        )
        self.matching = MatchingWorker(
            self.bus, orders, self.market, self.clock, "replay", on_notified=lambda: None, timing=QUICK
        )
        return self.worker, self.matching

    async def robot(self, rule: str, budget: str) -> Robot:
        person = await somebody(self.pool)
        self.account = await self.desk.open(person, "start")
        now = self.market.now()
        new = NewRobot(
            command_id="robot",
            account_id=self.account.account_id,
            market=self.account.market,
            symbol=BTC,
            interval=Interval.M1,
            name="idea",
            rule=read_rule(rule, Interval.M1).rule.text,
            budget=Decimal(budget),
            since=now,
            last_candle=now - MINUTE_MS,
            created_at=datetime.fromtimestamp(now / 1000, UTC),
        )
        return await self.robots.create(new, person)

    async def play(self) -> None:
        """Plays the recording to its end."""
        async for frame in self.source.frames():
            await self.bus.publish(frame)
        await self._settled()

    async def _sleep(self, seconds: float) -> None:
        await self._settled()
        self.wall += max(round(seconds * 1000), 1)

    async def _settled(self) -> None:
        end = self.bus._logs[0].end
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (  # noqa: ASYNC110 - workers have no event for every condition
                all(group.committed == [end] for group in self.bus._groups.values())
                and len(self.bus._groups) == _GROUPS
                and self.worker.idle
                and not self.worker._book.cold()
                and await self._matched()
            ):
                await asyncio.sleep(0.002)

    async def _matched(self) -> bool:
        """Returns whether the matching knows all open orders: it learns of them later than the frame that made them."""
        rows = await self.pool.fetch("SELECT order_id FROM open_order")
        return {row["order_id"] for row in rows} == set(self.matching._orders._known)


_GROUPS = 4


async def _target(_person_id: int) -> NotificationTarget:
    return NotificationTarget(HOME)
