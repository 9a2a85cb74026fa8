"""Record of the quantity taken from each display, so that no displayed quantity is used twice. Bounded in memory.

Each process remembers what it took and knows that its own orders take different parts. The ledger decides between
processes, and between market orders and open orders: it refuses a part that begins before what others took
(`DisplayTaken`), and the process then continues behind that.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace
from decimal import Decimal

from core.decimals import EXACT
from pipeline.market import Symbol
from trading.matching.ladders import Ladder
from trading.orders.types import Side

MAX_SIDES = 10_000
CLOCK_JUMP_MS = 60_000
"""Age difference above which an older quote belongs to a market that started over. No read takes this long."""

HELD_MS = 5_000
"""Time for which an order may hold a quote while newer ones arrive."""


@dataclass(frozen=True, slots=True)
class _Used:
    """Quantity taken from the newest display of one side, and the largest taken from one shortly before it."""

    time: int
    newest: Decimal = Decimal(0)
    older: Decimal = Decimal(0)
    older_time: int = 0


@dataclass(frozen=True, slots=True)
class LiquidityReservation:
    """Part of the quantity displayed at `time` at `price` and beyond, from `start` to `end` (base asset). Parts that
    one `owner` reserves do not overlap.
    """

    symbol: Symbol
    side: Side
    from_book: bool
    time: int
    price: Decimal
    start: Decimal
    end: Decimal
    owner: int
    before: _Used
    after: _Used


class Liquidity:
    """Quantity taken from the newest display, by symbol, side and kind (book or quote). A newer display starts at zero.

    Orders that hold an older quote count against the newest.
    """

    def __init__(self, owner: int | None = None, *, max_sides: int = MAX_SIDES) -> None:
        """`owner` names the process to the ledger: no other may ever have the same. None: a random number."""
        self._owner = secrets.randbits(62) if owner is None else owner
        self._max_sides = max_sides
        self._sides: OrderedDict[tuple[Symbol, Side, bool], _Used] = OrderedDict()

    def used(self, symbol: Symbol, side: Side, ladder: Ladder) -> Decimal:
        """Returns the part of the ladder that earlier orders took (base asset)."""
        known, time = self._known(symbol, side, ladder), ladder.displayed_at
        return known.newest if time == known.time else max(known.newest, known.older)

    def take(self, symbol: Symbol, side: Side, ladder: Ladder, quantity: Decimal) -> LiquidityReservation:
        """Marks the next `quantity` as used; call it before anything else can run. The ladder has a level."""
        time, price = ladder.displayed_at, next(iter(ladder.levels)).price
        before, start = self._known(symbol, side, ladder), self.used(symbol, side, ladder)
        end = EXACT.add(start, quantity)
        after = _Used(before.time, end, before.older, before.older_time)
        if time < before.time:
            after = _Used(before.time, end, end, time)
        self._remember((symbol, side, ladder.from_book), after)
        return LiquidityReservation(symbol, side, ladder.from_book, time, price, start, end, self._owner, before, after)

    def give_back(self, taken: LiquidityReservation) -> None:
        """Undoes the `take` of a refused order, unless a later order has already matched behind it. That part is then
        lost until the next quote, which errs on the market's side.
        """
        key = (taken.symbol, taken.side, taken.from_book)
        if self._sides.get(key) == taken.after:
            self._remember(key, taken.before)

    def learn(self, taken: LiquidityReservation, used: Decimal) -> None:
        """Learns that all processes together took `used` of a display, after the ledger has refused `taken`."""
        self.give_back(taken)
        key = (taken.symbol, taken.side, taken.from_book)
        known = self._sides.get(key, taken.before)
        if known.time == taken.time:
            self._remember(key, replace(known, newest=max(known.newest, used)))
        else:
            self._remember(key, replace(known, older=max(known.older, used), older_time=taken.time))

    def _known(self, symbol: Symbol, side: Side, ladder: Ladder) -> _Used:
        """Returns what is known of the newest display, which is that of the ladder if none is newer."""
        time = ladder.displayed_at
        known = self._sides.get((symbol, side, ladder.from_book))
        if known is None or time < known.time - CLOCK_JUMP_MS:
            return _Used(time)
        if time <= known.time:
            return known
        if known.newest >= known.older or time - known.older_time > HELD_MS:
            return _Used(time, older=known.newest, older_time=known.time)
        return _Used(time, older=known.older, older_time=known.older_time)

    def _remember(self, key: tuple[Symbol, Side, bool], used: _Used) -> None:
        self._sides[key] = used
        self._sides.move_to_end(key)
        if len(self._sides) > self._max_sides:
            self._sides.popitem(last=False)
