"""Settles joins of identities that are a day old: until then the identity that joined can undo them."""

import logging
import random
from datetime import UTC, datetime

import asyncpg

from core.database import Connection, Database, Pool
from core.errors import DeskError
from core.sql import load_queries
from trading.constraints import LEDGER_REFUSALS
from trading.errors import MergeWaits

SQL = load_queries(__package__, "settle_joins.sql")

EVERY_SECONDS = 600

_AT_ONCE = 1000

log = logging.getLogger(__name__)


async def settle_joins(pool: Pool, now: int, jitter: random.Random) -> int:
    """Settles the joins that are final at `now` (UTC ms) and returns their number. Raises DatabaseUnavailable.

    Each is settled in a transaction of its own. A join that fails is logged. It waits for the next run, as does one
    whose merge lacks cash for the grant, or has coins that a corporate action is changing; none stops the others.
    """
    moment = datetime.fromtimestamp(now / 1000, UTC)
    database, settled, last = Database(pool, jitter=jitter, refusals=LEDGER_REFUSALS), 0, 0

    async def due(connection: Connection) -> list[int]:
        return [row["former_id"] for row in await connection.fetch(SQL["due"], moment, last, _AT_ONCE)]

    async def settle(connection: Connection) -> bool:
        return bool(await connection.fetchval(SQL["settle"], last, moment, now))

    while formers := await database.run(due):
        for last in formers:
            try:
                settled += await database.run(settle)
            except MergeWaits:
                log.info("the join of former person %d waits for a corporate action", last)
            except (DeskError, asyncpg.PostgresError):
                log.exception("the join of former person %d is not settled", last)
                await database.run(due)  # distinguishes a database that is down from a failing join
    return settled
