"""From a trade on the bus to its committed fill with the outbox row, at 1,000 fills a second.

Limit orders of many accounts rest in PostgreSQL, and the real matching worker reads them. Then frames come every 10 ms
whose trade fills ten of them each. A fill counts from when its frame was published until the call that committed it was
answered.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import asyncpg
import uvloop

from app.database.migrate import ROLE, migrate
from app.engines import Engines
from bench.figure import Figure
from bench.orders import NO_REDIS, SYMBOL, FlatMarket
from core.clock import wall_clock
from core.database import keep_session
from pipeline.bus.in_process import InProcessBus
from pipeline.market import Frame, Trade
from trading.desk import Desk
from trading.ledger.audit import run_audit
from trading.ledger.order_ports import Applied
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.postgres import PostgresLedger
from trading.matching.liquidity import Liquidity
from trading.orders.effects import Filled
from trading.orders.requests import OrderRequest
from trading.orders.terms import OrderType
from trading.orders.types import BaseQuantity, Side
from trading.resting_desk import RestingDesk
from trading.settings import TradingSettings
from trading.workers.matching_worker import MatchingWorker

_EACH = 10
_PAUSE_SECONDS = 0.01
_SIZE = Decimal("0.0001")
_FIRST = Decimal(64_000)


@dataclass(frozen=True, slots=True)
class Size:
    """Accounts, and frames, each of which fills ten orders."""

    accounts: int
    frames: int


FULL = Size(accounts=50, frames=500)
SMALL = Size(accounts=4, frames=5)


class _Store(PostgresOrderStore):
    """The store, which notes when each fill was committed."""

    def __init__(self, pool: Any) -> None:
        super().__init__(pool)
        self.committed: dict[int, list[float]] = {}

    async def apply(self, market: str, effects: Sequence[Any], *rest: Any) -> Applied:
        applied = await super().apply(market, effects, *rest)
        for booked in effects:
            if isinstance(booked.effect, Filled):
                self.committed.setdefault(booked.effect.time, []).append(time.perf_counter())
        return applied


def run(size: Size = FULL) -> list[Figure]:
    with (
        tempfile.TemporaryDirectory(prefix="paperdesk-fills-") as folder,
        Engines(Path(folder), redis_url=NO_REDIS) as engines,
    ):
        migrate(engines.postgres_dsn)
        waits, rate, told = uvloop.run(_filled(engines.postgres_dsn, size))
        code, text = asyncio.run(run_audit(engines.postgres_dsn))
    if code:
        raise AssertionError(text)
    waits.sort()
    p99 = waits[min(int(len(waits) * 0.99), len(waits) - 1)]
    return [
        Figure("fills with their outbox rows", rate, "fills/s", note=f"{len(waits):,} fills, {told:,} outbox rows"),
        Figure("tick to committed fill, median", statistics.median(waits) * 1000, "ms"),
        Figure("tick to committed fill, p99", p99 * 1000, "ms", at_most=50),
    ]


async def _filled(dsn: str, size: Size) -> tuple[list[float], float, int]:
    settings = {"role": ROLE, "timezone": "UTC"}
    async with asyncpg.create_pool(dsn, min_size=8, max_size=8, server_settings=settings, reset=keep_session) as pool:
        store, market = _Store(pool), FlatMarket()
        await _place(dsn, store, market, pool, size)
        bus = InProcessBus(market=market.info().market)
        worker = MatchingWorker(
            bus, store, cast("Any", market), wall_clock, f"bench-{time.time_ns()}", on_notified=lambda: None
        )
        task = asyncio.create_task(worker.run())
        while len(worker._orders) < size.frames * _EACH:  # noqa: ASYNC110, SLF001 - it has no event for that
            await asyncio.sleep(0.05)
        published: dict[int, float] = {}
        begun = time.perf_counter()
        for number in range(size.frames):
            at = wall_clock() + number  # every frame has a time of its own
            price = _FIRST - number - Decimal("0.01")
            published[at] = time.perf_counter()
            trade = Trade(SYMBOL, at, str(price), str(_SIZE * _EACH), number + 1)
            await bus.publish(Frame(at, trades=(trade,)))
            await asyncio.sleep(max(begun + (number + 1) * _PAUSE_SECONDS - time.perf_counter(), 0))
        while sum(map(len, store.committed.values())) < size.frames * _EACH:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        rate = size.frames * _EACH / (max(max(each) for each in store.committed.values()) - begun)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        told = await pool.fetchval("SELECT count(*) FROM outbox WHERE kind = 'fill'")
    waits = [done - published[at] for at, each in store.committed.items() for done in each]
    return waits, rate, told


async def _place(dsn: str, store: _Store, market: FlatMarket, pool: Any, size: Size) -> None:
    """Places ten purchases a frame at prices one below the other, those of an account one after the other."""
    ledger, liquidity = PostgresLedger(pool), Liquidity()
    desk = Desk(market, ledger, TradingSettings(), wall_clock, liquidity=liquidity)
    resting = RestingDesk(market, store, ledger, TradingSettings(), wall_clock, liquidity)
    owner = await asyncpg.connect(dsn)
    persons = [
        row["id"]
        for row in await owner.fetch(
            "INSERT INTO person (language, timezone) SELECT 'en', 'UTC' FROM generate_series(1, $1) RETURNING id",
            size.accounts,
        )
    ]
    await owner.executemany(
        "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, 'fake', 'home', false)",
        [(person,) for person in persons],
    )
    await owner.close()
    accounts = [await desk.open(person, f"start-{person}") for person in persons]

    async def fill(share: int) -> None:
        for number in range(share, size.frames * _EACH, size.accounts):
            price = _FIRST - number // _EACH
            request = OrderRequest(SYMBOL, Side.BUY, OrderType.LIMIT, BaseQuantity(_SIZE), limit_price=price)
            await resting.place(accounts[share], f"rest-{number}", request)

    await asyncio.gather(*(fill(share) for share in range(size.accounts)))
