"""Index of the open orders of a symbol by what they wait for: start, trigger, next display, or their limit."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from enum import Enum, auto
from heapq import heappop, heappush

from core.decimals import down_to_step, up_to_step
from trading.matching.resting_orders import RestingSide
from trading.orders.open_orders import OpenOrder
from trading.orders.types import Side
from trading.triggers.price_index import PriceIndex, Wait
from trading.triggers.trailing_stops import TrailingStops

SPARE = 64
"""Number of entries of a heap that may be of orders that are gone, beside as many as there are orders."""


class Where(Enum):
    """State of waiting of an order; it ends with:"""

    STARTING = auto()
    """An event later than its acceptance."""
    PENDING = auto()
    """The working order of its list."""
    STOP = auto()
    """Its stop price or activation price."""
    FIRST_TRADE = auto()
    """Any trade: a trailing order without an activation price follows from there."""
    TRAILING = auto()
    """A move of its delta from the extreme that it follows."""
    TAKING = auto()
    """A display from which it takes liquidity."""
    RESTING = auto()
    """A trade or a quote at its limit."""


class OrderPlaces:
    """Index of the open orders by what they wait for."""

    def __init__(self) -> None:
        self.resting = {side: RestingSide(side) for side in Side}
        self._where: dict[int, Where] = {}
        self._starting: list[tuple[int, int]] = []
        self._starts: dict[int, int] = {}
        self._stops = PriceIndex()
        self._first_trade: dict[int, None] = {}
        self._trailing = {side: TrailingStops(side) for side in Side}
        self._taking: dict[int, None] = {}

    @property
    def sides(self) -> tuple[RestingSide, ...]:
        """Resting orders of both sides."""
        return tuple(self.resting.values())

    def __contains__(self, order_id: int) -> bool:
        return order_id in self._where

    def where(self, order_id: int) -> Where:
        """Returns what the order waits for."""
        return self._where[order_id]

    def put(self, order: OpenOrder, where: Where | None = None) -> None:
        """Puts an order where it waits; None derives that from the order itself."""
        where = _where_of(order) if where is None else where
        order_id, terms = order.order_id, order.terms
        self._where[order_id] = where
        if where is Where.STARTING:
            self._start(order_id, order.accepted_at)
        elif where is Where.STOP and order.stop_price is not None:
            self._stops.add(_wait_of(order), order.stop_price, order_id)
        elif where is Where.FIRST_TRADE:
            self._first_trade[order_id] = None
        elif where is Where.TRAILING and order.extreme is not None and terms.trailing_delta is not None:
            self._trailing[terms.side].add(order_id, order.extreme, terms.trailing_delta)
        elif where is Where.TAKING:
            self._taking[order_id] = None
        elif where is Where.RESTING and order.limit_price is not None:
            self.resting[terms.side].add(order_id, order.limit_price, order.priority, order.queue_ahead)

    def lift(self, order: OpenOrder) -> None:
        """Removes an order, if it is here; it must be as it was put."""
        order_id, side = order.order_id, order.terms.side
        where = self._where.pop(order_id, None)
        if where is Where.STOP and order.stop_price is not None:
            self._stops.discard(_wait_of(order), order.stop_price, order_id)
        elif where is Where.TRAILING:
            self._trailing[side].remove(order_id)
        elif where is Where.RESTING:
            self.resting[side].remove(order_id)
        self._starts.pop(order_id, None)
        self._first_trade.pop(order_id, None)
        self._taking.pop(order_id, None)

    def state(self, order: OpenOrder) -> tuple[Decimal | None, Decimal | None]:
        """Returns the order's present quantity ahead and its extreme."""
        where, order_id, side = self._where[order.order_id], order.order_id, order.terms.side
        if where is Where.RESTING:
            return self.resting[side].ahead(order_id), order.extreme
        if where is Where.TRAILING:
            return order.queue_ahead, self._trailing[side].extreme(order_id)
        return order.queue_ahead, order.extreme

    def with_state(self, order: OpenOrder) -> OpenOrder:
        """Returns the order with its present state."""
        ahead, extreme = state = self.state(order)
        if state == (order.queue_ahead, order.extreme):
            return order
        return replace(order, queue_ahead=ahead, extreme=extreme)

    def rank(self, order: OpenOrder, priority: int) -> OpenOrder:
        """Gives an order another priority and returns it so."""
        ranked, where = replace(self.with_state(order), priority=priority), self._where[order.order_id]
        self.lift(order)
        self.put(ranked, where)
        return ranked

    def advance(self, order: OpenOrder) -> None:
        """Puts a resting order that was filled in part to the front of its price."""
        if self._where[order.order_id] is Where.RESTING:
            self.resting[order.terms.side].advance(order.order_id)

    def starting_before(self, time: int) -> Iterator[int]:
        """Yields the orders that were accepted before `time` and have not started; each has to be put."""
        while self._starting and self._starting[0][0] < time:
            accepted_at, order_id = heappop(self._starting)
            if self._starts.get(order_id) == accepted_at:
                del self._starts[order_id]
                yield order_id

    def _start(self, order_id: int, accepted_at: int) -> None:
        """Notes an acceptance. Those of orders that no longer wait for their start go when they are more than half."""
        self._starts[order_id] = accepted_at
        heappush(self._starting, (accepted_at, order_id))
        if len(self._starting) > 2 * len(self._starts) + SPARE:
            self._starting = sorted((at, number) for number, at in self._starts.items())

    def stops_reached(self, price: Decimal) -> list[int]:
        """Returns the orders whose stop price or activation price a trade reaches."""
        return self._stops.reached(price)

    def first_trade(self) -> list[int]:
        """Returns the trailing orders that the first trade activates."""
        return list(self._first_trade)

    def follow(self, price: Decimal) -> dict[int, Decimal | None]:
        """Lets the active trailing orders follow a trade; returns those that it triggers, with their extremes."""
        triggered: dict[int, Decimal | None] = {}
        for trailing in self._trailing.values():
            if len(trailing):
                triggered |= trailing.take(price)
        return triggered

    def next_trigger(self, price: Decimal, end: Decimal, tick: Decimal) -> Decimal | None:
        """Returns the first price between `price` and `end` at which orders trigger or are activated, on the tick that
        the market reaches with it; None if there is none. What `price` itself reaches must have been taken.
        """
        rising = end > price
        trailing = self._trailing[Side.BUY if rising else Side.SELL].nearest()
        found = [each for each in (self._stops.nearest(rising=rising), trailing) if each is not None]
        if not found:
            return None
        nearest = up_to_step(min(found), tick) if rising else down_to_step(max(found), tick)
        return nearest if min(price, end) < nearest < max(price, end) else None

    def taking(self) -> list[int]:
        """Returns the orders that take liquidity."""
        return list(self._taking)

    def changed(self) -> Iterator[int]:
        """Yields the orders whose quantity ahead or extreme may have changed since the last call."""
        for side in Side:
            yield from self.resting[side].changed()
            yield from self._trailing[side].changed()


def _wait_of(order: OpenOrder) -> Wait:
    return Wait.AT_OR_BELOW if order.terms.reached_from_above else Wait.AT_OR_ABOVE


def _where_of(order: OpenOrder) -> Where:
    if order.terms.type.waits and not order.triggered:
        if order.terms.trailing_delta is None:
            return Where.STOP
        if order.extreme is not None:
            return Where.TRAILING
        return Where.FIRST_TRADE if order.stop_price is None else Where.STOP
    return Where.TAKING if order.limit_price is None else Where.RESTING
