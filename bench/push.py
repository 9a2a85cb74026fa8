"""Ten thousand alerts that fire in one second, for two thousand people, from the tick to the last chat.

Fired by the real trigger worker into the real outbox; sent by the real dispatcher and composer to a courier that
counts, once as fast as they go and once at the pace that Telegram permits, on a clock that runs three times as fast.
Then an alert's way past ten thousand rows of a broadcast, on a true clock.
"""

import asyncio
import gc
import random
import secrets
import selectors
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import asyncpg
import psutil
import uvloop

from app.database.migrate import ROLE, migrate
from app.engines import Engines
from bench.figure import Figure
from bench.push_sides import NAMES, NOW, PLATFORM, Charts, Courier, Desk, Market
from bot.context import Services
from bot.groups.cache import CachedGroups
from bot.groups.postgres import PostgresGroups
from bot.notifications.composer import Composer
from bot.notifications.dispatcher import Dispatcher
from bot.platforms.telegram.outbound.rate_limiter import RateLimiter
from bot.settings import BotSettings
from bot.ui.texts import load_catalogs
from core.clock import wall_clock
from core.database import keep_session
from core.outbox import encode
from people.notices import Broadcast
from people.notifications.outbox import Outbox
from pipeline.bus import InProcessBus
from pipeline.market import Frame, Tick
from trading.alerts.condition_postgres import PostgresConditionAlerts
from trading.alerts.notices import AlertFired
from trading.alerts.postgres import PostgresAlerts
from trading.alerts.range_postgres import PostgresRangeAlerts
from trading.alerts.tick_alerts import TickAlerts
from trading.triggers.price_levels import Direction
from trading.workers.trigger_worker import TriggerWorker

SPEED = 3
LATENCY_SECONDS = 0.12
PERMITTED = 25 / (1 + LATENCY_SECONDS)
"""Messages a second that the pace for Telegram lets through: of 30 those not kept for answers, each of which counts
until a second after its answer came."""

_NO_REDIS = "redis://127.0.0.1:1"
if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]


@dataclass(frozen=True, slots=True)
class Size:
    """Alerts that fire and the people who have them; rows of a broadcast, and alerts that go past them."""

    alerts: int
    people: int
    broadcast: int
    past: int


FULL = Size(alerts=10_000, people=2_000, broadcast=10_000, past=20)
SMALL = Size(alerts=50, people=10, broadcast=50, past=1)


def run(size: Size = FULL) -> list[Figure]:
    with (
        tempfile.TemporaryDirectory(prefix="paperdesk-push-") as folder,
        Engines(Path(folder), redis_url=_NO_REDIS) as engines,
    ):
        migrate(engines.postgres_dsn)
        figures = uvloop.run(_fire_and_send(engines.postgres_dsn, size))
        with asyncio.Runner(loop_factory=_fast_loop) as runner:
            figures += runner.run(_paced(engines.postgres_dsn, size))
    return figures


class _FastSelector(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout if timeout is None else timeout / SPEED)


def _fast_loop() -> asyncio.AbstractEventLoop:
    """Its seconds are a third of ours."""
    loop = asyncio.SelectorEventLoop(_FastSelector())
    loop.time = lambda: time.monotonic() * SPEED  # type: ignore[method-assign]
    return loop


# -- as fast as it goes ------------------------------------------------------------------------


