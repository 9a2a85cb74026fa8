"""Connections for the trades of the symbols with open orders, beside those of all symbols.

A symbol's `@aggTrade` stream is subscribed when it is wanted and unsubscribed when it is not, on the living connection:
at most `MAX_STREAMS` on each, with the pace of `MarketStream`. Where nobody has an open order, there is no connection.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.binance.stream import MAX_STREAMS, MarketStream
from pipeline.errors import MarketUnavailable
from pipeline.market import Symbol
from pipeline.ports import TradedSymbols

log = logging.getLogger(__name__)

MAX_SYMBOLS = MAX_STREAMS - 1
"""Maximum number of symbols of one connection; one stream is its pulse."""

OpenStream = Callable[[Callable[[], Sequence[str]]], MarketStream]
"""Makes a connection, which is not running yet, whose streams are named by the function."""


@dataclass(eq=False)
class _Group:
    """Symbols of one connection, and the task that runs it."""

    symbols: set[Symbol] = field(default_factory=set)
    stream: MarketStream = field(init=False)
    task: asyncio.Task[None] = field(init=False)

    def names(self) -> list[str]:
        return [f"{symbol.lower()}@aggTrade" for symbol in sorted(self.symbols)]


class TradeStreams:
    """Service that follows `wanted`, read every `seconds`, as far as `may_follow` allows. While the wanted symbols
    cannot be read, the last known ones are followed. `on_change` is called with the followed symbols when they change.
    """

    def __init__(
        self,
        wanted: TradedSymbols,
        may_follow: Callable[[], frozenset[Symbol]],
        open_stream: OpenStream,
        on_change: Callable[[frozenset[Symbol]], None],
        *,
        seconds: float,
        max_symbols: int | None = None,
    ) -> None:
        self.followed: frozenset[Symbol] = frozenset()
        self._wanted = wanted
        self._may_follow = may_follow
        self._open_stream = open_stream
        self._on_change = on_change
        self._seconds = seconds
        self._max_symbols = max_symbols or MAX_SYMBOLS
        self._groups: list[_Group] = []
        self._last: frozenset[Symbol] = frozenset()

    @property
    def streams(self) -> Iterator[MarketStream]:
        """Connections that are open or being opened."""
        return (group.stream for group in self._groups)

    async def run(self) -> None:
        """Runs until cancelled. Raises the errors of its connections that are bugs."""
        try:
            while True:
                try:
                    self._last = await self._wanted.wanted()
                except MarketUnavailable:
                    log.warning("the symbols with open orders cannot be read: %d are followed", len(self._last))
                self.follow(self._last & self._may_follow())
                for group in self._groups:
                    if group.task.done():
                        group.task.result()
                await asyncio.sleep(self._seconds)
        finally:
            tasks = [group.task for group in self._groups]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def follow(self, symbols: frozenset[Symbol]) -> None:
        """Follows exactly these symbols. Each keeps its connection."""
        if symbols == self.followed:
            return
        new, gone, self.followed = symbols - self.followed, self.followed - symbols, symbols
        self._on_change(symbols)
        changed = [group for group in self._groups if group.symbols & gone]
        for group in changed:
            group.symbols -= gone
        for symbol in sorted(new):
            group = self._roomy()
            group.symbols.add(symbol)
            changed.append(group)
        for group in dict.fromkeys(changed):
            if group.symbols:
                group.stream.change()
            else:
                group.task.cancel()
                self._groups.remove(group)

    def _roomy(self) -> _Group:
        for group in self._groups:
            if len(group.symbols) < self._max_symbols:
                return group
        group = _Group()
        group.stream = self._open_stream(group.names)
        group.task = asyncio.create_task(group.stream.run())
        self._groups.append(group)
        return group
