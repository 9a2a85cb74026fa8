"""Price-indexed alerts: ticks a second with few and with a million of them, their memory, and their loading.

Alerts of 250 symbols wait around the price of each. Of the ticks, few fire one alert each. The same ticks are taken
with all counts of alerts, and beside ours by a scan of all alerts of the symbol and by sorted lists with `bisect`.
Then the real trigger worker reads the alerts from PostgreSQL and takes the ticks as messages of Kafka.
"""

import asyncio
import gc
import random
import resource
import statistics
import sys
import tempfile
import time
from bisect import bisect_left, bisect_right, insort
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import asyncpg

from app.database.migrate import ROLE, migrate
from app.engines import Engines
from bench.figure import Figure
from core.database import keep_session
from pipeline.bus import Batch, Record
from pipeline.bus.message import decode, encode
from pipeline.market import Frame, MarketInfo, SourceKind, Symbol, Tick
from trading.alerts.postgres import PostgresAlerts
from trading.alerts.range_postgres import PostgresRangeAlerts
from trading.alerts.tick_alerts import TickAlerts
from trading.triggers.price_levels import Direction, Trigger, Triggers
from trading.workers.trigger_worker import TriggerWorker

_NO_REDIS = "redis://127.0.0.1:1"
_SYMBOLS = [Symbol(f"COIN{number}USDC") for number in range(250)]
_INFO = MarketInfo(SourceKind.SIMULATOR, "USDC", 1000, 15_000, 0, 0)
_BEGIN = 1_760_000_000_000
_CENTS = 1_000_000
"""Price of every symbol."""


@dataclass(frozen=True, slots=True)
class Size:
    """Alerts that wait, fewest first; frames of 250 ticks that each side takes, the slow sides fewer; and turns."""

    entries: tuple[int, ...]
    frames: int
    slow_frames: int
    turns: int


FULL = Size(entries=(10_000, 100_000, 1_000_000), frames=400, slow_frames=4, turns=5)
SMALL = Size(entries=(500, 1_000), frames=4, slow_frames=1, turns=1)


def run(size: Size = FULL) -> list[Figure]:
    figures = asyncio.run(_worker(size))  # first: it looks at the memory of the process
    sides = {count: Triggers(_triggers(count)) for count in size.entries}
    rates: dict[int, list[float]] = {count: [] for count in size.entries}
    for turn in range(size.turns):
        for count, triggers in sides.items():
            rates[count].append(_rate(triggers.take, _frames(size.frames, turn)))
    few, many = size.entries[0], size.entries[-1]
    for count, found in rates.items():
        target = 1_000_000 if count == many else None
        rate = statistics.median(found)
        figures.append(Figure(f"ticks past {count:,} alerts, a core", rate, "ticks/s", at_least=target))
    costs = statistics.median(one / other for one, other in zip(rates[few], rates[many], strict=True))
    figures.append(Figure(f"a tick past {many:,} alerts, against {few:,}", costs, "x", at_most=1.5))
    del sides
    for name, side in (("a scan", _Scan), ("sorted lists", _Bisect)):
        for count in (few, many):
            theirs = _rate(side(_triggers(count)).take, _frames(size.slow_frames, 0))
            ours = statistics.median(rates[count])
            figures.append(Figure(f"{name} of {count:,} alerts", theirs, "ticks/s"))
            figures.append(Figure(f"ours past {count:,} alerts, against {name}", ours / theirs, "x"))
    return figures


Take = Callable[..., object]


def _rate(take: Take, frames: Sequence[Frame]) -> float:
    gc.collect()
    began = time.process_time()
    for frame in frames:
        take(frame.ticks, fresh_from=0)
    return len(frames) * len(_SYMBOLS) / (time.process_time() - began)


