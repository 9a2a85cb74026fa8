"""Statements of accounts at past moments, as sums over the append-only ledger."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol

import asyncpg

from core.clock import Clock
from core.database import Connection, Database, Pool
from core.decimals import EXACT
from core.sql import load_queries
from pipeline.archive.units import Units, units_of
from pipeline.errors import MarketUnavailable, UnknownSymbol
from pipeline.market import DAY_MS, Symbol
from trading.ledger.correction_errors import UnknownAccount
from trading.ledger.rows import account_of
from trading.market_data import DeskMarket
from trading.orders.open_orders import OrderStatus
from trading.orders.terms import OrderType
from trading.orders.types import Balance, Side
from trading.portfolio.marks import marks_of
from trading.portfolio.positions import ZERO, Holding, Mark, value_portfolio
from trading.ports import Account
from trading.reports.statement import BeforeAccount, StatedOrder, Statement, StatementTooLong

SQL = load_queries(__package__, "statements.sql")

MAX_ENTRIES = 50_000
MAX_ORDERS = 200
PRICE_AGE_MS = 31 * DAY_MS
"""Age of an archived price above which no price is known."""

CALL_SECONDS = 15.0


class ClosePrices(Protocol):
    """Archived closes; `CandleArchive` is one."""

    async def closes(self, market: str, symbol: Symbol, until: int, count: int) -> tuple[list[int], list[float]]:
        """Returns the last closes known at `until`, oldest first: the end of each minute, and its close."""


@dataclass(frozen=True, slots=True)
class _Folded:
    """Sums of the entries up to the moment."""

    granted: Decimal
    round: int
    balances: list[Balance]
    holdings: Mapping[tuple[Symbol, str], Holding]
    orders: list[StatedOrder]
    units: Units


class PostgresStatements:
    """`trading.reports.statement.Statements` on a pool whose role may read the ledger. `clock` is the wall clock."""

    def __init__(
        self,
        pool: Pool,
        market: DeskMarket | None,
        prices: ClosePrices,
        clock: Clock,
        *,
        jitter: random.Random | None = None,
        call_seconds: float = CALL_SECONDS,
        max_entries: int = MAX_ENTRIES,
    ) -> None:
        """Without a `market`, the present is valued at archived prices as well."""
        self._database = Database(pool, jitter=jitter or random.SystemRandom(), call_seconds=call_seconds)
        self._max_entries = max_entries
        self._market = market
        self._prices = prices
        self._clock = clock
        self._turn = asyncio.Lock()

    async def account(self, account_id: int) -> Account:
        """Returns an account by its number. Raises UnknownAccount."""
        rows = await self._database.fetch(SQL["account"], account_id)
        if not rows:
            raise UnknownAccount(account_id)
        return account_of(rows[0])

    async def statement(self, account: Account, at: datetime | None = None) -> Statement:
        """Returns the statement at a moment, now for None or a later one. Raises BeforeAccount and StatementTooLong."""
        now = datetime.fromtimestamp(self._clock() / 1000, UTC)
        present = at is None or at >= now
        moment = now if at is None or present else at
        if moment < account.opened_at:
            raise BeforeAccount(account.opened_at)
        async with self._turn:  # a long account takes a moment of the database: others' orders come first
            folded = await self._database.run(
                lambda connection: _folded(connection, account, moment, self._max_entries)
            )
        marks, priced_at = await self._marks(account, folded, moment, present=present)
        cash = next((each.total for each in folded.balances if each.asset == account.quote_asset), Decimal(0))
        portfolio = value_portfolio(
            account.quote_asset, cash, folded.granted, folded.holdings, marks, units=folded.units
        )
        then = replace(account, round=folded.round, granted=folded.granted)
        return Statement(
            then, moment, portfolio, [each for each in folded.balances if each.total], folded.orders, priced_at
        )

    async def _marks(
        self, account: Account, folded: _Folded, moment: datetime, *, present: bool
    ) -> tuple[dict[Symbol, Mark], dict[Symbol, int]]:
        held = sorted({symbol for (symbol, _), holding in folded.holdings.items() if holding.quantity})
        if present and self._market is not None:
            return await marks_of(self._market, held), {}
        time = self._market_time(account.market, moment)
        marks: dict[Symbol, Mark] = {}
        priced_at: dict[Symbol, int] = {}
        for symbol in held:
            for known_at, close in zip(*await self._prices.closes(account.market, symbol, time, 1), strict=True):
                if time - known_at <= PRICE_AGE_MS:
                    marks[symbol] = Mark(Decimal(str(close)), self._scale(symbol), stale=False, time=known_at - 1)
                    priced_at[symbol] = known_at
        return marks, priced_at

    def _market_time(self, market: str, moment: datetime) -> int:
        """Returns the moment on the clock of the account's market, which only a running replay has of its own."""
        wall = int(moment.timestamp() * 1000)
        try:
            info = None if self._market is None else self._market.info()
        except MarketUnavailable:
            return wall
        return wall if info is None or info.market != market else info.now(wall)

    def _scale(self, symbol: Symbol) -> int:
        try:
            return 8 if self._market is None else self._market.rules(symbol).quote_scale
        except (UnknownSymbol, MarketUnavailable):
            return 8


async def _folded(connection: Connection, account: Account, moment: datetime, limit: int) -> _Folded:
    number = account.account_id
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        if await connection.fetchval(SQL["entries_until"], number, moment, limit + 1) > limit:
            raise StatementTooLong(limit)
        round_ = await connection.fetchrow(SQL["round"], number, moment)
        amounts = {row["asset"]: row for row in await connection.fetch(SQL["amounts"], number, moment)}
        known = await connection.fetch(SQL["symbols"], number, moment)
        orders = await connection.fetch(SQL["open_orders"], number, moment, MAX_ORDERS)
    balances = [Balance(asset, row["available"], row["held"]) for asset, row in amounts.items()]
    balances.sort(key=lambda each: (each.asset != account.quote_asset, each.asset))
    return _Folded(
        ZERO if round_ is None else round_["granted"],
        0 if round_ is None else round_["round"],
        balances,
        {(Symbol(row["symbol"]), row["asset"]): _holding(amounts.get(row["asset"])) for row in known},
        [
            StatedOrder(
                row["id"],
                Symbol(row["symbol"]),
                Side(row["side"]),
                OrderType(row["type"]),
                OrderStatus(row["status"]),
                row["quantity"],
                row["filled"],
                row["price"],
            )
            for row in orders
        ],
        units_of(known),
    )


def _holding(row: asyncpg.Record | None) -> Holding:
    if row is None:
        return Holding()
    return Holding(EXACT.add(row["available"], row["held"]), row["cost"], row["realised"])
