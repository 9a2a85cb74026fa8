"""Makes joins of identities final that are a day old: until then the identity that joined can undo them."""

import random
from datetime import UTC, datetime

from pipeline.named_sql import load_queries
from trading.postgres.database import Connection, Database, Pool

SQL = load_queries(__package__, "joins.sql")

EVERY_SECONDS = 600


async def settle_joins(pool: Pool, now: int, jitter: random.Random) -> int:
    """How many joins became final at `now` (UTC ms): their accounts were merged or closed. Raises LedgerDown.

    Each is settled in a transaction of its own. One whose merge lacks cash for the grant waits for the next run.
    """
    moment = datetime.fromtimestamp(now / 1000, UTC)

    async def due(connection: Connection) -> list[int]:
        return [row["former_id"] for row in await connection.fetch(SQL["due"], moment)]

    database, settled = Database(pool, jitter=jitter), 0
    for former in await database.run(due):

        async def settle(connection: Connection, former: int = former) -> bool:
            return bool(await connection.fetchval(SQL["settle"], former, moment, now))

        settled += await database.run(settle)
    return settled
