"""Exchange rules of a symbol, as Binance's exchangeInfo states them.

Source: Binance spot API, "Filters" (PRICE_FILTER, PERCENT_PRICE, PERCENT_PRICE_BY_SIDE, LOT_SIZE, MARKET_LOT_SIZE,
MIN_NOTIONAL, NOTIONAL, MAX_NUM_ORDERS, MAX_NUM_ALGO_ORDERS, TRAILING_DELTA).
Every filter is optional; a bound of zero is "not set".
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from core.decimals import is_multiple, up_to_step
from pipeline.errors import ExchangeFilterViolation, SymbolHalted
from pipeline.market import Symbol

MAX_SCALE = 18
"""Most decimals of an asset."""

MIN_QUOTE_SCALE = 2
"""Fewest decimals of a quote asset: the ledger rounds amounts of it by less than 0.01."""

STATUS = re.compile(r"[A-Z_]{1,40}").fullmatch
"""Matches a status. Users read it, so no other text is one."""

TRADING = "TRADING"
HALTED = "HALT"
UNREADABLE = "UNREADABLE"
"""Paperdesk's own status of a symbol that is listed in an unreadable form. Its other rules are empty."""

DELISTED = "DELISTED"
"""Paperdesk's own status of a symbol that the exchange no longer lists."""

HELD = "HELD"
"""Paperdesk's own status of a symbol that returned from a gap with a jump and waits for an operator."""


@dataclass(frozen=True, slots=True)
class LotSize:
    """Bounds of a quantity in the base asset; used by LOT_SIZE and MARKET_LOT_SIZE."""

    minimum: Decimal
    maximum: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True)
class Notional:
    """Bounds of price x quantity in the quote asset; `applies_to_market` is that of the filter.

    NOTIONAL has a flag for each bound (applyMinToMarket, applyMaxToMarket): `max_applies_to_market` is that of the
    upper bound, None if one flag governs both.
    """

    minimum: Decimal
    maximum: Decimal
    applies_to_market: bool = True
    name: str = "NOTIONAL"
    max_applies_to_market: bool | None = None


@dataclass(frozen=True, slots=True)
class PriceBounds:
    """Bounds of a limit price or stop price in the quote asset (minPrice and maxPrice of PRICE_FILTER)."""

    minimum: Decimal
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class PercentPrice:
    """Bounds of an order's price as multiples of a reference price, per side: a purchase between `bid_down` and
    `bid_up`, a sale between `ask_down` and `ask_up`. PERCENT_PRICE has the same bounds for both.

    The reference price is the volume-weighted average of the last `average_minutes`, or the last price if that is 0.
    """

    bid_up: Decimal
    bid_down: Decimal
    ask_up: Decimal
    ask_down: Decimal
    average_minutes: int = 5
    name: str = "PERCENT_PRICE_BY_SIDE"


@dataclass(frozen=True, slots=True)
class TrailingDelta:
    """Bounds of a trailing delta in basis points. Those `above` hold for orders that trigger when the price rises (stop
    loss purchases, take profit sales), those `below` for orders that trigger when it falls.
    """

    minimum_above: int
    maximum_above: int
    minimum_below: int
    maximum_below: int


@dataclass(frozen=True, slots=True)
class SymbolRules:
    """Rules of one symbol. The scales are the decimals of the smallest unit of each asset in the ledger."""

    symbol: Symbol
    base: str
    quote: str
    status: str = TRADING
    base_scale: int = 8
    quote_scale: int = 8
    tick_size: Decimal | None = None
    lot: LotSize | None = None
    market_lot: LotSize | None = None
    notional: Notional | None = None
    delisted_at: int = 0
    """First time at which the symbol was missing, UTC ms of the market's clock; 0 while it is listed."""
    last_price: Decimal | None = None
    """Last price of a symbol that is no longer listed."""
    price_bounds: PriceBounds | None = None
    percent_price: PercentPrice | None = None
    max_open_orders: int | None = None
    """Maximum number of open orders of an account on the symbol, those that wait for a stop price included."""
    max_algo_orders: int | None = None
    """Maximum number of open orders of an account on the symbol that wait for a stop price."""
    trailing_delta: TrailingDelta | None = None
    step: Decimal = field(init=False, default=Decimal(0), repr=False, compare=False)
    """Coarsest step of which a market quantity must be a multiple."""
    smallest_quantity: Decimal = field(init=False, default=Decimal(0), repr=False, compare=False)
    """Smallest quantity of a market order, regardless of its value."""

    def __post_init__(self) -> None:
        lots = [lot for lot in (self.lot, self.market_lot) if lot is not None]
        step = max((lot.step for lot in lots if lot.step > 0), default=Decimal(1).scaleb(-self.base_scale))
        smallest = up_to_step(max(step, *(lot.minimum for lot in lots)) if lots else step, step)
        object.__setattr__(self, "step", step)  # both are needed many times for each order
        object.__setattr__(self, "smallest_quantity", smallest)

    def check_trading(self) -> None:
        """Raises SymbolHalted unless the exchange trades the symbol."""
        if self.status != TRADING:
            raise SymbolHalted(self.symbol, self.status)

    @property
    def smallest_value(self) -> Decimal:
        """Smallest value of a market order in the quote asset; zero if there is no bound."""
        rule = self.notional
        return rule.minimum if rule is not None and rule.applies_to_market else Decimal(0)

    def check_market_quantity(self, quantity: Decimal, *, whole_balance: bool = False) -> None:
        """Raises ExchangeFilterViolation for LOT_SIZE or MARKET_LOT_SIZE. A `whole_balance` needs no minimum and no
        step.
        """
        for name, lot in (("LOT_SIZE", self.lot), ("MARKET_LOT_SIZE", self.market_lot)):
            if lot is None:
                continue
            if quantity < lot.minimum and not whole_balance:
                raise ExchangeFilterViolation(self.symbol, name, "min", quantity, lot.minimum, self.base)
            if lot.maximum > 0 and quantity > lot.maximum:
                raise ExchangeFilterViolation(self.symbol, name, "max", quantity, lot.maximum, self.base)
            if lot.step > 0 and not whole_balance and not is_multiple(quantity, lot.step):
                raise ExchangeFilterViolation(self.symbol, name, "step", quantity, lot.step, self.base)

    def check_market_notional(self, value: Decimal, *, whole_balance: bool = False) -> None:
        """Raises ExchangeFilterViolation for NOTIONAL / MIN_NOTIONAL of a market order with this `value` in the quote
        asset. A `whole_balance` needs no minimum.
        """
        rule = self.notional
        if rule is None:
            return
        if value < self.smallest_value and not whole_balance:
            raise ExchangeFilterViolation(self.symbol, rule.name, "min", value, rule.minimum, self.quote)
        max_applies = rule.applies_to_market if rule.max_applies_to_market is None else rule.max_applies_to_market
        if max_applies and 0 < rule.maximum < value:
            raise ExchangeFilterViolation(self.symbol, rule.name, "max", value, rule.maximum, self.quote)
