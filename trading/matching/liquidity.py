"""Record of the quantity taken from each quote, so that no displayed quantity is used twice. Bounded in memory."""

from collections import OrderedDict
from dataclasses import dataclass
from decimal import Decimal

from core.decimals import EXACT
from pipeline.market import Symbol
from trading.orders.types import Side

MAX_SIDES = 10_000
CLOCK_JUMP_MS = 60_000
"""Age difference above which an older quote belongs to a market that started over. No read takes this long."""


@dataclass(frozen=True, slots=True)
class LiquidityReservation:
    """Part of the quantity displayed at `time`, from `start` to `end` (base asset)."""

    symbol: Symbol
    side: Side
    from_book: bool
    time: int
    start: Decimal
    end: Decimal


class Liquidity:
    """Quantity taken from the newest display, by symbol, side and kind (book or quote). A newer display starts at zero.

    Orders that hold an older quote count against the newest. The record covers the orders of one process: processes
    share quotes, but not this record.
    """

    def __init__(self, max_sides: int = MAX_SIDES) -> None:
        self._max_sides = max_sides
        self._sides: OrderedDict[tuple[Symbol, Side, bool], tuple[int, Decimal]] = OrderedDict()

    def used(self, symbol: Symbol, side: Side, time: int, *, from_book: bool = False) -> Decimal:
        """Returns the part of the quantity displayed at `time` that earlier orders took (base asset)."""
        return self._newest(symbol, side, time, from_book=from_book)[1]

    def take(
        self, symbol: Symbol, side: Side, time: int, quantity: Decimal, *, from_book: bool = False
    ) -> LiquidityReservation:
        """Marks the next `quantity` as used; call it before anything else can run."""
        newest, start = self._newest(symbol, side, time, from_book=from_book)
        taken = LiquidityReservation(symbol, side, from_book, newest, start, EXACT.add(start, quantity))
        self._remember(taken, taken.end)
        return taken

    def give_back(self, taken: LiquidityReservation) -> None:
        """Undoes the `take` of a refused order, unless a later order has already matched behind it. That part is then
        lost until the next quote, which errs on the market's side.
        """
        if self._sides.get((taken.symbol, taken.side, taken.from_book)) == (taken.time, taken.end):
            self._remember(taken, taken.start)

    def _newest(self, symbol: Symbol, side: Side, time: int, *, from_book: bool) -> tuple[int, Decimal]:
        remembered, used = self._sides.get((symbol, side, from_book), (time, Decimal(0)))
        if remembered - CLOCK_JUMP_MS <= time <= remembered:
            return remembered, used
        return time, Decimal(0)

    def _remember(self, taken: LiquidityReservation, end: Decimal) -> None:
        key = (taken.symbol, taken.side, taken.from_book)
        self._sides[key] = (taken.time, end)
        self._sides.move_to_end(key)
        if len(self._sides) > self._max_sides:
            self._sides.popitem(last=False)
