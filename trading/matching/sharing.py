"""Shares a traded or displayed quantity among resting orders, in the order in which they are offered it. Pure."""

from dataclasses import dataclass, replace
from decimal import Decimal

from core.decimals import EXACT
from pipeline.rules import SymbolRules
from trading.matching.event_log import Display
from trading.matching.ladders import mid_price
from trading.matching.market_orders import total
from trading.matching.taking import paid_by_hold, part_of
from trading.orders.effects import BestQuote, Filled, FillRule
from trading.orders.holds import cost_of, spent, step_of
from trading.orders.open_orders import OpenOrder
from trading.orders.terms import OrderType
from trading.orders.types import Fill


@dataclass(frozen=True, slots=True)
class Part:
    """Fill of an order at its limit (None: nothing); `short` if the money held pays no more. `offset` is what the parts
    before it took. `fault` is the error of an order that cannot be filled.
    """

    order_id: int
    offset: Decimal
    fill: Fill | None
    short: bool
    rule: FillRule
    fault: Exception | None = None


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
        """Gives an order its part of what is left behind the first `behind` of it. An order that raises an error gets
        that, and leaves the others what is there.
        """
        try:
            self._give(order, rule, behind)
        except Exception as error:  # noqa: BLE001 - raised for this order alone
            self.parts.append(Part(order.order_id, Decimal(0), None, short=False, rule=rule, fault=error))

    def _give(self, order: OpenOrder, rule: FillRule, behind: Decimal) -> None:
        quantity = part_of(order.remaining, EXACT.subtract(self.left, behind), self._step)
        if not quantity or order.limit_price is None:
            return
        fills = paid_by_hold(order, (Fill(order.limit_price, quantity),), self._step, self._rules)
        kept = total(fills)
        offset = EXACT.subtract(self._quantity, self.left)
        self.parts.append(Part(order.order_id, offset, fills[0] if fills else None, kept < quantity, rule))
        self.left = EXACT.subtract(self.left, kept)


def filled_by(part: Part, time: int, quote: BestQuote | None, display: Display | None, begun: Decimal) -> Filled | None:
    """Returns the fill of a part of a trade, or of a display behind the first `begun` of it; None if it got nothing.
    Raises the part's fault.
    """
    if part.fault is not None:
        raise part.fault
    fill = part.fill
    if fill is None:
        return None
    mid, shown = fill.price if quote is None else mid_price(quote.bid, quote.ask), None
    if display is not None and quote is not None:
        shown = display.part(quote, EXACT.add(begun, part.offset), fill.quantity)
    return Filled(part.order_id, time, (fill,), mid, maker=True, rule=part.rule, display=shown)


def paid(after: OpenOrder, effect: Filled, rules: SymbolRules) -> Filled:
    """Returns a fill with its cost, if that is rounded down; `after` is the order after the fill."""
    cost = cost_of(after, effect.fills, rules)
    usual = cost == spent(after.terms.side, effect.fills, rules)
    return effect if usual else replace(effect, cost=cost)
