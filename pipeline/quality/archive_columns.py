"""The candle archive in columns: one symbol at a time, copied in PostgreSQL's binary form."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import asyncpg
import numpy as np

from core.sql import load_queries
from pipeline.archive.postgres import translated
from pipeline.candles import CandleColumns
from pipeline.market import Symbol

_QUERIES = load_queries(__package__, "queries.sql")
_SECONDS = 120.0
_COLUMNS = ("open_time", "open", "high", "low", "close", "volume", "quote_volume", "trades")
_HEADER_BYTES = 19
_ROW = np.dtype(
    [("fields", ">i2")]
    + [
        item
        for name in _COLUMNS
        for item in ((f"{name}_size", ">i4"), (name, ">i8" if name in {"open_time", "trades"} else ">f8"))
    ]
)
"""A row of binary COPY: the number of fields, then each one's size (8, none is null) and value."""


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
        parts: list[bytes] = []

        async def keep(part: bytes, parts: list[bytes] = parts) -> None:
            parts.append(part)

        with translated():
            await connection.copy_from_query(
                _QUERIES["candles"], market, symbol, start, end, output=keep, format="binary", timeout=_SECONDS
            )
        yield symbol, _columns(b"".join(parts))


def _columns(copied: bytes) -> CandleColumns:
    count = (len(copied) - _HEADER_BYTES) // _ROW.itemsize  # after the rows only the trailer of two bytes is left
    table = np.frombuffer(copied, _ROW, count, _HEADER_BYTES)
    return CandleColumns(*(table[name].astype(table[name].dtype.newbyteorder("=")) for name in _COLUMNS))
