"""Ends alerts whose time is over, and alerts on orders that have ended. Nothing fires meanwhile: firing checks both."""

import random

from core.database import Database, Pool
from core.sql import load_queries
from pipeline.ports import MarketReader

SQL = load_queries(__package__, "alert_expiry.sql")

EVERY_SECONDS = 60


class AlertExpiry:
    """Job that ends alerts of the running market."""

    def __init__(self, pool: Pool, market: MarketReader, *, jitter: random.Random) -> None:
        self._database = Database(pool, jitter=jitter)
        self._market = market

    async def run(self) -> int:
        """Returns the number of alerts that it ended. Raises DatabaseUnavailable and MarketUnavailable."""
        market, now = self._market.info().market, self._market.now()
        return sum([len(await self._database.fetch(query, market, now)) for query in SQL.values()])
