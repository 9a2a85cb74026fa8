"""Ends alerts of every kind, recurring buys and open orders of a delisted symbol, with a notice for each user.

Users who hold the symbol are notified once for each delisting.
"""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import asyncpg

from core.clock import Clock
from core.database import Connection, Database, Pool
from core.outbox import encode, kind_of
from core.sql import load_queries
from pipeline.delisting import GRACE_MS
from pipeline.market import Symbol
from pipeline.ports import MarketReader
from pipeline.rules import DELISTED
from trading.alerts.notices import WaitEnded
from trading.ledger.order_ports import OrderStore
from trading.ledger.ports import LedgerCommand, body_of
from trading.orders.open_orders import EndReason

SQL = load_queries(__package__, "delistings.sql")

EVERY_SECONDS = 60
_KINDS = {"alerts": "alert", "ranges": "range", "conditions": "condition", "forecasts": "forecast", "repeats": "repeat"}


class Delistings:
    """Job that ends alerts, recurring buys and open orders of delisted symbols. Calls `on_told` when notices entered
    the outbox.
    """

    def __init__(
        self,
        pool: Pool,
        market: MarketReader,
        orders: OrderStore,
        clock: Clock,
        *,
        jitter: random.Random,
        on_told: Callable[[], None],
    ) -> None:
        """`clock` is the wall clock."""
        self._database = Database(pool, jitter=jitter)
        self._market = market
        self._orders = orders
        self._clock = clock
        self._on_told = on_told

    async def run(self) -> int:
        """Returns the number of alerts, recurring buys and orders that it ended. Raises DatabaseUnavailable and
        MarketUnavailable.
        """
        now, market = self._market.now(), self._market.info().market
        gone = [symbol for symbol in self._market.symbols() if self._is_gone(symbol, now)]
        if not gone:
            return 0

        left = [self._market.rules(symbol).delisted_at for symbol in gone]

        async def work(connection: Connection) -> tuple[int, int]:
            async with connection.transaction():
                holders = await connection.fetch(SQL["holders"], market, gone, left)
                await _tell(connection, holders, "holding", market)
                ended = sum([await _end(connection, name, market, gone) for name in _KINDS])
                return ended, len(holders)

        ended, holders = await self._database.run(work)
        orders = await self._expire(market, gone, now)
        if ended or holders or orders:
            self._on_told()
        return ended + orders

    async def _expire(self, market: str, gone: Sequence[Symbol], now: int) -> int:
        """Expires the open orders of these symbols, which returns the money that they hold."""
        wall = self._clock()
        name = f"delisted:{market}:{wall}"
        command = LedgerCommand(name, body_of(name, *gone), datetime.fromtimestamp(wall / 1000, UTC), now)
        return len(await self._orders.expire(market, gone, EndReason.DELISTED, command))

    def _is_gone(self, symbol: Symbol, now: int) -> bool:
        rules = self._market.rules(symbol)
        return rules.status == DELISTED and now - rules.delisted_at >= GRACE_MS


async def _end(connection: Connection, name: str, market: str, gone: list[Symbol]) -> int:
    rows = await connection.fetch(SQL[name], market, gone)
    await _tell(connection, rows, _KINDS[name], market)
    return len(rows)


async def _tell(connection: Connection, rows: Sequence[asyncpg.Record], what: str, market: str) -> None:
    told = [row for row in rows if row["platform"] is not None]
    if told:
        await connection.execute(
            SQL["tell"],
            [f"delisted:{what}:{row['id']}" for row in told],
            [row["person_id"] for row in told],
            [row["platform"] for row in told],
            [row["chat_id"] for row in told],
            kind_of(_notice(told[0], what, market)),
            [encode(_notice(row, what, market)) for row in told],
        )


def _notice(row: asyncpg.Record, what: str, market: str) -> WaitEnded:
    number = 0 if what == "holding" else row["id"]
    return WaitEnded(what=what, number=number, market=market, symbol=Symbol(row["symbol"]))