async def _fire_and_send(dsn: str, size: Size) -> list[Figure]:
    async with _pool(dsn) as pool:
        await _people(pool, size.people)
        await _arm(pool, size)
        fired = await _fire(pool, size.alerts)
        charts, courier = Charts(), Courier(lambda _: asyncio.sleep(0))
        gc.collect()
        before, begun = _resident(), time.perf_counter()
        await _send(pool, courier, charts, size.alerts)
        took, grown = time.perf_counter() - begun, _resident() - before
        sent = await pool.fetchval("SELECT count(*) FROM outbox WHERE state = 'sent'")
        waits = sorted(await _past_a_broadcast(pool, size))
    unbridled = size.alerts / took
    middle = f"worst of {len(waits)}, median {waits[len(waits) // 2]:.2f} s"
    return [
        Figure("push: alerts fired with their notices", size.alerts / fired, "alerts/s", note=f"{fired:.2f} s in all"),
        Figure(f"push: delivered of {size.alerts:,}", sent, "notices", at_least=size.alerts),
        Figure("push: swapped within a chat", courier.swapped, "messages", at_most=0),
        Figure("push: outbox to courier, unbridled", unbridled, "notices/s", note=f"{courier.messages} messages"),
        Figure("push: messages, unbridled", courier.messages / took, "messages/s"),
        Figure("push: memory grown", grown / 2**20, "MiB", at_most=32),
        Figure(f"push: an alert past {size.broadcast:,} broadcast rows", waits[-1], "s", at_most=1.0, note=middle),
    ]


async def _fire(pool: "Pool", alerts: int) -> float:
    """Seconds from the tick to the last notice in the outbox."""
    bus, done = InProcessBus(), asyncio.Event()
    stores = TickAlerts(PostgresAlerts(pool), PostgresRangeAlerts(pool), PostgresConditionAlerts(pool))
    worker = TriggerWorker(bus, stores, cast("Any", Market()), on_fired=done.set)
    task = asyncio.create_task(worker.run())
    while len(worker._triggers) < alerts:  # noqa: ASYNC110, SLF001
        await asyncio.sleep(0.02)
    begun = time.perf_counter()
    await bus.publish(Frame(NOW, tuple(Tick(symbol, NOW, "200") for symbol in NAMES)))
    while await pool.fetchval("SELECT count(*) FROM outbox") < alerts:
        await done.wait()
        done.clear()
    took = time.perf_counter() - begun
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return took


async def _send(pool: "Pool", courier: Courier, charts: Charts, rows: int) -> None:
    """Until so many rows are settled."""
    task = asyncio.create_task(_dispatcher(pool, courier, charts).run())
    settled = "SELECT count(*) FROM outbox WHERE state NOT IN ('pending', 'sending')"
    while await pool.fetchval(settled) < rows:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _dispatcher(pool: "Pool", courier: Courier, charts: Charts) -> Dispatcher:
    unused = cast("Any", None)
    services = Services(
        market=cast("Any", Market()),
        desk=cast("Any", Desk()),
        orders=unused,
        records=unused,
        people=unused,
        previews=unused,
        charts=cast("Any", charts),
        clock=wall_clock,
        tokens=secrets,
        settings=BotSettings(),
        alerts=unused,
        plans=unused,
        robots=unused,
        statements=unused,
        limits=unused,
        trials=unused,
        strategies=unused,
        order_groups=unused,
        targets=unused,
        risk_records=unused,
        market_reports=unused,
        performance=unused,
        forecast_alerts=unused,
        range_alerts=unused,
        condition_alerts=unused,
        fee_rate=unused,
        groups=CachedGroups(PostgresGroups(pool), wall_clock),
        notices=unused,
        identities=unused,
        watchlists=unused,
        operating=unused,
    )
    return Dispatcher(Outbox(pool), Composer(services, load_catalogs()), courier, wall_clock, jitter=random.Random(1))


# -- at the permitted pace ---------------------------------------------------------------------


async def _paced(dsn: str, size: Size) -> list[Figure]:
    """A minute and a half of Telegram's time."""
    async with _pool(dsn) as pool:
        await pool.execute("DELETE FROM outbox")
        await pool.executemany(
            "INSERT INTO outbox (key, person_id, platform, chat_id, kind, body) VALUES ($1, $2, $3, $4, 'alert', $5)",
            [
                (f"a{n}", 1 + n % size.people, PLATFORM, str(1 + n % size.people), _notice(n))
                for n in range(size.alerts)
            ],
        )
        courier = Courier(_telegram())
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await _send(pool, courier, Charts(), size.alerts)
        took = loop.time() - begun
        sent = await pool.fetchval("SELECT count(*) FROM outbox WHERE state = 'sent'")
    rate = courier.messages / took
    return [
        Figure(f"push: delivered of {size.alerts:,} at Telegram's pace", sent, "notices", at_least=size.alerts),
        Figure("push: swapped within a chat at that pace", courier.swapped, "messages", at_most=0),
        Figure("push: of the pace that Telegram permits", rate / PERMITTED, "x", at_least=0.9, note=f"{rate:.1f}/s"),
        Figure("push: most in one second", _busiest(courier.moments), "messages", at_most=30),
    ]


