"""Reader of the market for trading and bot, over the Redis store, the candle archive and the source behind them."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal

from core.clock import Clock
from pipeline.archive.candle_history import CandleHistory
from pipeline.archive.postgres import CandleArchive
from pipeline.candles import CandleColumns
from pipeline.errors import MarketUnavailable, NoPriceYet, UnknownSymbol
from pipeline.market import Candle, Interval, MarketInfo, OrderBook, Quote, Symbol
from pipeline.ports import OnDemandMarket
from pipeline.rules import HELD, SymbolRules
from pipeline.store import codec
from pipeline.store.redis import RedisStore
from pipeline.symbol_names import SymbolNames

log = logging.getLogger(__name__)

REFRESH_SECONDS = 2.0
_POLL_SECONDS = 0.02


class StoreReader:
    """MarketReader (see `pipeline.ports`) over the store and the archive.

    Symbols, rules and the running market are kept in memory: `refresh` reads them once, `run` keeps them up to date.
    Order books, and candles that the archive lacks, are requested from `source`; without a source there are none.
    `wall` is the machine's clock.
    """

    def __init__(self, store: RedisStore, archive: CandleArchive, source: OnDemandMarket | None, wall: Clock) -> None:
        self._store = store
        self._source = source
        self._wall = wall
        self._history = CandleHistory(archive, source)
        self._archived = CandleHistory(archive, None)  # the source's candles of a held symbol may be another coin's
        self._info: MarketInfo | None = None
        self._version: bytes | None = None
        self._rules: dict[Symbol, SymbolRules] = {}
        self._symbols: tuple[Symbol, ...] = ()
        self._names = SymbolNames({})

    # -- values in memory --------------------------------------------------------------------------

    async def refresh(self) -> bool:
        """Reads the running market, and the rules if they changed; returns True once both are known. Raises
        MarketUnavailable.

        Values that the store has lost are kept until they are published again.
        """
        info, version = await self._store.head()
        if info is not None:
            self._fresher(info)
        if info is not None and version is not None and version != self._version:
            rules, version = await self._store.rules()
            if version is None:  # Redis was emptied since
                return self._info is not None and bool(self._rules)
            self._version = version
            self._rules = {rule.symbol: rule for rule in sorted(rules, key=lambda r: r.symbol)}
            self._symbols = tuple(symbol for symbol, rule in self._rules.items() if rule.quote == info.quote_asset)
            self._names = SymbolNames.of(rules, info.quote_asset)
        return self._info is not None and bool(self._rules)

    async def ready(self, timeout_seconds: float = 30.0, price_seconds: float = 10.0) -> None:
        """Waits until a market is published, and then a while for its first fresh price.

        Raises MarketUnavailable if nothing is published in time. Returns without a fresh price if none arrives in time.
        """
        if not await _becomes_true(self._started, timeout_seconds):
            raise MarketUnavailable
        await _becomes_true(self._has_fresh_price, price_seconds)

    async def _started(self) -> bool:
        try:
            return await self.refresh()
        except MarketUnavailable:
            return False

    async def _has_fresh_price(self) -> bool:
        try:
            return any(not quote.stale for quote in (await self.quotes()).values())
        except MarketUnavailable:
            return False

    async def run(self) -> None:
        """Refreshes the memory until cancelled."""
        while True:
            try:
                await self.refresh()
            except MarketUnavailable:
                log.warning("the market store does not answer")
            await asyncio.sleep(REFRESH_SECONDS)

    def info(self) -> MarketInfo:
        """See `MarketReader.info`."""
        if self._info is None:
            raise MarketUnavailable
        return self._info

    def now(self) -> int:
        """See `MarketReader.now`."""
        return self.info().now(self._wall())

    def symbols(self) -> Sequence[Symbol]:
        """See `MarketReader.symbols`."""
        return self._symbols

    def rules(self, symbol: Symbol) -> SymbolRules:
        """See `MarketReader.rules`."""
        rules = self._rules.get(symbol)
        if rules is None:
            self._names.resolve(symbol)
            raise UnknownSymbol(symbol)
        return rules

    def resolve(self, text: str) -> Symbol:
        """See `MarketReader.resolve`; full-width, control, bidi and zero-width characters never match."""
        return self._names.resolve(text)

    def find(self, text: str) -> Symbol | None:
        """See `MarketReader.find`."""
        return self._names.find(text)

    # -- reads of the store ------------------------------------------------------------------------

    async def quote(self, symbol: Symbol) -> Quote:
        """See `MarketReader.quote`; one round trip."""
        rules = self.rules(symbol)
        info, raw = await self._store.quote(symbol)
        quote = self._decoded(symbol, raw, self._fresher(info), self._wall())
        if quote is None:
            rules.check_trading()
            raise NoPriceYet(symbol)
        return quote

    async def quotes(self, symbols: Sequence[Symbol] | None = None) -> dict[Symbol, Quote]:
        """See `MarketReader.quotes`."""
        wanted = self._symbols if symbols is None else symbols
        info, raws = await self._store.quotes(wanted)
        running, wall_ms = self._fresher(info), self._wall()
        decoded = (self._decoded(symbol, raw, running, wall_ms) for symbol, raw in zip(wanted, raws, strict=True))
        return {quote.symbol: quote for quote in decoded if quote is not None}

    def _decoded(self, symbol: Symbol, raw: bytes | None, info: MarketInfo, wall_ms: int) -> Quote | None:
        """Returns the stored quote, or the last price of a delisted symbol whose quote the store no longer has."""
        quote = codec.decode_quote(symbol, raw, info, wall_ms)
        rules = self._rules.get(symbol)
        if quote is not None or rules is None or rules.last_price is None:
            return quote
        age = max(info.now(wall_ms) - rules.delisted_at, info.stale_after_ms + 1)
        price, none = rules.last_price, Decimal(0)
        return Quote(symbol, rules.delisted_at, age, info.stale_after_ms, price, price, none, price, none)

    def _fresher(self, info: MarketInfo | None) -> MarketInfo:
        """Returns the running market, and keeps it. Raises MarketUnavailable for one whose clock is at an impossible
        time.
        """
        if info is not None:
            if not info.runs(self._wall()):
                log.warning("the market in Redis is damaged: its clock is at an impossible time")
                raise MarketUnavailable
            self._info = info
        return self.info()

    # -- reads of the archive and the source -------------------------------------------------------

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        """See `MarketReader.candles`."""
        return await self._history_of(symbol).candles(self.info().market, symbol, interval, count, self.now())

    async def history(self, symbol: Symbol, interval: Interval, start: int, end: int) -> CandleColumns:
        """See `MarketReader.history`."""
        history, market = self._history_of(symbol), self.info().market
        return await history.columns(market, symbol, interval, (start, end), self.now())

    def _history_of(self, symbol: Symbol) -> CandleHistory:
        return self._archived if self.rules(symbol).status == HELD else self._history

    async def order_book(self, symbol: Symbol, after: int = 0) -> OrderBook | None:
        """See `MarketReader.order_book`."""
        held = self.rules(symbol).status == HELD
        return await self._source.order_book(symbol, after) if self._source is not None and not held else None


async def _becomes_true(condition: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Polls the condition, because another process publishes; returns False when time is up."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not await condition():  # noqa: ASYNC110 - nothing in this process could set an event
                await asyncio.sleep(_POLL_SECONDS)
            return True
    return False
