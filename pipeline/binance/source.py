"""Live market: websocket streams, with REST at the start and during outages.

REST requests, in weight a minute (of 6,000): exchangeInfo 20, the server's time 1; while streams are down, last prices
and best quotes of all symbols 96, the day's figures 80; order books and candles when users request them. The rule for
missing candles is described in `pipeline.binance.candle_tracker`.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from core.clock import Clock, steady_clock
from pipeline.binance.backoff import Backoff
from pipeline.binance.book_cache import BookCache
from pipeline.binance.candle_backfill import CandleService
from pipeline.binance.candle_tracker import CandleTracker
from pipeline.binance.connect_limit import ConnectLimit
from pipeline.binance.connections import BOOK, KLINE, TRADES, Connections
from pipeline.binance.events import BookTop, Event, MiniTicker
from pipeline.binance.exchange_info import ExchangeInfo
from pipeline.binance.health import BinanceHealth
from pipeline.binance.live_market import LiveMarket
from pipeline.binance.quote_imbalance import QuoteImbalance
from pipeline.binance.rest import MAX_ROWS, REST_BACKOFF, BinanceRest, reachable
from pipeline.binance.rest_fallback import RestFallback
from pipeline.binance.stream import MarketStream, StreamPace
from pipeline.binance.symbol_set import SymbolSet
from pipeline.binance.trade_streams import TradeStreams
from pipeline.binance.trade_tape import TradeTape
from pipeline.errors import MarketUnavailable
from pipeline.market import MINUTE_MS, Candle, Frame, Interval, MarketInfo, OrderBook, SourceKind, Symbol, Trade
from pipeline.ports import TradedSymbols
from pipeline.rules import SymbolRules
from pipeline.settings import BinanceSettings

__all__ = ["BinanceSource", "SourcePace", "reachable"]

log = logging.getLogger(__name__)

STALE_MS = 15_000
_MAX_CANDLES = 2_000
"""Maximum number of candles of one frame. Further candles wait for the next frame."""

_MAX_TRADES = 2_000
"""Maximum number of trades of one frame."""

MISSED_TRADE = "missed trade"
"""Name under which the missing trades are counted among the dropped data."""


@dataclass(frozen=True, slots=True)
class SourcePace:
    """Timing of the source, in seconds of the machine's clock. The rules are read again after at least `hint_seconds`
    and at most `rules_seconds` (None: that of the settings). The symbols whose trades are wanted are read every
    `wanted_seconds`; a frame waits `straggler_seconds` for trades that happened before its ticks.
    """

    fallback_seconds: float = 5.0
    day_seconds: float = 60.0
    rules_seconds: float | None = None
    hint_seconds: float = 10.0
    sweep_seconds: float = 15.0
    wanted_seconds: float = 1.0
    straggler_seconds: float = 0.1
    lifetime_seconds: float = 23 * 3600.0
    subscribe_gap: float = 0.34
    symbols_per_connection: int | None = None
    stream_backoff: Backoff = field(default_factory=Backoff)
    rest_backoff: Backoff = REST_BACKOFF


class BinanceSource:
    """Source of the Binance spot symbols that the settings name. Opening it raises MarketUnavailable if Binance does
    not answer.

    A tick's time is the time when the source last confirmed the symbol, on Binance's clock. A silent stream confirms
    nothing. While a stream is silent or down, REST snapshots confirm its symbols; if neither works, no frames are
    produced. A symbol that does not trade is never confirmed.

    The frames have the trades of the symbols that `traded` names. Trades while their connection is down are missed:
    they are counted, and the next tick has the last price.
    """

    def __init__(
        self,
        settings: BinanceSettings,
        quote_asset: str,
        clock: Clock,
        rng: random.Random,
        pace: SourcePace | None = None,
        *,
        traded: TradedSymbols | None = None,
        steady: Clock = steady_clock,
    ) -> None:
        self._settings = settings
        self._quote_asset = quote_asset
        self._clock = clock
        self._rng = rng
        self._pace = pace or SourcePace()
        self._steady = steady
        self._rest = BinanceRest(settings, clock, rng, self._pace.rest_backoff, steady=steady)
        self._books = BookCache(self._rest, steady)
        self._market = LiveMarket()
        self._imbalance = QuoteImbalance()
        self._tails = CandleTracker()
        self._listing = SymbolSet(settings.quotes(quote_asset))
        self._gate = ConnectLimit()
        kinds = (BOOK, KLINE, TRADES) if settings.trades else (BOOK, KLINE)
        self._connections = Connections(kinds, self._open_stream, self._pace.symbols_per_connection)
        self._fallback = RestFallback(
            self._rest,
            self._market,
            self._connections,
            self._pace.fallback_seconds,
            self._pace.day_seconds,
            steady=steady,
        )
        self._tape = TradeTape()
        self._missed = 0
        self._trade_streams = (
            None
            if traded is None
            else TradeStreams(
                traded,
                lambda: self._listing.trading,
                self._make_stream,
                self._tape.follow,
                seconds=self._pace.wanted_seconds,
                max_symbols=self._pace.symbols_per_connection,
            )
        )
        self._news = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._rest)
            stack.push_async_callback(self._books.aclose)
            stack.push_async_callback(self._cancel_tasks)
            await self._read_rules()
            await self._fallback.start()
            self._run(self._fallback.run)
            self._run(self._refresh_rules)
            if self._trade_streams is not None:
                self._run(self._trade_streams.run)
            self._run(CandleService(self._rest, self._tails, self._trades, self._pace.sweep_seconds).run)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def info(self) -> MarketInfo:
        """Returns the running market, with the exchange's clock. Live prices have no label."""
        cadence = max(self._settings.refresh_seconds, self._pace.fallback_seconds)
        return MarketInfo(
            source=SourceKind.BINANCE,
            quote_asset=self._quote_asset,
            cadence_ms=int(cadence * 1000),
            stale_after_ms=STALE_MS,
            source_ms=self._rest.now(),
            wall_ms=self._clock(),
        )

    def health(self) -> BinanceHealth:
        """Returns the health of the connections and of the requests."""
        streams = self._connections.streams
        dropped: Counter[str] = Counter(self._rest.dropped)
        for stream in (*streams, *(self._trade_streams.streams if self._trade_streams else ())):
            dropped.update(stream.dropped)
        if self._missed:
            dropped[MISSED_TRADE] = self._missed
        return BinanceHealth(
            symbols=len(self._listing.rules),
            trading=len(self._listing.trading),
            streams=len(streams),
            live=sum(stream.quiet_seconds <= self._settings.stall_seconds for stream in streams),
            opened=sum(stream.opened for stream in streams),
            snapshots=self._fallback.snapshots,
            skew_ms=self._rest.skew_ms,
            banned_seconds=self._rest.banned_seconds,
            dropped=dropped,
        )

    async def rules(self) -> Sequence[SymbolRules]:
        """Returns the newest rules of all followed symbols, with their status, from memory."""
        return tuple(self._listing.rules.values())

    def resume(self, time: int) -> None:
        """See `MarketSource.resume`. Delivers at most as many minutes as one answer of Binance holds."""
        self._tails.resume(max(time, self._rest.now() - MAX_ROWS * MINUTE_MS))

    async def frames(self) -> AsyncIterator[Frame]:
        """Yields a frame every `refresh_seconds` with the confirmed ticks and the closed candles; never ends."""
        while True:
            for task in self._tasks:
                if task.done():
                    task.result()
            for stream, covered in self._connections.covered():
                if stream.quiet_seconds <= self._settings.stall_seconds:
                    self._market.confirm(covered, stream.heard, self._steady())
            ticks = self._market.ticks()
            self._imbalance.sample(ticks, self._rest.now())
            candles = self._imbalance.completed(self._tails.drain(_MAX_CANDLES))
            frame = Frame(self._rest.now(), ticks, candles, await self._take_trades())
            if not frame.empty:
                yield frame
            if len(frame.candles) < _MAX_CANDLES and len(frame.trades) < _MAX_TRADES:
                await asyncio.sleep(self._settings.refresh_seconds)

    async def candles(self, symbol: Symbol, interval: Interval, start: int, end: int) -> list[Candle]:
        """Returns closed candles of Binance's record; [] for a symbol that is not followed.

        Raises MarketUnavailable.
        """
        if symbol not in self._listing.rules:
            return []
        return await self._rest.klines(symbol, interval, start, end)

    async def order_book(self, symbol: Symbol, after: int = 0) -> OrderBook | None:
        """See `BookCache.order_book`; None for a symbol that is not followed."""
        if symbol not in self._listing.rules:
            return None
        return await self._books.order_book(symbol, after)

    async def _take_trades(self) -> tuple[Trade, ...]:
        if self._trade_streams is None or not self._trade_streams.followed:
            return ()
        await asyncio.sleep(self._pace.straggler_seconds)
        trades = self._tape.drain(_MAX_TRADES)
        for symbol, count in self._tape.take_missed().items():
            log.warning("Binance: %d trades of %s were missed", count, symbol)
            self._missed += count
        return trades

    # -- streams ---------------------------------------------------------------------------------

    def _deliver(self, event: Event, moment: int) -> None:
        match event:
            case BookTop():
                self._market.take_top(event, moment)
            case MiniTicker():
                self._market.take_mini(event, moment)
                if self._listing.is_news(event.symbol):
                    self._news.set()
            case Candle():
                self._tails.take_streamed(event)
            case Trade():
                self._tape.take(event)
                self._market.take_trade(event, moment)

    def _deliver_trade(self, event: Event, _moment: int) -> None:
        if isinstance(event, Trade):
            self._tape.take(event)

    def _open_stream(self, names: Callable[[], Sequence[str]]) -> MarketStream:
        stream = self._make_stream(names, self._deliver, self._fallback.wake)
        self._run(stream.run)
        return stream

    def _make_stream(
        self,
        names: Callable[[], Sequence[str]],
        deliver: Callable[[Event, int], None] | None = None,
        on_live: Callable[[], None] = lambda: None,
    ) -> MarketStream:
        pace = StreamPace(
            self._settings.stall_seconds,
            self._pace.lifetime_seconds,
            self._pace.subscribe_gap,
            self._pace.stream_backoff,
        )
        return MarketStream(
            self._settings.ws_url,
            names,
            deliver or self._deliver_trade,
            self._rest.now,
            steady=self._steady,
            rng=self._rng,
            pace=pace,
            gate=self._gate,
            on_live=on_live,
        )

    # -- rules -----------------------------------------------------------------------------------

    async def _refresh_rules(self) -> None:
        """Reads the rules at the interval of the settings, and when a symbol that was not listed appears in the
        streams.
        """
        seconds = self._pace.rules_seconds or self._settings.rules_seconds
        while True:
            await asyncio.sleep(min(self._pace.hint_seconds, seconds))
            try:
                async with asyncio.timeout(max(0.0, seconds - self._pace.hint_seconds)):
                    await self._news.wait()
            except TimeoutError:
                pass
            self._news.clear()
            try:
                await self._read_rules()
            except MarketUnavailable:
                log.info("Binance's rules cannot be read now")

    async def _read_rules(self) -> None:
        await self._rest.server_time()
        self._take_rules(await self._rest.exchange_info(), self._rest.now())

    def _take_rules(self, info: ExchangeInfo, now: int) -> None:
        """Applies the rules. A symbol that is new since the previous reading began to trade after it, so its candles
        are expected from that time on.
        """
        since = self._listing.read_at or now
        for line in self._listing.take(info, now):
            log.info("Binance: %s", line)
        trading = self._listing.trading
        self._market.offer(self._listing.rules, trading)
        self._tails.start(trading, since)
        self._tails.forget_all_but(self._listing.rules)
        self._connections.follow(trading)

    def _trades(self, symbol: Symbol) -> bool:
        return symbol in self._listing.trading

    # -- services --------------------------------------------------------------------------------

    def _run(self, service: Callable[[], Awaitable[None]]) -> None:
        async def run() -> None:
            await service()

        self._tasks.append(asyncio.create_task(run()))

    async def _cancel_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
