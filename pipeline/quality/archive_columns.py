"""The candle archive in columns: one symbol at a time, copied in PostgreSQL's binary form."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import asyncpg

from core.sql import load_queries
from pipeline.archive.columns import columns_of, copy_minutes
from pipeline.archive.postgres import translated
from pipeline.candles import CandleColumns
from pipeline.market import Symbol

_QUERIES = load_queries(__package__, "queries.sql")
_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class ArchivedMarket:
    """Market of the archive, and the open time of its newest candle, UTC ms."""

    name: str
    newest: int


async def archived_markets(connection: "asyncpg.Connection[asyncpg.Record]") -> list[ArchivedMarket]:
    """Returns every market of the archive, the one with the newest candle first. Raises MarketUnavailable."""
    with translated():
        rows = await connection.fetch(_QUERIES["markets"], timeout=_SECONDS)
    return [ArchivedMarket(row["market"], row["newest"]) for row in rows]


async def archived_candles(
    connection: "asyncpg.Connection[asyncpg.Record]", market: str, span: tuple[int, int], only: Sequence[Symbol]
) -> AsyncIterator[tuple[Symbol, CandleColumns]]:
    """Yields each symbol's 1-minute candles of the span [start, end), oldest first; only those of `only`, if it has
    any.

    Raises MarketUnavailable.
    """
    start, end = span
    with translated():
        rows = await connection.fetch(_QUERIES["symbols"], market, start, end, list(only) or None, timeout=_SECONDS)
    for row in rows:
        symbol = Symbol(row["symbol"])
        with translated():
            copied = await copy_minutes(connection, market, symbol, span, seconds=_SECONDS)
        yield symbol, columns_of(copied)
