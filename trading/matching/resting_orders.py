"""Resting limit orders of one side of a symbol, in price-time order, and the displayed quantity ahead of each.

The quantity ahead changes for all orders at a price alike: a trade there reduces it, a smaller display bounds it. So a
price level counts what has traded there, and an order keeps its mark, the count at which its turn comes: its quantity
ahead is the mark minus the count. Orders with one mark form a group, and a display that bounds many marks merges their
groups. A trade or a quote costs what it changes, not what rests.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from core.decimals import EXACT
from trading.orders.types import Side

ZERO = Decimal(0)
SPARE = 16
MAX_SHOWN = 1000
SHOWN_MS = 60_000
_Place = tuple[int, int]  # priority, order id
_T = TypeVar("_T", Decimal, _Place)


@dataclass(eq=False, slots=True)
class _Group:
    """Orders whose turn comes at the same count."""

    mark: Decimal
    members: list[_Place] = field(default_factory=list)
    parent: "_Group | None" = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Order that a trade at its price reaches, and the quantity that was ahead of it before the trade."""

    priority: int
    order_id: int
    ahead: Decimal


class _Level:
    """Orders at one price."""

    def __init__(self, price: Decimal) -> None:
        self.price = price
        self.places: list[_Place] = []
        self.traded = ZERO
        self._front: list[_Place] = []
        self._unknown: dict[_Place, None] = {}
        self._groups: list[_Group] = []
        self._group_of: dict[_Place, _Group] = {}

    @property
    def waiting(self) -> bool:
        """True if an order is not at the front."""
        return bool(self._group_of or self._unknown)

    def add(self, place: _Place, ahead: Decimal | None) -> None:
        insort(self.places, place)
        if ahead is None:
            self._unknown[place] = None
        elif ahead == 0:
            insort(self._front, place)
        else:
            self._join(place, EXACT.add(self.traded, ahead))

    def remove(self, place: _Place) -> None:
        _delete(self.places, place)
        if self._group_of.pop(place, None) is None:  # a group drops members that are gone when their turn comes
            if place in self._unknown:
                del self._unknown[place]
            else:
                _delete(self._front, place)

    def ahead(self, place: _Place) -> Decimal | None:
        group = self._group_of.get(place)
        if group is not None:
            return EXACT.subtract(_root(group).mark, self.traded)
        return None if place in self._unknown else ZERO

    def advance(self, place: _Place) -> None:
        """Puts an order to the front."""
        if self._group_of.pop(place, None) is not None:
            insort(self._front, place)
        elif place in self._unknown:
            del self._unknown[place]
            insort(self._front, place)

    def clear_queue(self) -> None:
        """Puts all orders to the front."""
        self._front = sorted([*self._front, *self._group_of, *self._unknown])
        self._group_of.clear()
        self._groups.clear()
        self._unknown.clear()

    def show(self, size: Decimal) -> bool:
        """Bounds what is ahead by the displayed size; returns True if that changed anything."""
        mark = EXACT.add(self.traded, size)
        changed = bool(self._unknown)
        merged: _Group | None = None
        while self._groups and self._groups[-1].mark > mark:
            changed = changed or self._lives(self._groups[-1])
            merged = _merge(self._groups.pop(), merged)
        if merged is not None:
            merged.mark = mark
            if self._groups and self._groups[-1].mark == mark:
                merged = _merge(self._groups.pop(), merged)
            self._groups.append(merged)
        for place in self._unknown:
            self._join(place, mark)
        self._unknown.clear()
        return changed

    def trade(self, quantity: Decimal) -> list[Turn]:
        """Counts a trade at this price; returns the orders that it brings to the front."""
        count = EXACT.add(self.traded, quantity)
        turns: list[Turn] = []
        while self._groups and self._groups[0].mark <= count:
            group = self._groups.pop(0)
            ahead = EXACT.subtract(group.mark, self.traded)
            for place in group.members:
                if self._group_of.get(place) is not None and _root(self._group_of[place]) is group:
                    del self._group_of[place]
                    turns.append(Turn(*place, ahead))
        self.traded = count
        return turns

    def front(self, turns: list[Turn]) -> Iterator[Turn]:
        """Yields the orders at the front and those whose turn has come, by priority."""
        arrived = sorted(turns, key=lambda each: (each.priority, each.order_id))
        at = 0
        for place in self._front:
            while at < len(arrived) and (arrived[at].priority, arrived[at].order_id) < place:
                yield arrived[at]
                at += 1
            yield Turn(*place, ZERO)
        yield from arrived[at:]

    def settle(self, turns: list[Turn]) -> None:
        """Adds the orders whose turn has come to the front."""
        places = [(turn.priority, turn.order_id) for turn in turns]
        if len(places) > len(self._front) // 16:
            self._front = sorted([*self._front, *places])
            return
        for place in places:
            insort(self._front, place)

    def _lives(self, group: _Group) -> bool:
        return any(each in self._group_of and _root(self._group_of[each]) is group for each in group.members)

    def _join(self, place: _Place, mark: Decimal) -> None:
        at = bisect_left(self._groups, mark, key=lambda group: group.mark)
        if at == len(self._groups) or self._groups[at].mark != mark:
            self._groups.insert(at, _Group(mark))
        group = self._groups[at]
        group.members.append(place)
        self._group_of[place] = group
        if len(group.members) > 2 * len(self.places) + SPARE:  # most of them are gone
            group.members = [each for each in set(group.members) if each in self._group_of]
        if len(self._groups) > 2 * len(self.places) + SPARE:  # most of them have no member that is here
            self._groups = [each for each in self._groups if self._lives(each)]


