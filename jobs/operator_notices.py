"""Notifications to operators, sent by the outbox."""

import random
from collections.abc import Collection

from core.database import Connection, Database, Pool
from core.outbox import encode, kind_of
from core.sql import load_queries
from people.notifications.notices import Notice

SQL = load_queries(__package__, "operator_notices.sql")


class OperatorNotices:
    """Sender of notices to operators. `ids` are pairs of a platform and an id there; the user of the console is one of
    them.
    """

    def __init__(self, pool: Pool, ids: Collection[tuple[str, str]], jitter: random.Random) -> None:
        self._database = Database(pool, jitter=jitter)
        self._ids = sorted(ids)

    async def send(self, key: str, notice: Notice) -> int:
        """Sends the notice once for a `key`, however often it is called; returns the number of recipients. Raises
        DatabaseUnavailable.
        """
        platforms, ids = [platform for platform, _ in self._ids], [id_ for _, id_ in self._ids]

        async def work(connection: Connection) -> int:
            told = (platforms, ids, key, kind_of(notice), encode(notice))
            return len(await connection.fetch(SQL["tell"], *told))

        return await self._database.run(work)
