"""The live market: REST for the beginning and for outages, websocket streams for everything between."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from pipeline.binance.asked import book_now
from pipeline.binance.backoff import Backoff
from pipeline.binance.exchange_info import ExchangeInfo
from pipeline.binance.live_market import LiveMarket
from pipeline.binance.parse import BookTop, Event, MiniTicker
from pipeline.binance.rest import MAX_ROWS, REST_BACKOFF, BinanceRest, reachable
from pipeline.binance.stream import ALL_MINI_TICKERS, MarketStream, StreamPace
from pipeline.binance.tails import CandleTails
from pipeline.clock import Clock
from pipeline.errors import MarketDown
from pipeline.market import MINUTE_MS, Candle, Frame, Interval, MarketInfo, OrderBook, SourceKind, Symbol
from pipeline.rules import TRADING, SymbolRules
from pipeline.settings import BinanceSettings

__all__ = ["BinanceSource", "SourcePace", "reachable"]

log = logging.getLogger(__name__)

STALE_MS = 15_000
SYMBOLS_PER_CONNECTION = 500
"""Two streams each, so below the 1024 of one connection."""

_BACKFILLS_AT_ONCE = 4
_RENEW_EVERY = 12


@dataclass(frozen=True, slots=True)
class SourcePace:
    """How the source keeps time, in seconds of the machine."""

    fallback_seconds: float = 5.0
    rules_seconds: float = 600.0
    sweep_seconds: float = 15.0
    lifetime_seconds: float = 23 * 3600.0
    subscribe_gap: float = 0.25
    stream_backoff: Backoff = field(default_factory=Backoff)
    rest_backoff: Backoff = REST_BACKOFF


class _Group:
    """The symbols of one connection."""

    def __init__(self) -> None:
        self.symbols: list[Symbol] = []
        self.stream: MarketStream | None = None


class BinanceSource:
    """Every symbol of Binance spot quoted in `quote_asset`; opening raises MarketDown when Binance cannot be asked.

    A tick's time is when the source last spoke of the symbol, on Binance's clock: a silent stream confirms
    nothing. While a stream is silent or down REST snapshots confirm; when neither works no frames come.
    """

    def __init__(
        self,
        settings: BinanceSettings,
        quote_asset: str,
        clock: Clock,
        rng: random.Random,
        pace: SourcePace | None = None,
    ) -> None:
        self._settings = settings
        self._quote_asset = quote_asset
        self._clock = clock
        self._rng = rng
        self._pace = pace or SourcePace()
        self._rest = BinanceRest(settings, clock, rng, self._pace.rest_backoff)
        self._market = LiveMarket()
        self._tails = CandleTails()
        self._rules: dict[Symbol, SymbolRules] = {}
        self._groups: list[_Group] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._rest)
            stack.push_async_callback(self._cancel_tasks)
            await self._rest.server_time()
            self._take_rules(await self._rest.exchange_info())
            await self._try(self._snapshot)
            self._run(self._fall_back)
            self._run(self._refresh_rules)
            self._run(self._backfill)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def info(self) -> MarketInfo:
        """The exchange's clock now; live prices carry no label."""
        cadence = max(self._settings.refresh_seconds, self._pace.fallback_seconds)
        return MarketInfo(
            source=SourceKind.BINANCE,
            quote_asset=self._quote_asset,
            cadence_ms=int(cadence * 1000),
            stale_after_ms=STALE_MS,
            source_ms=self._rest.now(),
            wall_ms=self._clock(),
        )

    async def rules(self) -> Sequence[SymbolRules]:
        """The newest rules; they are read anew every ten minutes."""
        return tuple(self._rules.values())

    def resume(self, time: int) -> None:
        """See `MarketSource.resume`: at most as many minutes are said as one answer of Binance holds."""
        self._tails.resume(max(time, self._rest.now() - MAX_ROWS * MINUTE_MS))

    async def frames(self) -> AsyncIterator[Frame]:
        """A frame every `refresh_seconds` with what was confirmed and the candles that closed; never ends."""
        while True:
            for task in self._tasks:
                if task.done():
                    task.result()
            self._confirm()
            frame = Frame(self._rest.now(), self._market.ticks(), self._tails.drain())
            if frame.ticks or frame.candles:
                yield frame
            await asyncio.sleep(self._settings.refresh_seconds)

    async def candles(self, symbol: Symbol, interval: Interval, start: int, end: int) -> list[Candle]:
        """Closed candles from Binance's own record; [] for a symbol that is not the desk's. Raises MarketDown."""
        if symbol not in self._rules:
            return []
        return await self._rest.klines(symbol, interval, start, end)

    async def order_book(self, symbol: Symbol) -> OrderBook | None:
        """The best 100 levels now. Raises MarketDown."""
        if symbol not in self._rules:
            return None
        return await book_now(self._rest, symbol)

    # -- streams ---------------------------------------------------------------------------------

    def _deliver(self, event: Event, now: int) -> None:
        match event:
            case BookTop():
                self._market.take_top(event, now)
            case MiniTicker():
                self._market.take_mini(event, now)
            case Candle():
                self._tails.take_streamed(event)

    def _confirm(self) -> None:
        """Confirms each group's symbols as of the last word of both its own stream and the tickers' stream."""
        streams = [group.stream for group in self._groups if group.stream]
        for group, stream in zip(self._groups, streams, strict=True):
            if self._alive(stream) and self._alive(streams[0]):
                self._market.confirm(group.symbols, min(stream.heard, streams[0].heard))

    def _alive(self, stream: MarketStream) -> bool:
        return stream.quiet_seconds <= self._settings.stall_seconds

    def _follow(self, symbols: Iterable[Symbol]) -> None:
        """Streams these symbols too; connections that gain some renew themselves."""
        followed = {symbol for group in self._groups for symbol in group.symbols}
        for symbol in symbols:
            if symbol in followed:
                continue
            if not self._groups or len(self._groups[-1].symbols) >= SYMBOLS_PER_CONNECTION:
                self._groups.append(_Group())
            group = self._groups[-1]
            group.symbols.append(symbol)
            if group.stream:
                group.stream.renew()
        for group in self._groups:
            if group.stream is None:
                group.stream = self._open_stream(group)

    def _open_stream(self, group: _Group) -> MarketStream:
        first = group is self._groups[0]

        def streams() -> list[str]:
            names = [symbol.lower() for symbol in group.symbols if symbol in self._rules]
            kinds = [f"{name}@{kind}" for name in names for kind in ("bookTicker", "kline_1m")]
            return [ALL_MINI_TICKERS, *kinds] if first else kinds

        pace = StreamPace(
            self._settings.stall_seconds,
            self._pace.lifetime_seconds,
            self._pace.subscribe_gap,
            self._pace.stream_backoff,
        )
        stream = MarketStream(self._settings.ws_url, streams, self._deliver, self._rest.now, rng=self._rng, pace=pace)
        self._run(stream.run)
        return stream

    # -- services --------------------------------------------------------------------------------

    async def _fall_back(self) -> None:
        """REST snapshots while a stream is quiet; a new connection when a book is silent though its symbol trades."""
        loop, fallback = asyncio.get_running_loop(), self._pace.fallback_seconds
        last, renewed = loop.time(), float("-inf")
        while True:
            await asyncio.sleep(fallback / 5)
            if loop.time() - last < 0.7 * fallback:
                continue
            doubtful = self._market.doubtful(self._rest.now())
            streams = [group.stream for group in self._groups if group.stream]
            if doubtful and loop.time() - renewed > _RENEW_EVERY * fallback:
                log.warning("Binance sends trades of %d symbols but not their books", len(doubtful))
                renewed = loop.time()
                for stream in streams:
                    stream.renew()
            if doubtful or max((stream.quiet_seconds for stream in streams), default=0.0) > fallback / 2:
                last = loop.time()
                await self._try(self._snapshot)

    async def _snapshot(self) -> None:
        asked = self._rest.now()
        minis = await self._rest.tickers_24h()
        tops = await self._rest.book_tickers()
        self._market.take_snapshot(minis, tops, asked)

    async def _refresh_rules(self) -> None:
        while True:
            await asyncio.sleep(self._pace.rules_seconds)
            await self._try(self._read_rules)

    async def _read_rules(self) -> None:
        await self._rest.server_time()
        self._take_rules(await self._rest.exchange_info())

    def _take_rules(self, info: ExchangeInfo) -> None:
        self._rules = {rules.symbol: rules for rules in info.rules if rules.quote == self._quote_asset}
        trading = [rules.symbol for rules in self._rules.values() if rules.status == TRADING]
        self._market.offer(self._rules)
        self._tails.begin(trading, self._rest.now())
        self._follow(trading)

    async def _backfill(self) -> None:
        """Asks for the minutes that the streams missed."""
        while True:
            await asyncio.sleep(self._pace.sweep_seconds)
            overdue = [pair for pair in self._tails.missing(self._rest.now()) if self._trades(pair[0])]
            for start in range(0, len(overdue), _BACKFILLS_AT_ONCE):
                batch = overdue[start : start + _BACKFILLS_AT_ONCE]
                if not all(await asyncio.gather(*(self._fill(*pair) for pair in batch))):
                    break

    async def _fill(self, symbol: Symbol, start: int) -> bool:
        async def ask() -> None:
            now = self._rest.now()
            candles = await self._rest.klines(symbol, Interval.M1, start, now)
            self._tails.note_asked(symbol, now)
            self._tails.take_history(candles)

        return await self._try(ask)

    def _trades(self, symbol: Symbol) -> bool:
        rules = self._rules.get(symbol)
        return rules is not None and rules.status == TRADING

    async def _try(self, attempt: Callable[[], Awaitable[None]]) -> bool:
        try:
            await attempt()
        except MarketDown:
            log.info("Binance cannot be asked now")
            return False
        return True

    def _run(self, service: Callable[[], Awaitable[None]]) -> None:
        async def run() -> None:
            await service()

        self._tasks.append(asyncio.create_task(run()))

    async def _cancel_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
