"""Notifies users once of each symbol that is held until an operator decides."""

import random
from collections.abc import Callable

from core.database import Connection, Database, Pool
from core.outbox import encode, kind_of
from core.sql import load_queries
from pipeline.market import Symbol
from trading.ledger.corporate_actions import SQL as ACTIONS
from trading.portfolio.notices import SymbolHeld

SQL = load_queries(__package__, "symbol_holds.sql")

EVERY_SECONDS = 10


class SymbolHoldNotices:
    """Job that tells who holds a symbol, or has orders, alerts or recurring buys on it, that it is held. Calls
    `on_told` when notices entered the outbox.
    """

    def __init__(self, pool: Pool, *, jitter: random.Random, on_told: Callable[[], None]) -> None:
        self._database = Database(pool, jitter=jitter)
        self._on_told = on_told

    async def run(self) -> int:
        """Returns the number of users that it told. Raises DatabaseUnavailable."""

        async def work(connection: Connection) -> int:
            async with connection.transaction():
                rows = await connection.fetch(SQL["told"])
                if not rows:
                    return 0
                notices = [
                    SymbolHeld(row["market"], Symbol(row["symbol"]), row["market_time_ms"], row["last_price"])
                    for row in rows
                ]
                await connection.execute(
                    ACTIONS["tell"],
                    [f"held:{row['id']}:{row['person_id']}" for row in rows],
                    [row["person_id"] for row in rows],
                    kind_of(notices[0]),
                    [encode(notice) for notice in notices],
                )
                return len({row["person_id"] for row in rows})

        told = await self._database.run(work)
        if told:
            self._on_told()
        return told