def _rows(count: int) -> Iterator[tuple[int, Symbol, Direction, Decimal]]:
    """Yields alerts from 0.1 % to 50 % away from the price, on both sides."""
    chance = random.Random(7)
    for number in range(count):
        above = number % 2 == 0
        away = chance.randrange(_CENTS // 1000, _CENTS // 2)
        level = Decimal(_CENTS + away if above else _CENTS - away).scaleb(-2)
        direction = Direction.ABOVE if above else Direction.BELOW
        yield number + 1, _SYMBOLS[number // 2 % len(_SYMBOLS)], direction, level


def _triggers(count: int) -> Iterator[Trigger]:
    for number, symbol, direction, level in _rows(count):
        yield Trigger(number, symbol, direction, level, _BEGIN + number)
    for number in range(20_000):  # each fires for one tick of one frame: see `_frames`
        level = Decimal(_CENTS + _CENTS // 2000).scaleb(-2) + Decimal(number // 250).scaleb(-3)
        yield Trigger(-1 - number + 2**62, _SYMBOLS[number % 250], Direction.ABOVE, level, _BEGIN)


def _frames(count: int, turn: int) -> list[Frame]:
    """Returns frames of all symbols near the price; one tick of a frame fires the next of its symbol's alerts."""
    chance = random.Random(turn)
    frames: list[Frame] = []
    for number in range(count):
        at = _BEGIN + 10_000_000 + number
        prices = [f"{_CENTS + chance.randrange(-200, 200)}" for _ in _SYMBOLS]
        ticks = [
            Tick(symbol, at, f"{price[:-2]}.{price[-2:]}", "9999.50", "8.125", "10000.50", "0.75", "9900.00")
            for symbol, price in zip(_SYMBOLS, prices, strict=True)
        ]
        fires = (turn * count + number) % 20_000
        level = Decimal(_CENTS + _CENTS // 2000).scaleb(-2) + Decimal(fires // 250).scaleb(-3)
        ticks[fires % 250] = Tick(_SYMBOLS[fires % 250], at, str(level))
        frames.append(Frame(at, tuple(ticks)))
    return frames


# -- beside ours -------------------------------------------------------------------------------


class _Scan:
    """Looks at all alerts of the symbol."""

    def __init__(self, triggers: Iterator[Trigger]) -> None:
        self._waiting: dict[Symbol, dict[int, Trigger]] = {}
        for each in triggers:
            self._waiting.setdefault(each.symbol, {})[each.alert_id] = each

    def take(self, ticks: Sequence[Tick], *, fresh_from: int) -> list[Trigger]:
        fired: list[Trigger] = []
        for tick in ticks:
            waiting, price = self._waiting[tick.symbol], Decimal(tick.price)
            reached = [
                each
                for each in waiting.values()
                if (price >= each.level if each.direction is Direction.ABOVE else price <= each.level)
                and each.since <= tick.time >= fresh_from
            ]
            for each in reached:
                del waiting[each.alert_id]
            fired += reached
        return fired


class _Bisect:
    """Two sorted lists of levels a symbol."""

    def __init__(self, triggers: Iterator[Trigger]) -> None:
        self._known: dict[int, Trigger] = {}
        self._lists: dict[tuple[Symbol, Direction], list[tuple[Decimal, int]]] = {
            (symbol, direction): [] for symbol in _SYMBOLS for direction in Direction
        }
        for each in triggers:
            self._known[each.alert_id] = each
            insort(self._lists[each.symbol, each.direction], (each.level, each.alert_id))

    def take(self, ticks: Sequence[Tick], *, fresh_from: int) -> list[Trigger]:
        fired: list[Trigger] = []
        for tick in ticks:
            price = Decimal(tick.price)
            above, below = self._lists[tick.symbol, Direction.ABOVE], self._lists[tick.symbol, Direction.BELOW]
            reached = above[: bisect_right(above, (price, 2**63))] + below[bisect_left(below, (price, -1)) :]
            for level, number in reached:
                each = self._known[number]
                if each.since <= tick.time >= fresh_from:
                    del self._known[number]
                    entries = self._lists[tick.symbol, each.direction]
                    del entries[bisect_left(entries, (level, number))]
                    fired.append(each)
        return fired


# -- the worker --------------------------------------------------------------------------------


@dataclass(slots=True)
class _Messages:
    """A bus of one member whose messages are decoded as those of Kafka are. After the last one it waits for ever."""

    messages: list[bytes] = field(default_factory=list)
    begun: float = 0.0
    read: asyncio.Event = field(default_factory=asyncio.Event)
    taken: float = 0.0

    @asynccontextmanager
    async def consumer(self, *_: object, **__: object) -> AsyncIterator["_Messages"]:
        yield self

    async def batch(self) -> Batch:
        if not self.messages:
            if not self.taken:
                self.taken = time.process_time()
                self.read.set()
            await asyncio.sleep(3600)
        if not self.begun:
            self.begun = time.process_time()
        data, self.messages = self.messages[:64], self.messages[64:]
        await asyncio.sleep(0)
        return Batch(tuple(Record(0, number, decode(each).frame) for number, each in enumerate(data)), {0: 0})

    async def commit(self, _batch: Batch) -> bool:
        return True


class _Clock:
    def info(self) -> MarketInfo:
        return _INFO

    def now(self) -> int:
        return _BEGIN + 10_000_000

    async def candles(self, *_: object) -> list[object]:
        return []


async def _worker(size: Size) -> list[Figure]:
    count = size.entries[-1]
    with (
        tempfile.TemporaryDirectory(prefix="paperdesk-price-index-") as folder,
        Engines(Path(folder), redis_url=_NO_REDIS) as engines,
    ):
        migrate(engines.postgres_dsn)
        await _fill(engines.postgres_dsn, count)
        settings = {"role": ROLE, "timezone": "UTC"}
        async with asyncpg.create_pool(
            engines.postgres_dsn, min_size=1, max_size=2, server_settings=settings, reset=keep_session
        ) as pool:
            bus = _Messages()
            alerts = TickAlerts(PostgresAlerts(pool), PostgresRangeAlerts(pool))
            worker = TriggerWorker(cast("Any", bus), alerts, cast("Any", _Clock()), on_fired=lambda: None)
            gc.collect()
            before = _peak_bytes()
            began = time.perf_counter()
            await worker.load()
            loading = time.perf_counter() - began
            gc.collect()
            taken = _peak_bytes() - before
            bus.messages = [encode(_INFO.market, frame) for frame in _frames(size.frames, 0)]
            task = asyncio.create_task(worker.run())
            await bus.read.wait()
            rate = size.frames * len(_SYMBOLS) / (bus.taken - bus.begun)
            task.cancel()
            await asyncio.wait([task])
    return [
        Figure(f"the worker loads {count:,} alerts from PostgreSQL", loading, "s", at_most=10),
        Figure("of it, a million alerts a second", count / loading / 1e6, "M/s"),
        Figure("memory of an alert in the worker, by its peak (RSS)", taken / count, "bytes", at_most=200),
        Figure(f"ticks in the worker past {count:,} alerts, with decoding", rate, "ticks/s", at_least=200_000),
    ]


async def _fill(dsn: str, count: int) -> None:
    """Writes the alerts as their superuser does, without the cost of a call for each."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("INSERT INTO person (language, timezone) VALUES ('en', 'UTC')")
        person = await connection.fetchval("SELECT max(id) FROM person")
        rows = (
            (
                f"bench-{number}",
                person,
                "fake",
                "home",
                _INFO.market,
                symbol,
                direction.value,
                level,
                False,
                True,
                _BEGIN,
            )
            for number, symbol, direction, level in _rows(count)
        )
        columns = "command_id person_id platform chat_id market symbol direction level repeat ready market_time_ms"
        await connection.copy_records_to_table("alert", records=rows, columns=columns.split())
        await connection.execute("ANALYZE alert")
    finally:
        await connection.close()


def _peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
