"""Open orders of one symbol, and what each event of the market does to them. No I/O, no clock of its own.

The rules are those of docs/fills.md. An event costs what it fires plus a logarithm, however many orders rest.
"""

from dataclasses import dataclass
from decimal import Decimal

from pipeline.market import Symbol
from pipeline.rules import SymbolRules
from trading.orders.effects import PROTECTION, MarketEvent, OrderEffect
from trading.orders.open_orders import OpenOrder

REPLAYED_MS = 30_000
"""How far back events are kept for orders whose news comes late."""


@dataclass(frozen=True, slots=True)
class StateOfOrder:
    """What the events of the market taught about an open order: see `OpenOrder.queue_ahead` and `OpenOrder.extreme`."""

    order_id: int
    queue_ahead: Decimal | None
    extreme: Decimal | None


class SymbolOrders:
    """Open orders of one symbol.

    The owner feeds every event of the market in its order (`take`) and every change of an order that others made
    (`put`, `remove`). It books the effects that these return, in their order. When the store refuses effects of an
    order because the order has ended or changed before (`Applied.gone`), the owner removes the order and puts the
    stored one.
    """

    def __init__(self, symbol: Symbol, rules: SymbolRules, *, protection: Decimal = PROTECTION) -> None:
        """`protection` is the fraction of its trigger price by which a market order may fill worse."""

    def __len__(self) -> int:
        """Number of open orders, pending ones included."""
        raise NotImplementedError

    def get(self, order_id: int) -> OpenOrder | None:
        """Returns the order as it is after all effects so far, with its present queue and extreme, or None."""
        raise NotImplementedError

    def put(self, *orders: OpenOrder) -> list[OrderEffect]:
        """Adds orders, or replaces those known by later versions of them, and returns the effects of the events of the
        last 30 s that they missed: those later than `accepted_at`, for what is left of their traded sizes and displays.

        The orders of a list are put together. A version that is not later than the known one changes nothing: it is the
        echo of this object's own effects. A later version with the same `priority` kept its place: its queue and
        extreme stay, and nothing is replayed. An order that is not open is removed.
        """
        raise NotImplementedError

    def remove(self, order_id: int) -> None:
        """Forgets an order that ended elsewhere; unknown ones are ignored. Its list has no effects here: whoever ended
        the order ended the others of the list too.
        """
        raise NotImplementedError

    def take(self, event: MarketEvent) -> list[OrderEffect]:
        """Applies an event and returns its effects, in the order in which they are to be booked. Events older than the
        last one are ignored.
        """
        raise NotImplementedError

    def states(self) -> list[StateOfOrder]:
        """Returns the states that changed since the last call, by order. The caller writes them with its position."""
        raise NotImplementedError

    def set_rules(self, rules: SymbolRules) -> None:
        """Replaces the exchange's rules of the symbol."""
        raise NotImplementedError
