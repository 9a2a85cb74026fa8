"""Forgets what has expired: codes for linking, wrong ones that were entered, messages to everyone that nobody sent.

Previews and menus expire in Redis by themselves, what was said and alerts that are over where they are sent from.
"""

import random

from core.database import Connection, Database, Pool
from core.sql import load_queries

SQL = load_queries(__package__, "cleanup.sql")

EVERY_SECONDS = 3600


async def expire(pool: Pool, jitter: random.Random) -> str:
    """What was forgotten, in words. Raises DatabaseUnavailable."""

    async def work(connection: Connection) -> dict[str, int]:
        return {name: int((await connection.execute(query)).rpartition(" ")[2]) for name, query in SQL.items()}

    forgotten = await Database(pool, jitter=jitter).run(work)
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in forgotten.items())
