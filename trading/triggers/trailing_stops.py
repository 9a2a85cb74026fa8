"""Stop prices, and stops that trail the market. No I/O.

The rules are Binance's ("Spot Trailing Stop order FAQ"): a trailing sale follows the highest price and triggers after a
fall of its delta, a trailing purchase follows the lowest price and triggers after a rise, whatever the type. The type
says on which side of the market the activation price is. The trade that activates an order is the first that it
follows.

All orders that follow the same extreme form a group, so that a new high costs one step and not one for each order.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from decimal import Decimal
from heapq import heapify, heappop, heappush
from itertools import count

from core.decimals import EXACT
from trading.orders.types import Side

BASIS_POINTS = 10_000
_UNIT = Decimal("0.0001")


def trigger_price(side: Side, extreme: Decimal, delta: int) -> Decimal:
    """Returns the price at which an order that follows `extreme` triggers; `delta` in basis points. Exact."""
    factor = BASIS_POINTS - delta if side is Side.SELL else BASIS_POINTS + delta
    return EXACT.multiply(EXACT.multiply(extreme, Decimal(factor)), _UNIT)


class _Group:
    """Orders that follow one extreme, the smallest delta first. Entries of removed orders are dropped when met."""

    def __init__(self, extreme: Decimal) -> None:
        self.extreme = extreme
        self.members: list[tuple[int, int]] = []
        self.live = 0
        self.version = 0
        self.parent: _Group | None = None


class TrailingStops:
    """Active trailing orders of one side of a symbol."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self._sign = 1 if side is Side.SELL else -1
        self._keys: list[Decimal] = []  # extremes x sign, rising: those below a new price move to it
        self._groups: dict[Decimal, _Group] = {}
        self._highest: list[tuple[Decimal, int, int, _Group]] = []  # by the first trigger price of each group
        self._tokens: dict[int, int] = {}
        self._ids: dict[int, int] = {}
        self._group_of: dict[int, _Group] = {}
        self._next = count()
        self._changed: set[_Group] = set()

    def __len__(self) -> int:
        return len(self._tokens)

    def add(self, order_id: int, extreme: Decimal, delta: int) -> None:
        """Adds an active order that has followed the market to `extreme`."""
        token = next(self._next)
        self._tokens[order_id], self._ids[token] = token, order_id
        group = self._group_at(extreme)
        group.live += 1
        heappush(group.members, (delta, token))
        self._group_of[order_id] = group
        self._changed.add(group)
        self._announce(group)

    def remove(self, order_id: int) -> None:
        """Removes an order, if it is here."""
        token = self._tokens.pop(order_id, None)
        if token is None:
            return
        group = self._find(self._group_of.pop(order_id))
        del self._ids[token]
        group.live -= 1
        if group.live == 0:
            self._drop(group)
        elif len(group.members) > 2 * group.live + 16:
            group.members = [each for each in group.members if each[1] in self._ids]
            heapify(group.members)

    def extreme(self, order_id: int) -> Decimal:
        """Returns the highest (sales) or lowest (purchases) price that the order has followed."""
        return self._find(self._group_of[order_id]).extreme

    def take(self, price: Decimal) -> dict[int, Decimal]:
        """Applies a trade; removes and returns the orders that it triggers, with their extremes."""
        triggered = dict(self._reached(price))
        for order_id in triggered:
            self.remove(order_id)
        key = EXACT.multiply(price, Decimal(self._sign))
        behind = self._keys[: bisect_left(self._keys, key)]
        if behind:
            self._merge([self._groups[each] for each in behind], price)
        return triggered

    def nearest(self) -> Decimal | None:
        """Returns the first price at which an order triggers, or None if there is no order."""
        while self._highest:
            key, _, version, group = self._highest[0]
            if group.version == version and group.parent is None and group.live:
                return EXACT.multiply(key, Decimal(-self._sign))
            heappop(self._highest)
        return None

    def changed(self) -> list[int]:
        """Returns the orders whose extreme may have changed since the last call."""
        found = [
            self._ids[token] for group in self._changed if group.parent is None for _, token in group.members
            if token in self._ids
        ]  # fmt: skip
        self._changed.clear()
        return found

    def _reached(self, price: Decimal) -> Iterator[tuple[int, Decimal]]:
        bound = EXACT.multiply(price, Decimal(self._sign))
        while self._highest and self._highest[0][0].copy_negate() >= bound:
            _, _, version, group = heappop(self._highest)
            if group.version != version or group.parent is not None or not group.live:
                continue
            while group.members and self._first_trigger(group) >= bound:
                _, token = heappop(group.members)
                if token in self._ids:
                    yield self._ids[token], group.extreme
            self._announce(group)

    def _first_trigger(self, group: _Group) -> Decimal:
        price = trigger_price(self._side, group.extreme, group.members[0][0])
        return price if self._sign == 1 else price.copy_negate()

    def _announce(self, group: _Group) -> None:
        group.version += 1
        if group.members:
            heappush(self._highest, (self._first_trigger(group).copy_negate(), next(self._next), group.version, group))
        if len(self._highest) > 4 * len(self._groups) + 64:
            self._highest = [each for each in self._highest if each[3].version == each[2] and each[3].parent is None]
            heapify(self._highest)

    def _group_at(self, extreme: Decimal) -> _Group:
        key = EXACT.multiply(extreme, Decimal(self._sign))
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(extreme)
            insort(self._keys, key)
        return group

    def _merge(self, groups: list[_Group], extreme: Decimal) -> None:
        """Moves all orders of the groups to a new extreme; the smaller groups go into the largest."""
        for group in groups:
            self._drop(group)
        key = EXACT.multiply(extreme, Decimal(self._sign))
        there = self._groups.get(key)
        every = [*groups, *([there] if there is not None else [])]
        largest = max(every, key=lambda each: len(each.members))
        for group in every:
            if group is largest:
                continue
            for member in group.members:
                if member[1] in self._ids:
                    heappush(largest.members, member)
            largest.live += group.live
            group.parent, group.members = largest, []
        largest.extreme = extreme
        if there is None:
            insort(self._keys, key)
        self._groups[key] = largest
        self._changed.add(largest)
        self._announce(largest)

    def _drop(self, group: _Group) -> None:
        key = EXACT.multiply(group.extreme, Decimal(self._sign))
        del self._groups[key]
        del self._keys[bisect_left(self._keys, key)]

    def _find(self, group: _Group) -> _Group:
        while group.parent is not None:
            if group.parent.parent is not None:
                group.parent = group.parent.parent
            group = group.parent
        return group
