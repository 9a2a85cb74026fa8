"""Store of VaR forecasts and their judgements in PostgreSQL."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import asyncpg
import msgspec
import numpy as np

from core.database import Connection, Database, Pool
from core.sql import load_queries
from pipeline.candles import Floats
from pipeline.market import Symbol
from trading.portfolio.nightly_risk import FrozenPosition, HeldPortfolio, JudgedNight, RiskForecast
from trading.risk.tables import CONFIDENCES, METHODS

SQL = load_queries(__package__, "risk_forecasts.sql")

MAX_NIGHTS = 500
"""Nights that are kept, and judged together."""

_POSITIONS = msgspec.json.Decoder(dict[str, tuple[float, float]])
_FIGURES = [f"{method}_{round(100 * level)}" for method in METHODS for level in CONFIDENCES]


@dataclass(frozen=True, slots=True)
class OpenForecast:
    """Forecast whose day has ended and is not judged."""

    account_id: int
    day: date
    positions: Mapping[Symbol, FrozenPosition]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Return of a frozen portfolio on its day, None if it will never be known, and the positions without a close."""

    account_id: int
    day: date
    realised: float | None
    doubtful: int


class RiskForecastStore:
    """Store of forecasts on a pool whose role is paperdesk_app. Methods raise DatabaseUnavailable and may be repeated
    without harm.
    """

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom())

    async def symbols(self, market: str, quote: str) -> Sequence[Symbol]:
        """Returns the symbols of which closes are needed, sorted."""
        return sorted(Symbol(row["symbol"]) for row in await self._database.fetch(SQL["symbols"], market, quote))

    async def without_forecast(
        self, market: str, quote: str, day: date, after: int, limit: int
    ) -> Sequence[HeldPortfolio]:
        """Returns open accounts with coins and an id above `after` that have no forecast of the date, except those with
        a coin that is held for a decision.
        """

        async def work(connection: Connection) -> Sequence[HeldPortfolio]:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                accounts = await connection.fetch(SQL["accounts"], market, quote, day, after, limit)
                balances = await connection.fetch(SQL["balances"], [row["id"] for row in accounts])
            return _portfolios([row["id"] for row in accounts], balances, quote)

        return await self._database.run(work)

    async def save(self, market: str, quote: str, day: date, at: datetime, made: Sequence[RiskForecast]) -> int:
        """Stores the forecasts that do not exist yet; returns their number."""
        if not made:
            return 0
        lists = [list(column) for column in zip(*map(_columns, made), strict=True)]
        return len(await self._database.fetch(SQL["save"], day, market, quote, at, *lists))

    async def open(
        self, market: str, quote: str, before: date, after: tuple[date, int], limit: int
    ) -> Sequence[OpenForecast]:
        """Returns forecasts of dates before `before` that are not judged, in the order of date and account, after these
        two. Those with a coin that is held for a decision wait for it.
        """
        rows = await self._database.fetch(SQL["open"], market, quote, before, *after, limit)
        return [OpenForecast(row["account_id"], row["day"], _positions(row["positions"])) for row in rows]

    async def judge(self, at: datetime, judged: Sequence[Judgement]) -> int:
        """Stores the judgements of forecasts that have none; returns their number."""
        if not judged:
            return 0
        columns = ([getattr(each, name) for each in judged] for name in Judgement.__dataclass_fields__)
        return len(await self._database.fetch(SQL["judge"], at, *columns))

    async def record(self, account_id: int, limit: int = MAX_NIGHTS) -> Sequence[JudgedNight]:
        """Returns the newest judged nights of an account, oldest first."""
        rows = await self._database.fetch(SQL["record"], account_id, min(limit, MAX_NIGHTS))
        return [JudgedNight(row["day"], _figures(row), row["realised"], row["doubtful"]) for row in rows]

    async def trim(self, before: date, limit: int) -> int:
        """Deletes at most `limit` forecasts of dates before `before`; returns their number."""
        return len(await self._database.fetch(SQL["trim"], before, limit))


def _portfolios(accounts: Sequence[int], balances: Sequence[asyncpg.Record], quote: str) -> Sequence[HeldPortfolio]:
    cash: dict[int, Decimal] = {}
    held: dict[int, dict[Symbol, Decimal]] = {account: {} for account in accounts}
    for row in balances:
        if row["asset"] == quote:
            cash[row["account_id"]] = row["total"]
        else:
            held[row["account_id"]][Symbol(row["symbol"])] = row["total"]
    return [HeldPortfolio(account, cash.get(account, Decimal(0)), held[account]) for account in accounts]


def _columns(made: RiskForecast) -> tuple[object, ...]:
    positions = {symbol: (each.weight, each.close) for symbol, each in made.positions.items()}
    figures = [float(figure) if np.isfinite(figure) else None for figure in made.figures.ravel()]
    return (made.account_id, made.equity, msgspec.json.encode(positions).decode(), made.doubtful, *figures)


def _positions(text: str) -> Mapping[Symbol, FrozenPosition]:
    return {Symbol(symbol): FrozenPosition(*each) for symbol, each in _POSITIONS.decode(text).items()}


def _figures(row: asyncpg.Record) -> Floats:
    figures = [np.nan if row[name] is None else row[name] for name in _FIGURES]
    return np.array(figures).reshape(len(METHODS), len(CONFIDENCES))