def _telegram() -> Callable[[str], Awaitable[None]]:
    pace = RateLimiter()

    async def send(chat_id: str) -> None:
        async with pace.turn(int(chat_id), push=True):
            await asyncio.sleep(LATENCY_SECONDS)

    return send


async def _past_a_broadcast(pool: "Pool", size: Size) -> list[float]:
    """Seconds from an alert's row to its chat, while the broadcast goes on."""
    await pool.execute("DELETE FROM outbox")
    await pool.execute(
        "INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)"
        " SELECT 'b' || n, 1, $3, (100000 + n)::text, 'broadcast', $2 FROM generate_series(1, $1::integer) AS n",
        size.broadcast,
        encode(Broadcast("The desk closes at noon.")),
        PLATFORM,
    )
    courier, loop = Courier(_telegram()), asyncio.get_running_loop()
    dispatcher = _dispatcher(pool, courier, Charts())
    task, waits = asyncio.create_task(dispatcher.run()), []
    await asyncio.sleep(3)
    for number in range(size.past):
        chat = str(900_000 + number)
        begun = loop.time()
        await pool.execute(
            "INSERT INTO outbox (key, person_id, platform, chat_id, kind, body) VALUES ($1, 1, $2, $1, 'alert', $3)",
            chat,
            PLATFORM,
            _notice(number),
        )
        dispatcher.wake()
        while chat not in courier.seen:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        waits.append(courier.seen[chat] - begun)
        await asyncio.sleep(0.3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return waits


def _busiest(moments: list[float]) -> int:
    """Most messages in any second."""
    most = first = 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


# -- what there is to begin with ---------------------------------------------------------------


@asynccontextmanager
async def _pool(dsn: str) -> "AsyncIterator[Pool]":
    session = {"role": ROLE, "timezone": "UTC"}
    async with asyncpg.create_pool(dsn, min_size=4, max_size=10, server_settings=session, reset=keep_session) as pool:
        yield pool


async def _people(pool: "Pool", people: int) -> None:
    await pool.execute(
        "INSERT INTO person (id, language, timezone)"
        " SELECT n, 'en', 'Asia/Seoul' FROM generate_series(1, $1::integer) n",
        people,
    )
    await pool.execute(
        "INSERT INTO notification_chat (person_id, platform, chat_id, public)"
        " SELECT n, $2, n::text, false FROM generate_series(1, $1::integer) n",
        people,
        PLATFORM,
    )


async def _arm(pool: "Pool", size: Size) -> None:
    await pool.executemany(
        "INSERT INTO alert (command_id, person_id, platform, chat_id, market, symbol, direction, level, repeat, ready,"
        " market_time_ms) VALUES ($1, $2, $3, $4, 'simulator', $5, 'above', $6, false, true, 0)",
        [
            (
                f"w{n}",
                1 + n % size.people,
                PLATFORM,
                str(1 + n % size.people),
                NAMES[n % len(NAMES)],
                Decimal(100 + n % 90),
            )
            for n in range(size.alerts)
        ],
    )


def _notice(number: int) -> str:
    symbol = NAMES[number % len(NAMES)]
    return encode(AlertFired(number, "simulator", symbol, Direction.ABOVE, Decimal(150), Decimal(200), NOW))


def _resident() -> int:
    resident: int = psutil.Process().memory_info().rss
    return resident
