"""Held symbols in PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from core.sql import load_queries
from pipeline.archive.postgres import translated
from pipeline.market import Symbol
from pipeline.quality.trading_gaps import SymbolHold

_QUERIES = load_queries(__package__, "holds.sql")
_WAIT_SECONDS = 5.0


class PostgresHolds:
    """`pipeline.quality.trading_gaps.HoldStore` on a pool whose role is paperdesk_app."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        self._pool = pool

    async def add(self, market: str, holds: Sequence[SymbolHold]) -> None:
        """Stores holds; a symbol that is held already stays as it is."""
        rows = [(market, hold.symbol, hold.last_price, hold.jumped_price, hold.time) for hold in holds]
        with translated():
            await self._pool.executemany(_QUERIES["add"], rows, timeout=_WAIT_SECONDS)

    async def held(self, market: str) -> frozenset[Symbol]:
        """Returns the symbols that are held."""
        with translated():
            rows = await self._pool.fetch(_QUERIES["held"], market, timeout=_WAIT_SECONDS)
        return frozenset(Symbol(row["symbol"]) for row in rows)

    async def last_prices(self, market: str, symbols: Sequence[Symbol]) -> Mapping[Symbol, tuple[int, str]]:
        """Returns the time (UTC ms) and the price of the last archived candle of each symbol."""
        with translated():
            rows = await self._pool.fetch(_QUERIES["last_prices"], market, list(symbols), timeout=_WAIT_SECONDS)
        return {Symbol(row["symbol"]): (row["time"], str(row["close"])) for row in rows}
