"""Open orders of one symbol, and what each event of the market does to them. No I/O, no clock of its own.

The rules are those of docs/fills.md. An event costs what it fires plus a logarithm, however many orders rest.
"""

from dataclasses import dataclass
from decimal import Decimal

from pipeline.market import Symbol
from pipeline.rules import SymbolRules
from trading.matching.event_log import EventLog, EventTimes
from trading.matching.order_engine import LATEST, OrderEngine
from trading.orders.effects import (
    PROTECTION,
    DisplayedPart,
    MarketEvent,
    OrderEffect,
)
from trading.orders.open_orders import OpenOrder, OrderStatus
from trading.orders.types import Side

REPLAYED_MS = 30_000
"""How far back events are kept for orders whose news comes late."""

REPLAYED_EVENTS = 10_000
"""Maximum number of events of a symbol that are kept for them."""


@dataclass(frozen=True, slots=True)
class StateOfOrder:
    """State that the events of the market changed: see `OpenOrder.queue_ahead` and `OpenOrder.extreme`."""

    order_id: int
    queue_ahead: Decimal | None
    extreme: Decimal | None


class SymbolOrders:
    """Open orders of one symbol.

    The owner feeds every event of the market in its order (`take`) and every change of an order that others made
    (`put`, `remove`). It books the effects that these return, in their order. When the store refuses effects of an
    order because the order has ended or changed before (`Applied.gone`), the owner removes the order and the others of
    its list and puts the stored ones.
    """

    def __init__(self, symbol: Symbol, rules: SymbolRules, *, protection: Decimal = PROTECTION) -> None:
        """`protection` is the fraction of its trigger price by which a market order may fill worse."""
        self.symbol = symbol
        self._engine = OrderEngine(rules, protection)
        self._log = EventLog(REPLAYED_MS, REPLAYED_EVENTS)
        self._times = EventTimes()
        self._reported: dict[int, tuple[Decimal | None, Decimal | None]] = {}

    def __len__(self) -> int:
        """Number of open orders, pending ones included."""
        return len(self._engine.orders)

    def get(self, order_id: int) -> OpenOrder | None:
        """Returns the order as it is after all effects so far, with its present queue and extreme, or None."""
        order = self._engine.orders.get(order_id)
        return None if order is None else self._engine.places.with_state(order)

    def set_rules(self, rules: SymbolRules) -> None:
        """Replaces the exchange's rules of the symbol."""
        self._engine.rules = rules

    def put(self, *orders: OpenOrder) -> list[OrderEffect]:
        """Adds orders, or replaces those known by later versions of them, and returns the effects of the events of the
        last 30 s that they missed: those later than `accepted_at`, for what is left of their traded sizes and displays.

        The orders of a list are put together. A version that is not later than the known one changes nothing: it is the
        echo of this object's own effects. A later version with the same `priority` and prices kept its place: its queue
        and extreme stay, and nothing is replayed. An order that is not open is removed.
        """
        new: list[OpenOrder] = []
        for order in orders:
            known = self._engine.orders.get(order.order_id)
            if known is not None and known.priority == LATEST and order.version >= known.version:
                # its own activation: from now on it has the place that the store has given it
                known = self._engine.places.rank(known, order.priority)
                self._engine.orders[order.order_id] = known
            if not order.status.open:
                self.remove(order.order_id)
            elif known is None:
                new.append(order)
            elif order.version > known.version:
                if _keeps_place(order, known):
                    self._engine.renew(order)
                    self._reported[order.order_id] = (order.queue_ahead, order.extreme)
                else:
                    self._forget(order.order_id)
                    new.append(order)
        lists = sorted({order.place.list_id for order in new if order.place is not None})
        self._replay(new, lists)
        for list_id in lists:
            self._engine.settle(list_id)
        return self._effects()

    def remove(self, order_id: int) -> None:
        """Forgets an order that ended elsewhere, or whose effects were not written; unknown ones are ignored. Its list
        has no effects here: whoever ended the order ended the others of the list too.
        """
        self._engine.lists.forget(order_id)
        if order_id in self._engine.orders:
            self._forget(order_id)

    def take(self, event: MarketEvent) -> list[OrderEffect]:
        """Applies an event and returns its effects, in the order in which they are to be booked. A quote older than the
        last quote is ignored, and a trade older than the last trade: see `EventTimes`.
        """
        if not self._times.admits(event):
            return []
        self._engine.apply(self._log.add(event))
        return self._effects()

    def learn(self, side: Side, part: DisplayedPart, used: Decimal) -> None:
        """Learns that a fill was not written because all of our orders had used `used` of its display."""
        self._log.learn(side, part, used)

    def states(self) -> list[StateOfOrder]:
        """Returns the states that changed since the last call, by order. The caller writes them with its position."""
        engine, found = self._engine, list[StateOfOrder]()
        touched = {*engine.moved, *engine.places.changed()}
        engine.moved.clear()
        for order_id in sorted(touched):
            order = engine.orders.get(order_id)
            if order is not None and self._reported.get(order_id) != (state := engine.places.state(order)):
                self._reported[order_id] = state
                found.append(StateOfOrder(order_id, *state))
        return found

    def _replay(self, new: list[OpenOrder], lists: list[int]) -> None:
        """Adds orders. What they missed is applied to them alone, and then they join the others."""
        engine = self._engine
        for order in new:
            self._reported[order.order_id] = (order.queue_ahead, order.extreme)
        missed = self._log.since(min(order.accepted_at for order in new)) if new else []
        late = OrderEngine(engine.rules, engine.protection)
        late.lists.adopt(engine.lists, lists)
        for order in new:
            late.insert(order)
        for list_id in lists:
            late.settle(list_id)
        for logged, late.market in missed:
            late.apply(logged)
        engine.join(late, lists)

    def _effects(self) -> list[OrderEffect]:
        effects = self._engine.effects()
        for effect in effects:
            if effect.order_id not in self._engine.orders:
                self._reported.pop(effect.order_id, None)
        return effects

    def _forget(self, order_id: int) -> None:
        self._engine.drop(order_id)
        self._reported.pop(order_id, None)


def _keeps_place(order: OpenOrder, known: OpenOrder) -> bool:
    """True if a later version of an order only has another quantity or hold."""
    pending = OrderStatus.PENDING_NEW
    before = (known.priority, known.limit_price, known.stop_price, known.triggered, known.status is pending)
    return before == (order.priority, order.limit_price, order.stop_price, order.triggered, order.status is pending)
