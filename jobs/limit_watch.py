"""Watches accounts with limits: values them at current prices and pauses those that have reached a limit.

What was kept of an account is in the database, so a limit that was reached while the desk was not running is acted on
by the first run after it. An old price never moves the value of an account.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime

from core.clock import Clock
from core.database import Pool
from trading.limits.account_limits import pause_reached, value_accounts
from trading.limits.postgres import PostgresLimits
from trading.market_data import DeskMarket

EVERY_SECONDS = 20
"""Less than the minute for which a valuation serves orders, so that most need none of their own."""

BATCH_SIZE = 500
"""Accounts that are valued by one statement, at the same prices."""


class LimitWatch:
    """Job for the accounts of the running market; `run` may be called by any number of desks at once. Calls `on_told`
    when notices entered the outbox.
    """

    def __init__(
        self, pool: Pool, market: DeskMarket, clock: Clock, *, jitter: random.Random, on_told: Callable[[], None]
    ) -> None:
        self._store = PostgresLimits(pool, jitter=jitter)
        self._market = market
        self._clock = clock
        self._on_told = on_told

    async def run(self) -> int:
        """Returns the number of pauses that began. Raises DatabaseUnavailable and MarketUnavailable."""
        info, paused, after = self._market.info(), 0, 0
        while accounts := await self._store.watched(info.market, info.quote_asset, after, BATCH_SIZE):
            at = datetime.fromtimestamp(self._clock() / 1000, UTC)
            valued = await value_accounts(accounts, self._store, self._market, at)
            paused += await pause_reached(valued, self._store, self._market, at)
            after = accounts[-1].account_id
        if paused:
            self._on_told()
        return paused
