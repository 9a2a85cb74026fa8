"""The simulator as a market source."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Self

from core.clock import Clock
from pipeline.market import DAY_MS, MINUTE_MS, Candle, Frame, Interval, MarketInfo, OrderBook, SourceKind, Symbol, Trade
from pipeline.rules import SymbolRules
from pipeline.settings import SimulatorSettings
from pipeline.simulator.market import Market
from pipeline.simulator.randomness import Seed
from pipeline.simulator.universe import universe

LABEL = "SIMULATION"
MODEL = 1
"""Version of the model, raised with every change that gives the same seed another past."""

PUBLIC_SEED = 7
"""Seed of tests, benches and data from before secret seeds."""

_DIGEST_LETTERS = 16
STALE_AFTER_MS = 15_000
_MAX_MINUTES_LATE = 10
_LOOK_AHEAD_MS = 10 * MINUTE_MS


def identity_of(seed: Seed) -> str:
    """Returns the name of a seed's market, as `MarketInfo.identity`: a public seed itself, or only an HMAC of a secret
    one.
    """
    if isinstance(seed, int):
        return f"model{MODEL}-seed{seed}"
    return f"model{MODEL}-{hmac.new(seed, b'simulator market', hashlib.sha256).hexdigest()[:_DIGEST_LETTERS]}"


class SimulatorSource:
    """Simulated market that is a function of (seed, time): after a restart the same market continues.

    `clock` is its time, `cadence_ms` the interval at which every symbol is confirmed, `why` the reason for the
    simulator in one line. `seed` is the drawn one; without it the market has the seed of the settings, else
    PUBLIC_SEED.
    """

    def __init__(
        self,
        settings: SimulatorSettings,
        quote_asset: str,
        clock: Clock,
        *,
        seed: Seed | None = None,
        cadence_ms: int = 1000,
        why: str = "",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if seed is None:
            seed = PUBLIC_SEED if settings.seed is None else settings.seed
        self._market = Market(seed, universe(settings.symbols, quote_asset))
        self._identity = identity_of(seed)
        self._quote_asset = quote_asset
        self._clock = clock
        self._cadence_ms = cadence_ms
        self._why = why
        self._sleep = sleep
        self._preparing = asyncio.Lock()
        self._ahead: asyncio.Task[None] | None = None
        self._said = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._ahead is not None:
            self._ahead.cancel()
            await asyncio.gather(self._ahead, return_exceptions=True)

    def info(self) -> MarketInfo:
        """Returns the running market, with the source's clock read now."""
        now = self._clock()
        return MarketInfo(
            source=SourceKind.SIMULATOR,
            quote_asset=self._quote_asset,
            cadence_ms=self._cadence_ms,
            stale_after_ms=max(STALE_AFTER_MS, 3 * self._cadence_ms),
            source_ms=now,
            wall_ms=now,
            label=LABEL,
            why=self._why,
            identity=self._identity,
        )

    async def rules(self) -> Sequence[SymbolRules]:
        """Returns the rules of every listing; one of them is halted."""
        return [listing.rules() for listing in self._market.listings]

    def resume(self, time: int) -> None:
        """See `MarketSource.resume`; at most ten minutes are delivered."""
        self._said = time

    async def frames(self) -> AsyncIterator[Frame]:
        """Yields a frame of all trading symbols at every multiple of the cadence, the first one immediately. All but
        the first have the trades since the frame before, at most those of the last minute.
        """
        time = self._clock() // self._cadence_ms * self._cadence_ms
        last, traded = min(self._said or time, time), time
        while True:
            yield await self._frame(last, time, max(traded, time - MINUTE_MS))
            last = traded = time
            wait_ms = last + self._cadence_ms - self._clock()
            if wait_ms > 0:
                await self._sleep(wait_ms / 1000)
            time = max(last + self._cadence_ms, self._clock() // self._cadence_ms * self._cadence_ms)

    async def candles(self, symbol: Symbol, interval: Interval, start: int, end: int) -> list[Candle]:
        """Returns candles as `MarketSource.candles` does; the simulated past has no beginning."""
        return await asyncio.to_thread(self._market.candles, symbol, interval, start, end, self._clock())

    async def order_book(self, symbol: Symbol, after: int = 0) -> OrderBook:  # noqa: ARG002
        """Returns the book of the current second's tick; without levels for a symbol that does not trade."""
        time = self._clock() // 1000 * 1000
        await self._prepare(time)
        self._market.forget(time)
        return self._market.order_book(symbol, time)

    async def _frame(self, last: int, time: int, traded: int) -> Frame:
        """Returns the ticks of `time`, the candles that closed since the frame of `last` (the latest ten minutes of
        them if the frame is very late), and the trades after `traded`.
        """
        closed = range(last // MINUTE_MS, time // MINUTE_MS)[-_MAX_MINUTES_LATE:]
        candles: list[Candle] = []
        trades: list[Trade] = []
        for minute in closed:
            await self._prepare(minute * MINUTE_MS)
            candles += self._market.closed_candles(minute * MINUTE_MS)
            trades += self._market.trades(traded, (minute + 1) * MINUTE_MS - 1)
        await self._prepare(time)
        self._market.forget(time)
        if time % DAY_MS >= DAY_MS - _LOOK_AHEAD_MS and (self._ahead is None or self._ahead.done()):
            self._ahead = asyncio.create_task(self._prepare(time + _LOOK_AHEAD_MS))
        trades += self._market.trades(traded, time)
        return Frame(time, self._market.ticks(time), tuple(candles), tuple(trades))

    async def _prepare(self, time: int) -> None:
        if self._market.ready(time):
            return
        async with self._preparing:
            await asyncio.to_thread(self._market.prepare, time)
