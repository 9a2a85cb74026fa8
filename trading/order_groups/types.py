"""Groups of market orders: what is confirmed, what a preview shows of it, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.decimals import EXACT, ROUNDING, down
from core.errors import DeskError
from pipeline.market import Symbol
from trading.orders.types import BaseQuantity, Execution, QuoteAmount, Receipt, Side
from trading.recurring.notices import Obstacle

MAX_GROUP_ORDERS = 30
"""Most orders of a group: one for each coin of an allocation."""

_ZERO = Decimal(0)
_CENTS = 2


@dataclass(frozen=True, slots=True)
class GroupOrder:
    """Market order of a group: `amount` is in the base asset for a sale, in the quote asset for a purchase. `price` is
    the average price of the preview. `whole_balance` lets a sale end at exactly zero.
    """

    side: Side
    symbol: Symbol
    amount: Decimal
    price: Decimal
    whole_balance: bool = False

    def size(self, amount: Decimal) -> BaseQuantity | QuoteAmount:
        """Returns an amount as the size of such an order."""
        return BaseQuantity(amount) if self.side is Side.SELL else QuoteAmount(amount)


@dataclass(frozen=True, slots=True)
class OrderGroup:
    """Sales, then purchases, of one account in one round. `cash` is what the purchases may spend in addition to what
    the sales bring; negative: what they leave of it. `weights` are the wished ones, of the coins and of the cash if
    `with_cash`, else of the coins alone. `untraded` are the reasons why the preview has no order for a coin, or not one
    in full.
    """

    account_id: int
    round: int
    quote_asset: str
    orders: tuple[GroupOrder, ...]
    cash: Decimal
    weights: Mapping[Symbol, Decimal]
    with_cash: bool
    untraded: Mapping[Symbol, Obstacle] = field(default_factory=dict)

    def purchases(self) -> tuple[Decimal, ...]:
        """Returns the amounts of the purchases, in their order."""
        return tuple(order.amount for order in self.orders if order.side is Side.BUY)


@dataclass(frozen=True, slots=True)
class Untraded:
    """Coin whose weight is not reached by an order, or not in full, and the reason."""

    symbol: Symbol
    reason: DeskError


@dataclass(frozen=True, slots=True)
class GroupPreview:
    """Group at current prices: the execution of each order, and the weights `before` and `after` it. `after` are those
    that the executions reach, not the wished ones. With cash, `cash_before` and `cash_after` are its weights.
    """

    group: OrderGroup
    executions: tuple[Execution, ...]
    untraded: tuple[Untraded, ...]
    before: Mapping[Symbol, Decimal]
    after: Mapping[Symbol, Decimal]
    cash_before: Decimal | None = None
    cash_after: Decimal | None = None

    @property
    def fees(self) -> Decimal:
        """Fees of all orders, in the quote asset; those taken in coins at the price of their order."""
        return _sum([fee_value(each) for each in self.executions])

    @property
    def slippage(self) -> Decimal:
        """Cost of the distance from the middle prices, in the quote asset; negative if it is a gain."""
        return _sum([slippage_value(each) for each in self.executions])


@dataclass(frozen=True, slots=True)
class OrderResult:
    """Result of one order: the receipt, or the reason why it was not placed; neither while it waits."""

    order: GroupOrder
    receipt: Receipt | None = None
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class GroupResult:
    """Results of all orders of a group, in their order."""

    group: OrderGroup
    results: tuple[OrderResult, ...]

    @property
    def placed(self) -> tuple[Receipt, ...]:
        """Receipts of the orders that were placed."""
        return tuple(each.receipt for each in self.results if each.receipt is not None)

    @property
    def reduced(self) -> bool:
        """True if the purchases were reduced to what the sales brought."""
        sales = [receipt.execution for receipt in self.placed if receipt.execution.side is Side.SELL]
        return funds_of(self.group, sales) < _sum(self.group.purchases())


@dataclass(frozen=True, slots=True)
class NewGroup:
    """Group to be stored under its command; `scheduled` if a schedule places it."""

    command_id: str
    person_id: int
    market: str
    group: OrderGroup
    scheduled: bool = False


@dataclass(frozen=True, slots=True)
class StoredGroup:
    """Group as stored: `refusals` by the number of the order, `created_at` in UTC ms."""

    group_id: int
    new: NewGroup
    created_at: int
    refusals: Mapping[int, Obstacle] = field(default_factory=dict)
    finished: bool = False


def fee_value(execution: Execution) -> Decimal:
    """Returns the fee in the quote asset."""
    if execution.side is Side.SELL:
        return execution.fee
    return ROUNDING.multiply(execution.fee, execution.average_price)


def slippage_value(execution: Execution) -> Decimal:
    """Returns what the distance from the middle price costs, in the quote asset."""
    at_middle = EXACT.multiply(execution.quantity, execution.mid_price)
    paid = EXACT.subtract(execution.quote_amount, at_middle)
    return paid if execution.side is Side.BUY else -paid


def funds_of(group: OrderGroup, sales: Sequence[Execution]) -> Decimal:
    """Returns what the purchases may spend after these sales."""
    return max(EXACT.add(group.cash, _sum([sale.received for sale in sales])), _ZERO)


def scaled(amounts: Sequence[Decimal], funds: Decimal) -> tuple[Decimal, ...]:
    """Returns the amounts, reduced in the same proportion to what is there."""
    wished = _sum(amounts)
    if wished <= funds:
        return tuple(amounts)
    return tuple(down(ROUNDING.divide(ROUNDING.multiply(amount, funds), wished), _CENTS) for amount in amounts)


def _sum(amounts: Sequence[Decimal]) -> Decimal:
    return sum(amounts, _ZERO)
