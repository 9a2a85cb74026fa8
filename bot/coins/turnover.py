"""Symbols by recent turnover, which is the order in which they are offered."""

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal

from core.errors import DeskError
from pipeline.market import Quote, Symbol
from pipeline.ports import MarketReader

FRESH_MS = 60_000
"""Time for which the order of the symbols is kept (milliseconds)."""


class Turnover:
    """The 24-hour turnover of every symbol in the quote asset, read at most once in `FRESH_MS`."""

    def __init__(self) -> None:
        self._of: Mapping[Symbol, Decimal] = {}
        self._read_at: int | None = None

    async def refresh(self, market: MarketReader, now_ms: int) -> None:
        """Reads the turnover if it is old; keeps the last one if the market store is down. `now_ms` is UTC
        milliseconds.
        """
        if self._read_at is not None and now_ms - self._read_at < FRESH_MS:
            return
        self._read_at = now_ms
        with suppress(DeskError):
            self.seen(await market.quotes())

    def seen(self, quotes: Mapping[Symbol, Quote]) -> None:
        """Stores the turnover of quotes that were read."""
        self._of = {symbol: quote.volume_24h or Decimal(0) for symbol, quote in quotes.items()}

    def of(self, symbol: Symbol) -> Decimal:
        """Returns the turnover of the symbol; 0 if it is not known."""
        return self._of.get(symbol, Decimal(0))
