"""REST snapshots of all symbols at once, for those that the streams cannot confirm."""

import asyncio
import logging

from core.clock import Clock
from pipeline.binance.connections import Connections
from pipeline.binance.live_market import LiveMarket, SnapshotRequest
from pipeline.binance.rest import BOOKS_WEIGHT, DAY_WEIGHT, BinanceRest
from pipeline.errors import MarketUnavailable
from pipeline.market import Symbol

log = logging.getLogger(__name__)

SKEW_MS = 1_000
"""Milliseconds between streamed events and the estimate of Binance's clock above which the estimate may be wrong."""

_CLOCK_EVERY = 2
_RENEW_EVERY = 12
_HOPELESS_EVERY = 12


class RestFallback:
    """REST snapshots for symbols that no stream confirms.

    Snapshots are taken at least every `fallback_seconds` while a connection is down or silent, at once after a
    connection was interrupted, and for symbols whose price moves while their book is silent. The connections of the
    latter are also renewed.

    Last prices and best quotes cost 8 of the 6,000 a minute. The day's figures cost 80 more; they are requested every
    `day_seconds` if enough of the request limits is left.
    """

    def __init__(
        self,
        rest: BinanceRest,
        market: LiveMarket,
        connections: Connections,
        fallback_seconds: float,
        day_seconds: float,
        *,
        steady: Clock,
    ) -> None:
        self.snapshots = 0
        self._rest = rest
        self._market = market
        self._connections = connections
        self._seconds = fallback_seconds
        self._day_seconds = day_seconds
        self._steady = steady
        self._awake = asyncio.Event()
        self._asked_at = self._day_at = self._renewed_at = self._clock_at = float("-inf")
        self._hopeless: set[Symbol] = set()

    def wake(self) -> None:
        """Requests an immediate snapshot after a connection was opened, because the events before it are unknown."""
        self._awake.set()

    async def start(self) -> None:
        """Takes the first snapshot, of all symbols."""
        await self._try_snapshot(None)

    async def run(self) -> None:
        """Runs until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            woken = await self._wait(self._seconds / 5)
            self._renew_where_doubtful(loop.time())
            await self._check_clock(loop.time())
            if loop.time() - self._asked_at < (0.2 if woken else 0.7) * self._seconds:
                continue
            wanted = self._wanted()
            patience = _HOPELESS_EVERY * self._seconds if wanted <= self._hopeless else 0.0
            if wanted and loop.time() - self._asked_at >= patience:
                told = await self._try_snapshot(wanted)
                self._hopeless = self._unsettled() if told else set()

    async def _wait(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._awake.wait()
        except TimeoutError:
            return False
        self._awake.clear()
        return True

    def _wanted(self) -> set[Symbol]:
        """Returns the symbols that no stream confirms now."""
        silent = {
            symbol
            for stream in self._connections.streams
            if stream.quiet_seconds > self._seconds / 2
            for symbol in self._connections.symbols_of(stream)
        }
        return silent | self._unsettled() | self._market.doubtful(self._steady())

    def _unsettled(self) -> set[Symbol]:
        return {
            symbol
            for stream, covered in self._connections.covered()
            if stream.quiet_seconds <= self._seconds / 2
            for symbol in self._market.unsettled(covered)
        }

    def _renew_where_doubtful(self, now: float) -> None:
        doubtful = self._market.doubtful(self._steady())
        if not doubtful or now - self._renewed_at <= _RENEW_EVERY * self._seconds:
            return
        log.warning("Binance sends trades of %d symbols but not their books", len(doubtful))
        self._renewed_at = now
        for stream in self._connections.streams:
            if not doubtful.isdisjoint(self._connections.symbols_of(stream)):
                stream.renew()

    async def _check_clock(self, now: float) -> None:
        """Measures Binance's clock again if the times of the streams contradict the estimate."""
        doubt = any(
            abs(stream.lead_ms) > SKEW_MS
            for stream in self._connections.streams
            if stream.quiet_seconds < self._seconds
        )
        if doubt and now - self._clock_at > _CLOCK_EVERY * self._seconds:
            self._clock_at = now
            try:
                await self._rest.server_time()
            except MarketUnavailable:
                log.info("Binance's clock cannot be measured now")

    async def _try_snapshot(self, wanted: set[Symbol] | None) -> bool:
        self._asked_at = asyncio.get_running_loop().time()
        try:
            await self._snapshot(wanted)
        except MarketUnavailable:
            log.info("no snapshot: Binance does not answer, or the request limits are used up")
            return False
        return True

    async def _snapshot(self, wanted: set[Symbol] | None) -> None:
        """Takes a snapshot. Binance's clock is measured first, so that prices are confirmed at times of that clock."""
        await self._rest.server_time()
        asked, loop = SnapshotRequest(self._steady(), self._rest.now()), asyncio.get_running_loop()
        due = loop.time() - self._day_at >= self._day_seconds
        if due and self._rest.can_spend(3 * (DAY_WEIGHT + BOOKS_WEIGHT)):
            self._day_at = loop.time()
            minis = await self._rest.tickers_24h()
            self._market.take_snapshot(minis, await self._rest.book_tickers(), asked, wanted)
        else:
            prices = await self._rest.prices()
            self._market.take_prices(prices, await self._rest.book_tickers(), asked, wanted)
        self.snapshots += 1
