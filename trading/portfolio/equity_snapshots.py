"""Daily equity in PostgreSQL: the only module of this package that accesses it."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import asyncpg

from core.database import Connection, Database, Pool
from core.decimals import ROUNDING
from core.sql import load_queries
from pipeline.archive.units import Units, units_of
from pipeline.market import Symbol
from trading.constraints import LEDGER_REFUSALS
from trading.portfolio.positions import Holding

SQL = load_queries(__package__, "equity_snapshots.sql")

MAX_DAYS = 1000
MAX_STANDINGS = 100


@dataclass(frozen=True, slots=True)
class AccountSnapshot:
    """Account to be valued: its cash, holdings by (symbol, base asset) with their `units`, and the orders of its
    round.
    """

    account_id: int
    round: int
    granted: Decimal
    trades: int
    cash: Decimal
    holdings: Mapping[tuple[Symbol, str], Holding]
    units: Units


@dataclass(frozen=True, slots=True)
class ValuedAccount:
    """Account with its equity; `unpriced` positions are valued at zero, `stale` ones at an old price."""

    worth: AccountSnapshot
    equity: Decimal
    unpriced: int
    stale: int


@dataclass(frozen=True, slots=True)
class DayEquity:
    """Equity of an account on a date (UTC), and the grant it is measured against."""

    day: date
    round: int
    equity: Decimal
    granted: Decimal


@dataclass(frozen=True, slots=True)
class LeaderboardRow:
    """Account between two dates: `began` is the equity that its gain is measured against, `day` the date of its newest
    snapshot.
    """

    account_id: int
    person_id: int
    day: date
    round: int
    began: Decimal
    equity: Decimal
    trades: int

    @property
    def gain(self) -> Decimal:
        """Gain as a fraction of `began`: 0.05 is 5 %."""
        return ROUNDING.divide(ROUNDING.subtract(self.equity, self.began), self.began)


class EquitySnapshotStore:
    """Store of daily equity on a pool whose role is paperdesk_app. Methods raise DatabaseUnavailable and may be
    repeated without harm.
    """

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom(), refusals=LEDGER_REFUSALS)

    async def unvalued(self, market: str, quote: str, day: date, after: int, limit: int) -> Sequence[AccountSnapshot]:
        """Returns open accounts with an id above `after` that have no snapshot of the date, each read atomically."""

        async def work(connection: Connection) -> Sequence[AccountSnapshot]:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                accounts = await connection.fetch(SQL["accounts"], market, quote, day, after, limit)
                balances = await connection.fetch(SQL["balances"], [row["id"] for row in accounts])
            return _worths(accounts, balances, quote)

        return await self._database.run(work)

    async def save(self, market: str, quote: str, day: date, at: datetime, valued: Sequence[ValuedAccount]) -> int:
        """Stores the snapshots that do not exist yet; returns their number."""
        columns = zip(*(_columns(each) for each in valued), strict=True)

        async def work(connection: Connection) -> int:
            return len(await connection.fetch(SQL["keep"], day, market, quote, at, *lists))

        lists = [list(column) for column in columns]
        return await self._database.run(work) if valued else 0

    async def series(self, account_id: int, since: date, limit: int = MAX_DAYS) -> Sequence[DayEquity]:
        """Returns an account day by day, oldest first; the newest `limit` if there are more."""
        rows = await self._rows("series", account_id, since, min(limit, MAX_DAYS))
        return [DayEquity(*row) for row in rows]

    async def standings(
        self, market: str, quote: str, first: date, last: date, limit: int = MAX_STANDINGS
    ) -> Sequence[LeaderboardRow]:
        """Returns the accounts by their gain between two dates, best first. Amounts that were granted or merged in
        between do not count as gain, and after a reset only the new round counts.
        """
        rows = await self._rows("standings", market, quote, first, last, min(limit, MAX_STANDINGS))
        return [LeaderboardRow(*row) for row in rows]

    async def _rows(self, name: str, *arguments: object) -> list[asyncpg.Record]:
        return await self._database.fetch(SQL[name], *arguments)


def _worths(
    accounts: Sequence[asyncpg.Record], balances: Sequence[asyncpg.Record], quote: str
) -> Sequence[AccountSnapshot]:
    cash: dict[int, Decimal] = {}
    held: defaultdict[int, dict[tuple[Symbol, str], Holding]] = defaultdict(dict)
    rows: defaultdict[int, list[asyncpg.Record]] = defaultdict(list)
    for row in balances:
        rows[row["account_id"]].append(row)
        if row["asset"] == quote:
            cash[row["account_id"]] = row["total"]
        else:
            holding = Holding(row["total"], row["cost"], row["realised"])
            held[row["account_id"]][Symbol(row["symbol"]), row["asset"]] = holding
    return [
        AccountSnapshot(
            row["id"],
            row["round"],
            row["granted"],
            row["trades"],
            cash.get(row["id"], Decimal(0)),
            held[row["id"]],
            units_of(rows[row["id"]]),
        )
        for row in accounts
    ]


def _columns(valued: ValuedAccount) -> tuple[object, ...]:
    worth = valued.worth
    return (
        worth.account_id,
        worth.round,
        valued.equity,
        worth.granted,
        worth.trades,
        valued.unpriced,
        valued.stale,
    )
