"""Market and account at the moment of an order or an amendment."""

from dataclasses import dataclass
from decimal import Decimal

from pipeline.market import Quote, SourceKind
from pipeline.rules import SymbolRules
from trading.matching.ladders import Ladder
from trading.orders.types import Balance


@dataclass(frozen=True, slots=True)
class Situation:
    """Market and account at the moment of an order.

    `ladder` is the displayed liquidity that the (working) order can take: `ladders.ladder_of` of its side;
    earlier orders took `used` of it. `now` is UTC ms of the market's clock. `base` and `funds` are the balances of the
    base and the quote asset. The order took `latency_ms` to the market.
    """

    rules: SymbolRules
    quote: Quote
    ladder: Ladder
    used: Decimal
    now: int
    base: Balance
    funds: Balance
    fee_rate: Decimal
    source: SourceKind
    latency_ms: int = 0
