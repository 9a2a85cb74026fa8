"""Shares a traded or displayed quantity among resting orders, in the order in which they are offered it. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from core.decimals import EXACT
from pipeline.rules import SymbolRules
from trading.matching.market_orders import total
from trading.matching.taking import paid_by_hold, part_of
from trading.orders.effects import FillRule
from trading.orders.holds import step_of
from trading.orders.open_orders import OpenOrder
from trading.orders.terms import OrderType
from trading.orders.types import Fill


@dataclass(frozen=True, slots=True)
class Part:
    """Fill of an order at its limit (None: nothing); `short` if the money held pays no more. `offset` is what the parts
    before it took.
    """

    order_id: int
    offset: Decimal
    fill: Fill | None
    short: bool
    rule: FillRule


class Sharing:
    """A quantity that is being shared: what is left of it, and the parts given so far."""

    def __init__(self, quantity: Decimal, rules: SymbolRules) -> None:
        self._quantity = self.left = quantity
        self.parts: list[Part] = []
        self._rules = rules
        self._step = step_of(OrderType.LIMIT, rules)

    @property
    def exhausted(self) -> bool:
        """True if less than a step is left."""
        return self.left < self._step

    def give(self, order: OpenOrder, rule: FillRule, behind: Decimal = Decimal(0)) -> None:
        """Gives an order its part of what is left behind the first `behind` of it."""
        quantity = part_of(order.remaining, EXACT.subtract(self.left, behind), self._step)
        if not quantity or order.limit_price is None:
            return
        fills = paid_by_hold(order, (Fill(order.limit_price, quantity),), self._step, self._rules)
        kept = total(fills)
        offset = EXACT.subtract(self._quantity, self.left)
        self.parts.append(Part(order.order_id, offset, fills[0] if fills else None, kept < quantity, rule))
        self.left = EXACT.subtract(self.left, kept)
