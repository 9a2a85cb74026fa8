"""Candles of the archive in columns, without order flow, copied in PostgreSQL's binary form."""

from dataclasses import replace
from typing import TypeAlias

import asyncpg
import asyncpg.pool
import numpy as np

from core.sql import load_queries
from pipeline.archive.units import UnitChange
from pipeline.candles import CandleColumns
from pipeline.market import Symbol

_MINUTES = load_queries(__package__, "queries.sql")["columns"].rstrip("; \n")
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


Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"


async def copy_minutes(
    connection: Connection, market: str, symbol: Symbol, span: tuple[int, int], *, seconds: float
) -> bytes:
    """Returns the 1-minute candles of the span [start, end) (UTC ms), oldest first, as they are copied.

    Raises the errors of asyncpg.
    """
    parts: list[bytes] = []

    async def keep(part: bytes) -> None:
        parts.append(part)

    await connection.copy_from_query(_MINUTES, market, symbol, *span, output=keep, format="binary", timeout=seconds)
    return b"".join(parts)


def columns_of(copied: bytes) -> CandleColumns:
    """Returns copied candles as columns."""
    count = (len(copied) - _HEADER_BYTES) // _ROW.itemsize  # after the rows only the trailer of two bytes is left
    table = np.frombuffer(copied, _ROW, count, _HEADER_BYTES)
    return CandleColumns(*(table[name].astype(table[name].dtype.newbyteorder("=")) for name in _COLUMNS))


def in_present_unit(columns: CandleColumns, changes: list[UnitChange]) -> CandleColumns:
    """Returns 1-minute candles in the present unit: prices are divided by the ratio, volumes are multiplied by it."""
    ratio = np.ones(len(columns))
    for change in changes:
        ratio[columns.open_time < change.since] *= float(change.ratio)
    return replace(
        columns,
        open=columns.open / ratio,
        high=columns.high / ratio,
        low=columns.low / ratio,
        close=columns.close / ratio,
        volume=columns.volume * ratio,
        taker_volume=None if columns.taker_volume is None else columns.taker_volume * ratio,
    )
