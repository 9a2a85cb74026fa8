"""Order books by REST for a short time, so that many orders of one symbol cost one request."""

import asyncio
from collections import OrderedDict
from decimal import Decimal

from core.clock import Clock
from pipeline.binance.request_weight import ASKED_SHARE
from pipeline.binance.rest import DEPTH_WEIGHT, BinanceRest
from pipeline.market import Level, OrderBook, Symbol

FRESH_MS = 700
"""Time (milliseconds) for which a book answers further requests."""

MOST_BOOKS = 64
MOST_DISPLAYS = 10_000


class BookCache:
    """Cache of the best 100 levels of each symbol. Requests for one symbol share the one that is under way.

    A book keeps the time at which its display was first seen while Binance's `lastUpdateId` stays the same. `steady` is
    a clock that never goes back.
    """

    def __init__(self, rest: BinanceRest, steady: Clock) -> None:
        self._rest = rest
        self._steady = steady
        self._books: OrderedDict[Symbol, tuple[OrderBook, int]] = OrderedDict()
        self._displays: OrderedDict[Symbol, tuple[int, int]] = OrderedDict()
        self._asked: dict[Symbol, asyncio.Task[OrderBook]] = {}

    async def order_book(self, symbol: Symbol) -> OrderBook | None:
        """Returns a book at most FRESH_MS old; None if the share of the request limits for books is used up, because
        bid and ask must serve then. Raises MarketDown.
        """
        known = self._books.get(symbol)
        if known is not None and 0 <= self._steady() - known[1] <= FRESH_MS:
            return known[0]
        task = self._asked.get(symbol)
        if task is None:
            if not self._rest.within(DEPTH_WEIGHT, ASKED_SHARE):
                return None
            task = self._asked[symbol] = asyncio.create_task(self._ask(symbol))
            task.add_done_callback(lambda done: self._forget(symbol, done))
        return await asyncio.shield(task)

    async def aclose(self) -> None:
        """Ends the requests that are under way."""
        tasks = list(self._asked.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget(self, symbol: Symbol, done: asyncio.Task[OrderBook]) -> None:
        self._asked.pop(symbol, None)
        if not done.cancelled():
            done.exception()  # those who asked may all be gone

    async def _ask(self, symbol: Symbol) -> OrderBook:
        moment, time = self._steady(), self._rest.now()
        depth = await self._rest.depth(symbol)
        bids, asks = (
            tuple(Level(Decimal(price), Decimal(quantity)) for price, quantity in side)
            for side in (depth.bids, depth.asks)
        )
        book = OrderBook(symbol, time, bids, asks, self._since(symbol, depth.last_id, time))
        self._books[symbol] = book, moment
        self._books.move_to_end(symbol)
        if len(self._books) > MOST_BOOKS:
            self._books.popitem(last=False)
        return book

    def _since(self, symbol: Symbol, last_id: int, time: int) -> int:
        known_id, since = self._displays.get(symbol, (last_id, time))
        if known_id != last_id:
            since = time
        self._displays[symbol] = last_id, since
        self._displays.move_to_end(symbol)
        if len(self._displays) > MOST_DISPLAYS:
            self._displays.popitem(last=False)
        return since
