"""Statement of an account at a moment: balances, positions at the prices of then, and orders that were open. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from core.errors import Refused
from pipeline.market import Symbol
from trading.orders.open_orders import OrderStatus
from trading.orders.terms import OrderType
from trading.orders.types import Balance, Side
from trading.portfolio.positions import Portfolio
from trading.ports import Account


@dataclass(eq=False)
class BeforeAccount(Refused):
    """The account was opened after the requested moment, at `opened_at`."""

    opened_at: datetime


@dataclass(eq=False)
class StatementTooLong(Refused):
    """The history up to the moment has more than `limit` entries."""

    limit: int


@dataclass(frozen=True, slots=True)
class StatedOrder:
    """Order that was open: `quantity` as last amended, `filled` of it until then, `price` its limit or stop price."""

    order_id: int
    symbol: Symbol
    side: Side
    type: OrderType
    status: OrderStatus
    quantity: Decimal
    filled: Decimal
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Statement:
    """State of an account after its last entry up to `at`. `portfolio` is valued at the last prices known at `at`;
    positions without one have no value. `balances` are without zeros, the quote asset first.
    """

    account: Account
    at: datetime
    portfolio: Portfolio
    balances: Sequence[Balance]
    orders: Sequence[StatedOrder]
    priced_at: Mapping[Symbol, int] = field(default_factory=dict)
    """Time of each archived price, UTC ms of the market's clock; empty for a statement of the present."""


class Statements(Protocol):
    """Source of statements. Raises DatabaseUnavailable and MarketUnavailable."""

    async def statement(self, account: Account, at: datetime | None = None) -> Statement:
        """Returns the statement at a moment, now for None or a later one. Raises BeforeAccount and StatementTooLong."""
