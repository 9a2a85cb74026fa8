"""Terms of orders that rest until the market fills them. Terms never change; events tell what happens to an order.

The names of types, times in force and statuses are Binance's (Spot API, "ENUM Definitions"). Prices are in the quote
asset, quantities in the base asset, times in UTC ms of the market's clock.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pipeline.market import Symbol
from trading.orders.types import Side


class OrderType(StrEnum):
    """Type of an order. A stop loss sells below or buys above the market, a take profit sells above or buys below."""

    LIMIT = "LIMIT"
    LIMIT_MAKER = "LIMIT_MAKER"
    STOP_LOSS = "STOP_LOSS"
    STOP_LOSS_LIMIT = "STOP_LOSS_LIMIT"
    TAKE_PROFIT = "TAKE_PROFIT"
    TAKE_PROFIT_LIMIT = "TAKE_PROFIT_LIMIT"

    @property
    def waits(self) -> bool:
        """True if the order waits for its stop price before it can fill."""
        return self not in {OrderType.LIMIT, OrderType.LIMIT_MAKER}


class TimeInForce(StrEnum):
    """Lifetime of an order: until cancelled, at once or not at all (its rest, or all of it), or until a date."""

    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"
    GTD = "GTD"


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """Accepted terms of one order.

    `limit_price` is None for orders that fill at the market after their trigger. `stop_price` triggers the order; with
    `trailing_delta` (basis points) it is the activation price, from which the extreme is followed, or None to follow it
    from acceptance on. `expires_at` is set for GTD only.
    """

    symbol: Symbol
    side: Side
    type: OrderType
    quantity: Decimal
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trailing_delta: int | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    expires_at: int | None = None

    @property
    def reached_from_above(self) -> bool:
        """True if the stop price is reached when the market falls to it: stop loss sales and take profit purchases."""
        losing = self.type in {OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT}
        return losing is (self.side is Side.SELL)

    @property
    def stops_loss(self) -> bool:
        """True for sales that wait for the price to fall: stop losses and trailing orders."""
        falling = self.trailing_delta is not None or self.reached_from_above
        return self.side is Side.SELL and self.type.waits and falling


@dataclass(frozen=True, slots=True)
class RelativePrice:
    """Price relative to a reference: `RelativePrice(Decimal("0.05"))` is 5 % above it."""

    fraction: Decimal


PriceWish = Decimal | RelativePrice
"""Price as a user states it."""


def price_text(price: PriceWish | None) -> str:
    """Returns a canonical text, which is part of the body to which a command id is bound."""
    if price is None:
        return "-"
    if isinstance(price, RelativePrice):
        return f"rel:{price.fraction.normalize():f}"
    return f"{price.normalize():f}"
