"""Planning of resting orders: what a request comes to at the present prices. Pure and exact."""

from dataclasses import dataclass
from decimal import Decimal

from pipeline.market import Quote, SourceKind
from pipeline.rules import SymbolRules
from trading.matching.market_orders import Ladder
from trading.orders.effects import OrderEffect
from trading.orders.open_orders import ListKind, ListRole, OpenOrder
from trading.orders.records import OrderPlan
from trading.orders.requests import AnyOrderRequest
from trading.orders.terms import OrderTerms, PriceWish
from trading.orders.types import Balance, Execution

GTD_DAYS = 90
"""Longest life of an order with a date."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Market and account at the moment of an order.

    `ladder` is the displayed liquidity that the (working) order can take: `market_orders.ladder_of` of its side;
    earlier orders took `used` of it. `now` is UTC ms of the market's clock. `base` and `funds` are the balances of the
    base and the quote asset.
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


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """One order to accept; the fields are those of `trading.ledger.order_ports.NewRestingOrder`."""

    terms: OrderTerms
    role: ListRole | None = None
    hold_price: Decimal | None = None
    queue_ahead: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PlannedEffect:
    """Effect of the acceptance; `effect.order_id` is the position of the order. A fill has its execution."""

    effect: OrderEffect
    execution: Execution | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what the ledger needs to accept it: the parts of `NewOrders`.

    `hold_amount` (of `plan.hold_asset`) is held before `effects` are applied; `plan.hold_amount` is held after them.
    `taken` is the quantity of the ladder that the immediate fill uses: pass it to `Liquidity.take`.
    """

    plan: OrderPlan
    orders: tuple[PlannedOrder, ...]
    list_kind: ListKind | None
    hold_amount: Decimal
    effects: tuple[PlannedEffect, ...]
    taken: Decimal


@dataclass(frozen=True, slots=True)
class PlannedAmendment:
    """New values of an order; the fields are those of `trading.ledger.order_ports.Amendment`."""

    order_id: int
    version: int
    quantity: Decimal
    limit_price: Decimal | None
    stop_price: Decimal | None
    hold_price: Decimal | None
    hold_amount: Decimal
    queue_ahead: Decimal | None
    loses_place: bool


def plan(request: AnyOrderRequest, situation: Situation) -> Planned:
    """Resolves sizes and relative prices, checks the exchange's rules and the balances, and fills at once what can be.

    Raises SymbolHalted, ShareOutOfRange, NothingToSell, NothingToSpend, InsufficientFunds, BelowMinimumQuantity,
    AmountTooLarge, NotANumber, NotPositive, ExchangeFilterViolation, NoLiquidity (a bracket that enters at the market),
    and the errors of `trading.orders.checks`, WouldTakeLiquidity and CannotFillWhole.
    """
    raise NotImplementedError


def plan_amendment(
    order: OpenOrder, price: PriceWish | None, quantity: Decimal | None, situation: Situation, mate: OpenOrder | None
) -> PlannedAmendment:
    """Returns the order with a new limit price (for orders without one: stop price) or quantity. `mate` is the other
    order of a pair, whose need the common hold covers too. The order keeps its place only if nothing but its quantity
    changes, and falls. It must not take liquidity at the new price.

    Raises AmendNothing, AmendBelowFilled, InsufficientFunds, WouldTakeLiquidity and the errors of
    `trading.orders.checks`.
    """
    raise NotImplementedError
