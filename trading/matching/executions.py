"""Executions of resting orders: the amounts of a fill, computed as for a market order. Pure and exact."""

from decimal import Decimal

from msgspec import structs

from pipeline.market import SourceKind
from pipeline.rules import SymbolRules
from trading.matching.ladders import Ladder
from trading.matching.market_orders import Terms, execution_at
from trading.orders.effects import Filled, FillRule
from trading.orders.open_orders import OpenOrder
from trading.orders.types import Execution


def execution_of(
    order: OpenOrder, filled: Filled, rules: SymbolRules, source: SourceKind, price_age_ms: int
) -> Execution:
    """Returns the execution of a fill of `order`, as it was before the fill or is after it: cost rounded up (or as the
    fill says), proceeds down, fee up, once per execution. `price_age_ms` is the age of the market event when the fill
    is booked. `unfilled` is zero: the rest of the order goes on or expires as an event of its own.

    A part so small that its proceeds round to nothing is executed nevertheless. Raises AmountTooLarge.
    """
    ladder = Ladder((), filled.mid_price, filled.time, price_age_ms, from_book=filled.rule is FillRule.BOOK)
    terms = Terms(rules, order.fee_rate, source)
    found = execution_at(order.terms.side, filled.fills, Decimal(0), ladder, terms, whole_balance=True)
    cost = found.quote_amount if filled.cost is None else filled.cost
    return structs.replace(found, quote_amount=cost, maker=filled.maker, rule=filled.rule.value)
