"""Archives the minutes in Redis, then removes symbols that left the market, once PostgreSQL has all of their minutes.

A history is a ring: for a symbol that trades, each point replaces the oldest. No minute is lost that way, since candles
reach the archive by the bus and never from the ring. Only the prices of symbols that are no longer quoted accumulate;
those are removed here.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.clock import Clock
from pipeline.archive.candle_history import ask
from pipeline.archive.postgres import CandleArchive
from pipeline.archive.store_points import Points, candles_of, minutes_missing
from pipeline.errors import MarketUnavailable
from pipeline.market import DAY_MS, MINUTE_MS, Interval, MarketInfo, Symbol
from pipeline.ports import OnDemandMarket
from pipeline.store.redis import RedisStore

log = logging.getLogger(__name__)

SILENT_MS = DAY_MS
"""Time without an update after which a symbol that its market does not list has left (milliseconds)."""

SETTLED_MS = 5 * MINUTE_MS
"""Longest time until the candle of a minute arrives (milliseconds)."""

_TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Result of a run: symbols and points in Redis; minutes of them that were missing in PostgreSQL and are archived
    now, and those still missing; the symbols removed, and those that left the market but had to stay.
    """

    symbols: int = 0
    points: int = 0
    archived: int = 0
    missing: int = 0
    removed: tuple[Symbol, ...] = ()
    kept: tuple[Symbol, ...] = ()

    def __str__(self) -> str:
        return f"{self.archived} minutes archived, {self.missing} not; {len(self.removed)} symbols removed"


async def trim(archive: CandleArchive, store: RedisStore, source: OnDemandMarket | None, wall: Clock) -> Trimmed:
    """Archives every settled minute for which Redis has points and PostgreSQL has no candle. Then, and only if all of
    that succeeded, removes the symbols that left the market. May be killed at any moment and run again.

    A missing minute is requested from the source. For a symbol that has left, a minute that the source does not have
    either is built from the symbol's points. Raises MarketUnavailable, with nothing removed.
    """
    info, _ = await store.head()
    rules, _ = await store.rules()
    if info is None or not rules:
        log.info("nothing is trimmed: no market is announced")
        return Trimmed()
    now, listed = info.now(wall()), {rule.symbol for rule in rules}
    updates = await store.last_updates()
    left = {symbol: time for symbol, time in updates.items() if symbol not in listed and now - time > SILENT_MS}
    archiving = _Archiving(archive, source, info, now)
    for symbols in _in_parts(sorted(updates)):
        for symbol, points in (await store.histories(symbols)).items():
            await archiving.take(symbol, points, left=symbol in left)
            await asyncio.sleep(0)
    removed = await _remove(store, left, archiving)
    done = Trimmed(len(updates), archiving.points, archiving.archived, sum(archiving.missing.values()), *removed)
    _report(done)
    return done


class _Archiving:
    """Archiver of missing minutes, symbol by symbol; `missing` counts the minutes that could not be archived."""

    def __init__(self, archive: CandleArchive, source: OnDemandMarket | None, info: MarketInfo, now: int) -> None:
        self._archive = archive
        self._source = source
        self._market = info.market
        self._settled = (now - SETTLED_MS) // MINUTE_MS * MINUTE_MS
        self.points = 0
        self.archived = 0
        self.missing: dict[Symbol, int] = {}

    async def take(self, symbol: Symbol, points: Points, *, left: bool) -> None:
        """Archives the symbol's settled minutes, and reads back which of them are there then. Raises
        MarketUnavailable.
        """
        self.points += points.size
        points = points[points["time"] < self._settled]
        before = await self._missing(symbol, points)
        if not before:
            return
        after = before
        if self._source is not None:
            await self._ask(self._source, symbol, before)
            after = await self._missing(symbol, points)
        if left and after:
            await self._archive.insert(self._market, candles_of(symbol, points, after))
            after = await self._missing(symbol, points)
        self.archived += len(before) - len(after)
        if after:
            self.missing[symbol] = len(after)

    async def _missing(self, symbol: Symbol, points: Points) -> list[int]:
        if not points.size:
            return []
        start = int(points["time"][0]) // MINUTE_MS * MINUTE_MS - MINUTE_MS
        there = set(await self._archive.minutes(self._market, symbol, start, self._settled))
        return minutes_missing(points, there)

    async def _ask(self, source: OnDemandMarket, symbol: Symbol, minutes: Sequence[int]) -> None:
        """Archives the minutes that the source has. Continues if the source does not answer or no longer knows the
        symbol.
        """
        try:
            candles = await ask(source, symbol, Interval.M1, minutes[0], minutes[-1] + MINUTE_MS)
        except MarketUnavailable:
            log.warning("the source does not answer: %d minutes of %s are not requested", len(minutes), symbol)
            return
        await self._archive.insert(self._market, candles)


async def _remove(
    store: RedisStore, left: Mapping[Symbol, int], archiving: _Archiving
) -> tuple[tuple[Symbol, ...], tuple[Symbol, ...]]:
    """Returns the symbols removed, and those that stay because not all of their minutes are archived or they were
    updated again.
    """
    removed: list[Symbol] = []
    for symbol, time in sorted(left.items()):
        if symbol not in archiving.missing and await store.forget(symbol, time):
            removed.append(symbol)
    return tuple(removed), tuple(sorted(left.keys() - set(removed)))


def _report(done: Trimmed) -> None:
    log.info(
        "%d symbols, %d points in Redis: %d minutes archived, %d not; %d symbols removed",
        done.symbols, done.points, done.archived, done.missing, len(done.removed),
    )  # fmt: skip
    if done.removed:
        log.info("left the market and were removed: %s", ", ".join(done.removed))
    if done.kept:
        log.warning("left the market and stay, since not all of their minutes are archived: %s", ", ".join(done.kept))


def _in_parts(symbols: Sequence[Symbol]) -> Iterator[Sequence[Symbol]]:
    return (symbols[start : start + _TOGETHER] for start in range(0, len(symbols), _TOGETHER))
