"""Terms of a back-test: the money, the costs and the exchange's rules."""

from dataclasses import dataclass
from decimal import Decimal

from pipeline.market import MINUTE_MS, Interval, SourceKind
from pipeline.rules import SymbolRules
from trading.orders.effects import PROTECTION

UNLIMITED = Decimal(10) ** 15
"""Display of a test without costs: no order reaches the second level."""


@dataclass(frozen=True, slots=True)
class BacktestTerms:
    """Terms of a back-test.

    `cash` (quote asset) is there at the start. A market order pays `half_spread`, a fraction of the price, beside the
    size-impact rule. `cost_multiple` scales all costs: at 2 the fee and the spread are doubled and half the size is
    displayed, at 0 there is neither fee nor spread and any size fills at the open. `max_slippage` is the price
    protection of market orders and of stops.
    """

    rules: SymbolRules
    cash: Decimal
    fee_rate: Decimal
    half_spread: Decimal = Decimal(0)
    cost_multiple: Decimal = Decimal(1)
    max_slippage: Decimal = PROTECTION
    source: SourceKind = SourceKind.BINANCE

    @property
    def fee(self) -> Decimal:
        """Fee rate with the multiple of the costs."""
        return self.fee_rate * self.cost_multiple

    @property
    def spread(self) -> Decimal:
        """Half of the spread with the multiple of the costs."""
        return self.half_spread * self.cost_multiple

    def displayed(self, volume: float, interval: Interval) -> Decimal:
        """Returns the size displayed on each side after a candle of this volume: what it traded in a minute, as a
        replay of its minutes shows.
        """
        if not self.cost_multiple:
            return UNLIMITED
        shown = Decimal(repr(volume * MINUTE_MS / interval.ms))
        return shown if self.cost_multiple == 1 else shown / self.cost_multiple
