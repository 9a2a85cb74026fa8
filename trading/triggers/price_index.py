"""Sorted index of waiting prices: finds what a price reaches with a bisection, not a scan."""

from bisect import bisect_left, bisect_right, insort
from decimal import Decimal

_EVERY_KEY = 1 << 63


class PriceIndex:
    """Keys by price. A key may be at several prices, but only once at each."""

    def __init__(self) -> None:
        self._entries: list[tuple[Decimal, int]] = []

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, price: Decimal, key: int) -> None:
        """Adds a key (0 or greater, below 2**63) at a price."""
        insort(self._entries, (price, key))

    def discard(self, price: Decimal, key: int) -> None:
        """Removes the key from the price; it must be there."""
        del self._entries[bisect_left(self._entries, (price, key))]

    def at_or_below(self, price: Decimal) -> list[int]:
        """Returns the keys at this price or a lower one, the lowest first."""
        return [key for _, key in self._entries[: bisect_right(self._entries, (price, _EVERY_KEY))]]

    def at_or_above(self, price: Decimal) -> list[int]:
        """Returns the keys at this price or a higher one, the lowest first."""
        return [key for _, key in self._entries[bisect_left(self._entries, (price, -1)) :]]

    def below(self, price: Decimal) -> list[int]:
        """Returns the keys at lower prices, the lowest first."""
        return [key for _, key in self._entries[: bisect_left(self._entries, (price, -1))]]

    def above(self, price: Decimal) -> list[int]:
        """Returns the keys at higher prices, the lowest first."""
        return [key for _, key in self._entries[bisect_right(self._entries, (price, _EVERY_KEY)) :]]