@dataclass(frozen=True, slots=True)
class Reached:
    """Orders at the price of a trade: those at the front, and those whose turn has come with it."""

    key: Decimal
    level: _Level
    arrived: list[Turn]

    def turns(self) -> Iterator[Turn]:
        """Yields them by priority."""
        return self.level.front(self.arrived)


class RestingSide:
    """Resting limit orders of one side. All methods take prices of the market as they are."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self._levels: dict[Decimal, _Level] = {}  # by key: a greater key is a better price
        self._keys: list[Decimal] = []
        self._waiting: list[Decimal] = []
        self._of: dict[int, tuple[_Place, Decimal]] = {}
        self._changed: set[Decimal] = set()
        self._shown: dict[Decimal, int] = {}  # when a quote last changed what is ahead at a price

    def __len__(self) -> int:
        return len(self._of)

    def add(self, order_id: int, limit: Decimal, priority: int, ahead: Decimal | None) -> None:
        """Adds an order behind `ahead` of displayed quantity; None if that is not known."""
        key = self._key(limit)
        level = self._levels.get(key)
        if level is None:
            level = self._levels[key] = _Level(limit)
            insort(self._keys, key)
        place = (priority, order_id)
        level.add(place, ahead)
        self._of[order_id] = (place, key)
        self._watch(key, level)

    def remove(self, order_id: int) -> None:
        """Removes an order, which must be here."""
        place, key = self._of.pop(order_id)
        level = self._levels[key]
        level.remove(place)
        self._watch(key, level)
        if not level.places:
            del self._levels[key]
            _delete(self._keys, key)

    def ahead(self, order_id: int) -> Decimal | None:
        """Returns the displayed quantity ahead of an order; None if it is not known."""
        place, key = self._of[order_id]
        return self._levels[key].ahead(place)

    def advance(self, order_id: int) -> None:
        """Puts an order to the front: it has been filled in part."""
        place, key = self._of[order_id]
        self._levels[key].advance(place)
        self._changed.add(key)
        self._watch(key, self._levels[key])

    def join(self, other: "RestingSide") -> None:
        """Takes over when quotes have changed what is ahead, for orders that follow."""
        for key, time in other.shown.items():
            self._shown[key] = max(time, self._shown.get(key, time))

    @property
    def shown(self) -> Mapping[Decimal, int]:
        """Times at which quotes last changed what is ahead at a price, by key."""
        return self._shown

    def show(self, best: Decimal, size: Decimal, time: int) -> None:
        """Applies the best price of the own side with the size shown there (zero: not known)."""
        if not self._waiting:
            return
        if len(self._shown) > MAX_SHOWN:
            self._shown = {key: at for key, at in self._shown.items() if at > time - SHOWN_MS}
        key = self._key(best)
        while self._waiting and self._waiting[-1] > key:
            better = self._waiting.pop()
            self._levels[better].clear_queue()
            self._changed.add(better)
            self._shown[better] = time
        level = self._levels.get(key)
        if level is not None and size > 0 and level.waiting and level.show(size):
            self._changed.add(key)
            self._shown[key] = time

    def reached(self, price: Decimal) -> bool:
        """True if the best limit is at a price or beyond it."""
        return bool(self._keys) and self._keys[-1] >= self._key(price)

    def beyond(self, price: Decimal, *, at: bool = False) -> Iterator[tuple[Decimal, int, int]]:
        """Yields the orders whose limit is better than a price (`at`: or equal to it) in price-time order, as distance,
        priority and number. Orders must not change meanwhile.
        """
        bound = self._key(price)
        for index in range(len(self._keys) - 1, -1, -1):
            key = self._keys[index]
            if key < bound or (key == bound and not at):
                return
            distance = EXACT.subtract(key, bound)
            for priority, order_id in self._levels[key].places:
                yield distance, priority, order_id

    def trade(self, price: Decimal, quantity: Decimal, time: int) -> "Reached | None":
        """Counts a trade at a price and returns the orders there that it reaches. `settle` has to follow before any of
        them changes. A trade older than a quote that changed what is ahead there has been counted by that quote.
        """
        key = self._key(price)
        level = self._levels.get(key)
        if level is None or time < self._shown.get(key, time):
            return None
        if level.waiting:
            self._changed.add(key)
        return Reached(key, level, level.trade(quantity))

    def settle(self, reached: "Reached") -> None:
        """Puts the orders whose turn has come to the front."""
        reached.level.settle(reached.arrived)
        self._watch(reached.key, reached.level)

    def changed(self) -> Iterator[int]:
        """Yields the orders whose quantity ahead may have changed since the last call."""
        keys, self._changed = self._changed, set()
        for key in keys:
            if key in self._levels:
                yield from (order_id for _, order_id in self._levels[key].places)

    def _key(self, price: Decimal) -> Decimal:
        return price if self._side is Side.BUY else price.copy_negate()

    def _watch(self, key: Decimal, level: _Level) -> None:
        at = bisect_left(self._waiting, key)
        known = at < len(self._waiting) and self._waiting[at] == key
        if level.waiting and not known:
            self._waiting.insert(at, key)
        elif known and not level.waiting:
            del self._waiting[at]


def queue_at(side: Side, limit: Decimal, best: Decimal, shown: Decimal) -> Decimal | None:
    """Returns what is ahead of an order that begins to rest: the size `shown` at the best price of its side if that is
    its limit, nothing if the limit is better, and None (not known) if it is behind the best.
    """
    if limit == best:
        return shown if shown > 0 else None
    return ZERO if (limit > best) is (side is Side.BUY) else None


def _root(group: _Group) -> _Group:
    while group.parent is not None:
        if group.parent.parent is not None:
            group.parent = group.parent.parent
        group = group.parent
    return group


def _merge(one: _Group, other: _Group | None) -> _Group:
    """Joins two groups; the members of the smaller one move."""
    if other is None:
        return one
    small, large = (one, other) if len(one.members) < len(other.members) else (other, one)
    large.members.extend(small.members)
    large.mark = other.mark
    small.parent, small.members = large, []
    return large


def _delete(entries: list[_T], entry: _T) -> None:
    del entries[bisect_left(entries, entry)]
