"""Desks that are killed: for every line it reads it forks a process that fires alerts, trades for people who want to be
told elsewhere, and sends what the outbox holds.

Arguments: the address of a migrated database, and the file to which everything that is sent is appended. Prints the
pids.
"""

import asyncio
import os
import random
import signal
import sys
import traceback
from decimal import Decimal

import asyncpg

from app.database.migrate import ROLE
from bot.notifications.composer import Composer
from bot.notifications.courier import Delivered, Outcome
from bot.notifications.dispatcher import Dispatcher
from bot.reply import Reply
from core.outbox import Chat, NotificationTarget
from people.notifications.outbox import Outbox
from pipeline.bus import InProcessBus
from pipeline.market import Frame, MarketInfo, SourceKind, Symbol, Tick
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot
from tests.fakes.priced_market import BTC, PricedMarket, levels
from trading.alerts.condition_postgres import PostgresConditionAlerts
from trading.alerts.postgres import PostgresAlerts
from trading.alerts.range_postgres import PostgresRangeAlerts
from trading.alerts.tick_alerts import TickAlerts
from trading.desk import Desk
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import BaseQuantity, Side
from trading.settings import TradingSettings
from trading.workers.trigger_worker import TriggerWorker

SESSION = "killed"
"""How PostgreSQL knows the sessions of these processes."""

LAST = 12
"""The process that only sends what is left."""


class PaperCourier:
    """Writes what it sends to a file, which no kill undoes."""

    platform = "fake"

    def __init__(self, path: str, chance: random.Random) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._chance = chance

    async def deliver(self, chat_id: str, reply: Reply, *, nonce: str, silent: bool) -> Outcome:
        await asyncio.sleep(self._chance.uniform(0, 0.003))
        os.write(self._fd, f"{chat_id} {nonce}\n".encode())
        await asyncio.sleep(self._chance.uniform(0, 0.003))
        return Delivered(nonce)


class Market:
    """A market at one moment."""

    def info(self) -> MarketInfo:
        return MarketInfo(SourceKind.SIMULATOR, "USDC", 1000, 15_000, NOW, 0)

    def now(self) -> int:
        return NOW


async def prices(bus: InProcessBus) -> None:
    """Every tick reaches some more alerts."""
    for price in range(100, 201):
        await bus.publish(Frame(NOW, (Tick(Symbol("BTCUSDC"), NOW, str(price)),)))
        await asyncio.sleep(0.003)


async def trade(desk: Desk, market: PricedMarket, person: int, number: int) -> None:
    """Orders of which a part finds nobody, so that it expires."""
    account = await desk.open(person, f"start-{person}")
    telling = NotificationTarget(Chat("fake", f"fills{person}"))
    for order in range(10_000):
        market.pass_time(1)
        market.show_book(BTC, levels(("99.99", "1")), levels(("100.01", "1")))
        size = BaseQuantity(Decimal(2 if order % 2 else 1))
        await desk.place(account, f"order-{person}-{number}-{order}", Side.BUY, BTC, size, notify=telling)
        await asyncio.sleep(0.002)


async def work_until_killed(dsn: str, path: str, number: int) -> None:
    chance = random.Random(number)  # noqa: S311 - pauses, not secrets
    bus = InProcessBus()
    session = {"role": ROLE, "application_name": SESSION}
    async with asyncpg.create_pool(dsn, min_size=0, max_size=6, server_settings=session) as pool:
        composer = Composer(FakeDeskBot().services, CATALOGS)
        outbox = Outbox(pool, together=1)
        dispatcher = Dispatcher(outbox, composer, PaperCourier(path, chance), lambda: NOW, jitter=chance)
        alerts = TickAlerts(PostgresAlerts(pool), PostgresRangeAlerts(pool), PostgresConditionAlerts(pool))
        worker = TriggerWorker(bus, alerts, Market(), on_fired=dispatcher.wake)  # type: ignore[arg-type]
        market = PricedMarket()
        market.pass_time(number * 1_000_000)  # what the processes before took of a display is not there again
        desk = Desk(market, PostgresLedger(pool), TradingSettings(), lambda: NOW)
        people = [row["id"] for row in await pool.fetch("SELECT id FROM person ORDER BY id LIMIT 3")]
        traders = [] if number == LAST else [trade(desk, market, person, number) for person in people]
        await asyncio.gather(dispatcher.run(), worker.run(), prices(bus), *traders)


def main() -> None:
    """Ends with its input; its children are killed by whoever reads their pids."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for number, _ in enumerate(sys.stdin):
        pid = os.fork()
        if pid == 0:
            try:
                asyncio.run(work_until_killed(sys.argv[1], sys.argv[2], number))
            except BaseException:
                traceback.print_exc()
                raise
            finally:
                os._exit(1)
        os.write(1, f"{pid}\n".encode())


if __name__ == "__main__":
    main()
