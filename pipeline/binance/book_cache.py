"""Order books by REST for a short time, so that many orders of one symbol cost one request."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from decimal import Decimal

from core.clock import Clock
from pipeline.binance.request_weight import ASKED_SHARE
from pipeline.binance.rest import DEPTH_WEIGHT, BinanceRest
from pipeline.market import Level, OrderBook, Symbol

FRESH_MS = 700
"""Time (milliseconds) for which a book answers further requests."""

LAST_MS = 15_000
"""Time (milliseconds) for which the last book is used while the request limits allow no new request."""

MAX_BOOKS = 128
MAX_DISPLAYS = 10_000


@dataclass(frozen=True, slots=True)
class _Remembered:
    """Cached book, the moment (steady clock, ms) of its request, and the time of the newest quote known then."""

    book: OrderBook
    moment: int
    after: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """Pending request, and the time of the newest quote known when it was sent."""

    after: int
    answer: asyncio.Task[OrderBook]


class BookCache:
    """Cache of the best 100 levels of each symbol. Callers share a pending request for the same symbol.

    A book that was requested before the newest quote was known is not used, because it may not contain the prices of
    that quote. A symbol therefore costs at most one request for each FRESH_MS and one for each quote.

    A book keeps the time at which its display was first seen while Binance's `lastUpdateId` stays the same. `steady` is
    a monotonic clock.
    """

    def __init__(self, rest: BinanceRest, steady: Clock) -> None:
        self._rest = rest
        self._steady = steady
        self._books: OrderedDict[Symbol, _Remembered] = OrderedDict()
        self._displays: OrderedDict[Symbol, tuple[int, int]] = OrderedDict()
        self._asked: dict[Symbol, _Asked] = {}
        self._tasks: set[asyncio.Task[OrderBook]] = set()

    async def order_book(self, symbol: Symbol, after: int = 0) -> OrderBook | None:
        """Returns a book at most FRESH_MS old that was requested after the quote of the time `after` was known.

        If the share of the request limits for books is used up, returns the last book if it is newer than that quote
        and at most LAST_MS old; otherwise None, and callers use bid and ask. Raises MarketUnavailable.
        """
        known = self._books.get(symbol)
        if known is not None and known.after >= after and self._age_ms(known) <= FRESH_MS:
            return known.book
        asked = self._asked.get(symbol)
        if asked is None or asked.after < after:
            if not self._rest.within(DEPTH_WEIGHT, ASKED_SHARE):
                newest = known is not None and known.book.time >= after and self._age_ms(known) <= LAST_MS
                return known.book if known is not None and newest else None
            asked = self._asked[symbol] = _Asked(after, asyncio.create_task(self._ask(symbol, after)))
            self._tasks.add(asked.answer)
            asked.answer.add_done_callback(lambda done: self._forget(symbol, done))
        return await asyncio.shield(asked.answer)

    async def aclose(self) -> None:
        """Cancels pending requests."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _age_ms(self, known: _Remembered) -> int:
        return self._steady() - known.moment

    def _forget(self, symbol: Symbol, done: asyncio.Task[OrderBook]) -> None:
        self._tasks.discard(done)
        asked = self._asked.get(symbol)
        if asked is not None and asked.answer is done:
            del self._asked[symbol]
        if not done.cancelled():
            done.exception()  # all callers may have been cancelled

    async def _ask(self, symbol: Symbol, after: int) -> OrderBook:
        moment = self._steady()
        await self._rest.keep_time()
        time = max(self._rest.now(), after)
        depth = await self._rest.depth(symbol)
        bids, asks = (
            tuple(Level(Decimal(price), Decimal(quantity)) for price, quantity in side)
            for side in (depth.bids, depth.asks)
        )
        known = self._books.get(symbol)
        if known is not None and known.moment > moment:  # a later request was answered first
            return OrderBook(symbol, time, bids, asks)
        book = OrderBook(symbol, time, bids, asks, self._since(symbol, depth.last_id, time))
        self._books[symbol] = _Remembered(book, moment, after)
        self._books.move_to_end(symbol)
        if len(self._books) > MAX_BOOKS:
            self._books.popitem(last=False)
        return book

    def _since(self, symbol: Symbol, last_id: int, time: int) -> int:
        known_id, since = self._displays.get(symbol, (last_id, time))
        if known_id != last_id:
            since = time
        self._displays[symbol] = last_id, since
        self._displays.move_to_end(symbol)
        if len(self._displays) > MAX_DISPLAYS:
            self._displays.popitem(last=False)
        return since
