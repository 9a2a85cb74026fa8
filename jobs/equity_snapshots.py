"""Stores the equity of every account once a day, as the basis of seasons and ranks."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from core.clock import Clock
from core.database import Pool
from pipeline.market import Symbol
from trading.market_data import DeskMarket
from trading.portfolio.equity_snapshots import AccountSnapshot, EquitySnapshotStore, ValuedAccount
from trading.portfolio.marks import marks_of
from trading.portfolio.positions import Mark, value_portfolio

BATCH_SIZE = 500
"""Accounts that are valued at the same prices."""


@dataclass(frozen=True, slots=True)
class SnapshotReport:
    """Number of accounts that were valued, and of those with a position whose price is missing or old."""

    accounts: int = 0
    doubtful: int = 0

    def __str__(self) -> str:
        return f"{self.accounts} accounts, {self.doubtful} of them at doubtful prices"


class EquitySnapshots:
    """Job for the accounts of the running market that have no snapshot of the day (UTC) yet.

    `run` may be called by any number of desks at once, and be killed at any moment: the next call continues.
    """

    def __init__(self, pool: Pool, market: DeskMarket, clock: Clock, *, jitter: random.Random) -> None:
        self._book = EquitySnapshotStore(pool, jitter=jitter)
        self._market = market
        self._clock = clock

    async def run(self) -> SnapshotReport:
        """Values the accounts and stores the snapshots. Raises DatabaseUnavailable and MarketUnavailable, in which case
        the rest waits for the next run.
        """
        info, now = self._market.info(), datetime.fromtimestamp(self._clock() / 1000, UTC)
        where = (info.market, info.quote_asset, now.date())
        taken, after = SnapshotReport(), 0
        while worths := await self._book.unvalued(*where, after, BATCH_SIZE):
            symbols = sorted(
                {symbol for each in worths for (symbol, _), held in each.holdings.items() if held.quantity}
            )
            marks = await marks_of(self._market, symbols)
            valued = [_valued(each, info.quote_asset, marks) for each in worths]
            kept = await self._book.save(*where, now, valued)
            doubtful = sum(1 for each in valued if each.unpriced or each.stale)
            taken, after = SnapshotReport(taken.accounts + kept, taken.doubtful + doubtful), worths[-1].account_id
        return taken


def _valued(worth: AccountSnapshot, quote: str, marks: Mapping[Symbol, Mark]) -> ValuedAccount:
    """Values an account with the formula of /portfolio."""
    portfolio = value_portfolio(quote, worth.cash, worth.granted, worth.holdings, marks, units=worth.units)
    unpriced = sum(1 for position in portfolio.positions if position.value is None)
    return ValuedAccount(
        worth, portfolio.equity, unpriced, sum(1 for position in portfolio.positions if position.stale)
    )
