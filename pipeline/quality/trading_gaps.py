"""Holds symbols that return from a halt or a gap with a jump, until an operator decides: it may be another coin.

A symbol is compared with its last price before the gap if its status was not TRADING, if it was not listed, or if no
price of it came for GAP_MS. The limit is a factor, which widens with the fourth root of the days of the gap, as the
limit of outliers does. Nothing of a held symbol passes: no price, no candle and no trade.
"""

import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from pipeline.market import DAY_MS, MINUTE_MS, Frame, Symbol
from pipeline.rules import HELD, TRADING, SymbolRules

log = logging.getLogger(__name__)

GAP_MS = 10 * MINUTE_MS
"""Time without a price (ms) after which a symbol is compared with its price before."""


@dataclass(frozen=True, slots=True)
class SymbolHold:
    """Symbol that is held: its last price before the gap, the price that came after it, and the time of that."""

    symbol: Symbol
    last_price: Decimal | None
    jumped_price: Decimal | None
    time: int


class HoldStore(Protocol):
    """Store of held symbols. Every method raises MarketUnavailable."""

    async def add(self, market: str, holds: Sequence[SymbolHold]) -> None:
        """Stores holds; a symbol that is held already stays as it is."""

    async def held(self, market: str) -> frozenset[Symbol]:
        """Returns the symbols that are held."""

    async def last_prices(self, market: str, symbols: Sequence[Symbol]) -> Mapping[Symbol, tuple[int, str]]:
        """Returns the time (UTC ms) and the price of the last archived candle of each symbol."""


class TradingGapGuard:
    """Filter of frames, after the inspector. `factor` is the limit of a jump: 3 is three times or a third."""

    def __init__(self, factor: float) -> None:
        self._limit = math.log(factor)
        self._seen: dict[Symbol, tuple[int, str]] = {}
        self._halted: set[Symbol] = set()
        self._held: set[Symbol] = set()
        self._new: dict[Symbol, SymbolHold] = {}

    @property
    def held(self) -> frozenset[Symbol]:
        """Symbols of which nothing passes."""
        return frozenset(self._held)

    @property
    def unwritten(self) -> tuple[SymbolHold, ...]:
        """Holds that are not stored yet."""
        return tuple(self._new.values())

    def seed(self, prices: Mapping[Symbol, tuple[int, str]]) -> None:
        """Sets the last known prices, at the start."""
        self._seen = dict(prices) | self._seen

    def observe(self, rules: Iterable[SymbolRules]) -> None:
        """Takes note of the symbols that are not traded at present; those that are not listed are none of them."""
        trading = {each.symbol for each in rules if each.status == TRADING}
        self._halted |= self._seen.keys() - trading

    def written(self, holds: Iterable[SymbolHold]) -> None:
        """Takes note that holds are stored."""
        for hold in holds:
            self._new.pop(hold.symbol, None)

    def set_held(self, stored: frozenset[Symbol]) -> None:
        """Takes over the stored holds. A symbol that was released begins anew: its next price is right."""
        for symbol in self._held - stored - self._new.keys():
            self._held.discard(symbol)
            self._halted.discard(symbol)
            self._seen.pop(symbol, None)
        self._held |= stored

    def marked(self, rules: Iterable[SymbolRules]) -> list[SymbolRules]:
        """Returns the rules with the status HELD for held symbols."""
        return [replace(each, status=HELD) if each.symbol in self._held else each for each in rules]

    def take(self, frame: Frame) -> Frame:
        """Returns the part of the frame that passes; the frame itself if all of it passes."""
        for trade in frame.trades:
            self._judge(trade.symbol, trade.time, trade.price)
        for candle in frame.candles:
            self._judge(candle.symbol, candle.open_time + MINUTE_MS, candle.close)
        for tick in frame.ticks:
            self._judge(tick.symbol, tick.time, tick.price)
        held = self._held
        if not held:
            return frame
        return Frame(
            frame.time,
            tuple(each for each in frame.ticks if each.symbol not in held),
            tuple(each for each in frame.candles if each.symbol not in held),
            tuple(each for each in frame.trades if each.symbol not in held),
        )

    def _judge(self, symbol: Symbol, time: int, price: str | float) -> None:
        """Compares a price after a gap with the one before; remembers a price without a gap."""
        before = self._seen.get(symbol)
        if symbol in self._held:
            return
        gap = 0 if before is None else time - before[0]
        if before is None or gap < -GAP_MS:  # the source's clock began again
            self._seen[symbol] = (time, str(price))
        elif symbol not in self._halted and gap < GAP_MS:
            if gap >= 0:
                self._seen[symbol] = (time, str(price))
        elif self._jumps(float(before[1]), float(price), gap):
            self._hold(symbol, before[1], price, time)
        else:
            self._halted.discard(symbol)
            self._seen[symbol] = (max(time, before[0]), str(price))

    def _jumps(self, before: float, price: float, gap_ms: int) -> bool:
        if not (before > 0 and price > 0):
            return False
        wider: float = (max(gap_ms, 0) / DAY_MS) ** 0.25
        return abs(math.log(price / before)) > self._limit * max(1.0, wider)

    def _hold(self, symbol: Symbol, before: str, price: str | float, time: int) -> None:
        log.error("%s is held: it was %s before a gap and is %s now; an operator has to decide", symbol, before, price)
        self._held.add(symbol)
        self._new[symbol] = SymbolHold(symbol, Decimal(before), Decimal(str(price)), time)
