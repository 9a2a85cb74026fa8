"""Producer of the bus's frames from the source, and publisher of the source's state in Redis."""

import asyncio
import itertools
import logging
import time
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from pipeline.bus import Bus, Record, partition_of
from pipeline.delisting import with_delisted
from pipeline.errors import MarketUnavailable
from pipeline.flow.retry import wait_longer
from pipeline.market import MarketInfo, Symbol
from pipeline.ports import MarketSource
from pipeline.quality.candle_checks import WAIT_MS
from pipeline.quality.inspected_source import inspected
from pipeline.quality.inspector import Inspector
from pipeline.quality.trading_gaps import TradingGapGuard
from pipeline.rules import SymbolRules
from pipeline.settings import StoreSettings
from pipeline.store import codec
from pipeline.store.redis import RedisStore

log = logging.getLogger(__name__)

INFO_SECONDS = 1.0
RULES_SECONDS = 5.0
REPUBLISH_SECONDS = 60.0
"""Seconds after which the rules are published again, for the case that another program damaged them in Redis."""

_UNTIL_RULES_SECONDS = 0.05
_MISSED_CONFIRMATIONS = 3
_TAIL = 4


async def produce(
    source: MarketSource, bus: Bus, inspector: Inspector | None = None, guard: TradingGapGuard | None = None
) -> None:
    """Publishes the source's frames on the bus. Returns when a replay has ended and all of its frames are stored there.

    This is the only path from the source to its readers, so data held back by the inspector does not reach them. While
    the bus accepts no frames, no frame is requested from the source; it keeps the candles that close meanwhile, or
    reads them again.
    """
    async for frame in inspected(source, inspector or Inspector(source.info().cadence_ms), guard):
        await bus.publish(frame)
    await bus.flush()


async def resume(source: MarketSource, bus: Bus) -> None:
    """Makes a newly opened source continue at the end of the bus. Waits until the bus and the source answer."""
    for attempt in itertools.count():
        try:
            tail, rules = await bus.tail(_TAIL), await source.rules()
            break
        except MarketUnavailable:
            log.warning("the newest frames of the bus or the rules of the source cannot be read")
            await wait_longer(attempt)
    market = source.info().market
    records = [record for record in tail if record.market == market]
    time = reached(records, [entry.symbol for entry in rules], bus.partitions)
    if time is not None:
        log.info("the bus holds this market up to %d", time)
        source.resume(time - WAIT_MS)  # the previous inspector may have held candles back for this long


def reached(tail: Iterable[Record], symbols: Sequence[Symbol], partitions: int) -> int | None:
    """Returns the time up to which the bus holds all frames of these symbols; None if it is unknown.

    A producer that was killed may have sent its last frame to some partitions only, so the partition that is furthest
    behind determines the time.
    """
    newest: dict[int, int] = {}
    for record in tail:
        newest[record.partition] = max(record.frame.time, newest.get(record.partition, 0))
    wanted = {partition_of(symbol, partitions) for symbol in symbols}
    return min(newest[number] for number in wanted) if wanted and wanted <= newest.keys() else None


class MarketPublisher:
    """Publishes the running market and its rules to Redis every second, so that an emptied Redis has them again at
    once.
    """

    def __init__(
        self, store: RedisStore, source: MarketSource, settings: StoreSettings, guard: TradingGapGuard | None = None
    ) -> None:
        """`guard` is told of the statuses, and its held symbols are published as such."""
        self._guard = guard
        self._store = store
        self._source = source
        self._settings = settings
        self._rules: tuple[bytes, bytes] | None = None
        self._published: list[SymbolRules] | None = None

    def info(self) -> MarketInfo:
        """Returns the market info to be published: the source's, with the age limit of the settings.

        The limit grows for a market that is confirmed rarely or plays faster than real time.
        """
        info = self._source.info()
        limit_ms = int(self._settings.stale_seconds * 1000 * max(1.0, info.speed))
        return msgspec.structs.replace(info, stale_after_ms=max(limit_ms, _MISSED_CONFIRMATIONS * info.cadence_ms))

    async def start(self) -> None:
        """Continues the stored run, or empties the store for another market. Returns when Redis has answered."""
        for attempt in itertools.count():
            try:
                await self._store.start(self.info())
            except MarketUnavailable:
                log.warning("the market store does not answer")
                await wait_longer(attempt)
            else:
                return

    async def run(self) -> None:
        """Publishes until cancelled, after `start`."""
        await self.start()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._publish())
            group.create_task(self._read_rules())

    async def _publish(self) -> None:
        published = time.monotonic()
        while True:
            try:
                version, now = await self._store.publish_info(self.info()), time.monotonic()
                if self._rules is not None and (version != self._rules[1] or now - published >= REPUBLISH_SECONDS):
                    await self._store.publish_rules(*self._rules)
                    published = now
            except MarketUnavailable:
                log.warning("the market store does not answer")
            await asyncio.sleep(INFO_SECONDS if self._rules else _UNTIL_RULES_SECONDS)

    async def _read_rules(self) -> None:
        for attempt in itertools.count():
            try:
                listed = await self._source.rules()
                self._published = await self._with_delisted(listed)
                if self._guard is not None:
                    self._guard.observe(listed)
                    self._published = self._guard.marked(self._published)
                self._rules = codec.encode_rules(self._published)
                await asyncio.sleep(RULES_SECONDS)
            except MarketUnavailable:
                log.warning("the rules of the source cannot be read, or the market store does not answer")
                await wait_longer(attempt)

    async def _with_delisted(self, listed: Sequence[SymbolRules]) -> list[SymbolRules]:
        """Returns the rules with those of symbols that are no longer listed (see `pipeline.delisting`). The rules that
        were published before a restart are read from the store; none are known if they are damaged. Raises
        MarketUnavailable.
        """
        info = self._source.info()
        if self._published is None:
            self._published = await self._store.sound_rules()
        names = {rules.symbol for rules in listed}
        gone = [rules.symbol for rules in self._published if rules.symbol not in names and not rules.delisted_at]
        prices: dict[Symbol, Decimal] = {}
        if gone:
            _, raws = await self._store.quotes(gone)
            quotes = (codec.decode_quote(*pair, info, info.wall_ms) for pair in zip(gone, raws, strict=True))
            prices = {quote.symbol: quote.price for quote in quotes if quote is not None}
            log.warning("no longer listed: %s", ", ".join(gone))
        return with_delisted(self._published, listed, info.quote_asset, prices, info.source_ms)
