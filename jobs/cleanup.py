"""Deletes expired rows: link codes, wrong codes that were entered, broadcasts that were never sent, and robots and
groups of orders that ended long ago.

Previews and menus expire in Redis by themselves; `people.notifications.outbox` deletes old messages and alerts that are
over.
"""

import random

from core.database import Connection, Database, Pool
from core.sql import load_queries

SQL = load_queries(__package__, "cleanup.sql")

EVERY_SECONDS = 3600


async def expire(pool: Pool, jitter: random.Random) -> str:
    """Deletes expired rows and returns their counts as text. Raises DatabaseUnavailable."""

    async def work(connection: Connection) -> dict[str, int]:
        return {name: int((await connection.execute(query)).rpartition(" ")[2]) for name, query in SQL.items()}

    forgotten = await Database(pool, jitter=jitter).run(work)
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in forgotten.items())
