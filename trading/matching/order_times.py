"""Times of the open orders of a symbol: when they were accepted, and when they expire."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from heapq import heappop, heappush

from trading.orders.open_orders import OpenOrder

SPARE = 64
"""Entries of orders that are gone, beyond as many as are open, that stay until both lists are made anew."""


class OrderTimes:
    """Orders by the time of their acceptance and by their date. Entries of orders that are gone are dropped when met,
    or when they are most of the entries.
    """

    def __init__(self, orders: Mapping[int, OpenOrder]) -> None:
        """`orders` are the open ones, which the owner changes."""
        self._orders = orders
        self._accepted: list[tuple[int, int]] = []
        self._dates: list[tuple[int, int]] = []

    def add(self, order: OpenOrder) -> None:
        """Adds an open order."""
        self.accept(order)
        if order.terms.expires_at is not None:
            heappush(self._dates, (order.terms.expires_at, order.order_id))
            if len(self._dates) > 2 * len(self._orders) + SPARE:
                orders = self._orders.values()
                self._dates = sorted(
                    (at, each.order_id) for each in orders if (at := each.terms.expires_at) is not None
                )

    def accept(self, order: OpenOrder) -> None:
        """Adds the time from which a later version of an order counts."""
        insort(self._accepted, (order.accepted_at, order.order_id))
        if len(self._accepted) > 2 * len(self._orders) + SPARE:
            self._accepted = sorted((each.accepted_at, each.order_id) for each in self._orders.values())

    def accepted_since(self, time: int) -> list[int]:
        """Returns the open orders of which a version was accepted at or after `time`, by number."""
        found = {order_id for _, order_id in self._accepted[bisect_left(self._accepted, (time, 0)) :]}
        return sorted(found & self._orders.keys())

    def expired(self, time: int) -> Iterator[int]:
        """Yields the open orders whose date is not after `time`, the earliest first. Each has to be ended."""
        while self._dates and self._dates[0][0] <= time:
            expires_at, order_id = heappop(self._dates)
            order = self._orders.get(order_id)
            if order is not None and order.terms.expires_at == expires_at:
                yield order_id
