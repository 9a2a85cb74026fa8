"""Price-indexed structure of everything that waits for a price of one symbol: alerts, stops, activation prices.

Entries are kept by the nearest double of their price, in sorted blocks of a bounded size. Rounding to a double keeps
the order of prices, so a double decides all comparisons but those of equal doubles, which are decided by the exact
prices. A price that reaches nothing costs two comparisons; another one costs a logarithm and what it reaches. An entry
takes 16 bytes.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from math import inf, isfinite

_BLOCK = 512
_LARGEST_KEY = (1 << 63) - 1


class Wait(Enum):
    """Prices that reach an entry, relative to its own."""

    AT_OR_ABOVE = (0, True, True)
    ABOVE = (1, True, False)
    AT_OR_BELOW = (2, False, True)
    BELOW = (3, False, False)

    def __init__(self, number: int, rising: bool, inclusive: bool) -> None:  # noqa: FBT001 - members of an enumeration
        self.number = number
        self.rising = rising
        self.inclusive = inclusive


_RISING = tuple(wait for wait in Wait if wait.rising)
_FALLING = tuple(wait for wait in Wait if not wait.rising)


class _SortedEntries:
    """Pairs of price and key in their order, in blocks: an insertion moves at most one block."""

    __slots__ = ("_blocks", "_lasts")

    def __init__(self) -> None:
        self._blocks: list[tuple[array[float], array[int]]] = []
        self._lasts: list[tuple[float, int]] = []

    def __bool__(self) -> bool:
        return bool(self._blocks)

    @property
    def first(self) -> float:
        """Lowest price."""
        return self._blocks[0][0][0]

    @property
    def last(self) -> float:
        """Highest price."""
        return self._lasts[-1][0]

    def add(self, price: float, key: int) -> None:
        if not self._blocks:
            self._blocks.append((array("d"), array("q")))
            self._lasts.append((price, key))
        number = bisect_left(self._lasts, (price, key))
        if number == len(self._lasts):
            number -= 1
            self._lasts[number] = (price, key)
        prices, keys = self._blocks[number]
        at = _place(prices, keys, price, key)
        prices.insert(at, price)
        keys.insert(at, key)
        if len(keys) > _BLOCK:
            half = len(keys) // 2
            self._blocks[number : number + 1] = [(prices[:half], keys[:half]), (prices[half:], keys[half:])]
            self._lasts.insert(number, (prices[half - 1], keys[half - 1]))

    def discard(self, price: float, key: int) -> None:
        number = bisect_left(self._lasts, (price, key))
        prices, keys = self._blocks[number]
        at = _place(prices, keys, price, key)
        if keys[at] != key or prices[at] != price:
            raise KeyError(key)
        del prices[at], keys[at]
        if keys:
            self._lasts[number] = (prices[-1], keys[-1])
        else:
            del self._blocks[number], self._lasts[number]

    def below(self, price: float) -> Iterator[int]:
        """Yields the keys at lower prices."""
        for prices, keys in self._blocks:
            if prices[-1] >= price:
                yield from keys[: bisect_left(prices, price)]
                return
            yield from keys

    def above(self, price: float) -> Iterator[int]:
        """Yields the keys at higher prices."""
        number = bisect_right(self._lasts, (price, _LARGEST_KEY))
        for prices, keys in self._blocks[number:]:
            yield from keys[bisect_right(prices, price) :]

    def at(self, price: float) -> Iterator[int]:
        """Yields the keys at this price."""
        for number in range(bisect_left(self._lasts, (price, -1)), len(self._blocks)):
            prices, keys = self._blocks[number]
            if prices[0] > price:
                return
            yield from keys[bisect_left(prices, price) : bisect_right(prices, price)]


class PriceIndex:
    """Keys of one symbol by the price for which each waits. A key waits for one price at a time.

    `low` and `high` are the nearest prices below and above that something waits for: a price between them, as a double,
    reaches nothing.
    """

    __slots__ = ("_exact", "_sides", "high", "low")

    def __init__(self) -> None:
        self.low = -inf
        self.high = inf
        self._sides = tuple(_SortedEntries() for _ in Wait)
        self._exact: dict[int, Decimal] = {}

    def __bool__(self) -> bool:
        return any(self._sides)

    def add(self, wait: Wait, price: Decimal, key: int) -> None:
        """Lets a key (0 or greater, below 2**63) wait for a price."""
        near = float(price)
        self._sides[wait.number].add(near, key)
        if Decimal(repr(near)) != price:
            self._exact[key] = price
        if wait.rising:
            self.high = min(self.high, near)
        elif near > self.low:
            self.low = near

    def discard(self, wait: Wait, price: Decimal, key: int) -> None:
        """Removes a key; it must wait for this price."""
        near = float(price)
        self._sides[wait.number].discard(near, key)
        self._exact.pop(key, None)
        if wait.rising and near == self.high:
            self.high = min(
                (self._sides[each.number].first for each in _RISING if self._sides[each.number]), default=inf
            )
        elif not wait.rising and near == self.low:
            self.low = max(
                (self._sides[each.number].last for each in _FALLING if self._sides[each.number]), default=-inf
            )

    def nearest(self, *, rising: bool) -> Decimal | None:
        """Returns the price that a rising or a falling price reaches first; None if nothing waits for one. Of prices
        with the same nearest double it may be any.
        """
        near = self.high if rising else self.low
        if not isfinite(near):
            return None
        sides = (self._sides[each.number] for each in (_RISING if rising else _FALLING))
        key = next(key for side in sides if side for key in side.at(near))
        return self._exact.get(key, Decimal(repr(near)))

    def reached(self, price: Decimal) -> list[int]:
        """Returns the keys that a price reaches, in no order."""
        near = float(price)
        if self.low < near < self.high:
            return []
        found: list[int] = []
        for wait, entries in zip(Wait, self._sides, strict=True):
            if not entries:
                continue
            found += entries.below(near) if wait.rising else entries.above(near)
            found += [key for key in entries.at(near) if self._meets(wait, key, near, price)]
        return found

    def _meets(self, wait: Wait, key: int, near: float, price: Decimal) -> bool:
        """Decides between equal doubles."""
        exact = self._exact.get(key)
        if exact is None:
            exact = Decimal(repr(near))
        if price == exact:
            return wait.inclusive
        return (price > exact) is wait.rising


def _place(prices: "array[float]", keys: "array[int]", price: float, key: int) -> int:
    """Returns where a pair is, or belongs, in a block."""
    at = bisect_left(prices, price)
    if at == len(prices) or prices[at] != price:
        return at
    return bisect_left(keys, key, at, bisect_right(prices, price, at))
