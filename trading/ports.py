"""Interface of trading for the layers above."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from core.outbox import NotificationTarget
from pipeline.market import Symbol
from trading.dust import DustPosition, DustSale, DustSold
from trading.orders.records import OrderPlan, OrderRecord, PlacedOrders
from trading.orders.requests import AnyOrderRequest
from trading.orders.terms import PriceWish
from trading.orders.types import Balance, HistoryPage, Preview, Receipt, Side, Size
from trading.portfolio.equity_curve import EquityPoint
from trading.portfolio.positions import Portfolio


@dataclass(frozen=True, slots=True)
class Account:
    """A user's trading account on one market (`MarketInfo.market`) in one quote asset; `round` counts resets, from 1.

    Each market has its own account: assets bought at simulated prices are never valued at real ones.
    """

    account_id: int
    person_id: int
    market: str
    quote_asset: str
    round: int
    granted: Decimal
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class OwnTrade:
    """Filled order of an account: `time` is UTC ms of the market's clock, `price` the average of its fills."""

    order_id: int
    time: int
    side: Side
    price: Decimal


@dataclass(frozen=True, slots=True)
class SymbolActivity:
    """Interest of an account in a symbol in its round: the average cost of its holding, fees included (None if it holds
    nothing), and its trades, oldest first.
    """

    average_cost: Decimal | None = None
    trades: tuple[OwnTrade, ...] = ()


class TradingDesk(Protocol):
    """The only interface to trading. Every method raises DatabaseUnavailable if PostgreSQL does not answer; methods
    that use prices also raise the errors of MarketReader. A `command_id` (at most 128 characters) takes effect once:
    repeated with the same body it returns the first answer, with another body it raises IdempotencyKeyReused.
    """

    async def open(self, person_id: int, command_id: str) -> Account:
        """Returns the user's account on the running market, opened with its grant at the first call."""

    async def account(self, person_id: int) -> Account:
        """Returns the user's account on the running market. Raises NoAccount."""

    async def preview(self, account: Account, side: Side, symbol: Symbol, size: Size) -> Preview:
        """Prices and checks an order without any effect. Raises the errors of `place`, except IdempotencyKeyReused."""

    async def place(
        self,
        account: Account,
        command_id: str,
        side: Side,
        symbol: Symbol,
        size: Size,
        *,
        notify: NotificationTarget | None = None,
    ) -> Receipt:
        """Places a market order now. `notify` is the chat for its notifications, which are written in the same
        transaction. Raises InsufficientFunds, NothingToSell, BelowMinimumQuantity, AmountTooLarge,
        ExchangeFilterViolation, SymbolHalted, StalePrice, CrossedQuote, BookDisagrees, NoLiquidity, TradingHalted,
        IdempotencyKeyReused: then nothing was written.
        """

    async def confirm(
        self, account: Account, command_id: str, previewed: Preview, *, notify: NotificationTarget | None = None
    ) -> Receipt:
        """Places a previewed order at the current price. Raises PriceMoved if that is worse by more
        than the tolerance.
        """

    async def preview_dust(self, account: Account) -> DustSale:
        """Returns the result of a sale of all dust, as defined in `trading.dust`, at the current prices, without any
        effect. Raises TradingHalted.
        """

    async def sell_dust(
        self,
        account: Account,
        command_id: str,
        agreed: Sequence[DustPosition] | None = None,
        *,
        notify: NotificationTarget | None = None,
    ) -> DustSold:
        """Sells the dust of a preview, or all current dust, each holding as a whole and all in one transaction. The
        command id has at most 120 characters. Holdings that meanwhile changed, halted or moved in price against the
        user are left out and named. Raises NoDust if there is none, TradingHalted, IdempotencyKeyReused: then nothing
        was written.
        """

    async def receipt(self, account: Account, order_id: int) -> Receipt | None:
        """Returns a stored receipt of this account, or None."""

    async def balances(self, account: Account) -> Sequence[Balance]:
        """Returns the non-zero balances, the quote asset first, then by asset."""

    async def portfolio(self, account: Account) -> Portfolio:
        """Returns the positions valued at the last known prices."""

    async def equity(self, account: Account, points: int) -> Sequence[EquityPoint]:
        """Returns equity since the last reset, oldest first, from fills and archived candles; at most `points`."""

    async def history(self, account: Account, limit: int, before: int | None = None) -> HistoryPage:
        """Returns orders, grants and resets, newest first; `before` is a cursor of an earlier page."""

    async def symbol_activity(self, person_id: int, symbol: Symbol, since: int) -> SymbolActivity:
        """Returns the user's trades of a symbol at `since` (UTC ms of the market's clock) or later, and the cost of the
        holding; empty without an account. Only the newest thousand entries of the account are searched.
        """

    async def reset(self, account: Account, command_id: str) -> Account:
        """Returns all balances to the house and grants the opening amount again. The history is kept."""


class RestingOrders(Protocol):
    """The only interface to orders that rest. It keeps the rules of `TradingDesk` for command ids and errors.

    Commands raise the errors of `TradingDesk.place` and those of `trading.orders.errors`: then nothing was written.
    """

    async def preview(self, account: Account, request: AnyOrderRequest) -> OrderPlan:
        """Checks a request and returns what it comes to, without any effect."""

    async def place(
        self,
        account: Account,
        command_id: str,
        request: AnyOrderRequest,
        *,
        notify: NotificationTarget | None = None,
    ) -> PlacedOrders:
        """Accepts the orders of a request: fills at once what can be, holds the money of the rest. All or nothing."""

    async def open_orders(self, account: Account, symbol: Symbol | None = None) -> Sequence[OrderRecord]:
        """Returns the open orders of the account, newest first."""

    async def order(self, account: Account, order_id: int) -> OrderRecord | None:
        """Returns an order of this account, open or ended, with its events; None if there is none."""

    async def cancel(self, account: Account, command_id: str, order_id: int) -> Sequence[OrderRecord]:
        """Cancels an order and the other orders of its list; returns them. Raises UnknownOrderId, OrderNotOpen."""

    async def cancel_all(
        self, account: Account, command_id: str, symbol: Symbol | None = None
    ) -> Sequence[OrderRecord]:
        """Cancels all open orders, or those of a symbol; returns them, newest first."""

    async def preview_amendment(
        self, account: Account, order_id: int, *, price: PriceWish | None = None, quantity: Decimal | None = None
    ) -> OrderRecord:
        """Returns the order as `amend` would leave it at the present prices, without any effect. Raises the errors of
        `amend`, except IdempotencyKeyReused.
        """

    async def amend(
        self,
        account: Account,
        command_id: str,
        order_id: int,
        *,
        price: PriceWish | None = None,
        quantity: Decimal | None = None,
    ) -> OrderRecord:
        """Changes the limit price (for orders without one: the stop price) or the quantity of an order. It keeps its
        place in the queue only if nothing but the quantity changes, and falls. Raises UnknownOrderId, OrderNotOpen,
        AmendBelowFilled.
        """
