"""Implementation of `trading.ports.RestingOrders`: prices, checks and accepts orders that rest."""

from collections.abc import Sequence
from decimal import Decimal

from core.clock import Clock
from core.outbox import NotificationTarget
from pipeline.market import Symbol
from trading.market_data import DeskMarket
from trading.orders.records import OrderPlan, OrderRecord, PlacedOrders
from trading.orders.requests import AnyOrderRequest
from trading.orders.terms import PriceWish
from trading.ports import Account
from trading.settings import TradingSettings


class RestingDesk:
    """`trading.ports.RestingOrders` over a market, a store of orders and the wall clock."""

    def __init__(self, market: DeskMarket, settings: TradingSettings, clock: Clock) -> None:
        self._market = market
        self._settings = settings
        self._clock = clock

    async def preview(self, account: Account, request: AnyOrderRequest) -> OrderPlan:
        """Checks a request and returns what it comes to, without any effect."""
        raise NotImplementedError

    async def place(
        self,
        account: Account,
        command_id: str,
        request: AnyOrderRequest,
        *,
        notify: NotificationTarget | None = None,
    ) -> PlacedOrders:
        """Accepts the orders of a request; see `RestingOrders.place`."""
        raise NotImplementedError

    async def open_orders(self, account: Account, symbol: Symbol | None = None) -> Sequence[OrderRecord]:
        """Returns the open orders of the account, newest first."""
        raise NotImplementedError

    async def order(self, account: Account, order_id: int) -> OrderRecord | None:
        """Returns an order of this account with its events, or None."""
        raise NotImplementedError

    async def cancel(self, account: Account, command_id: str, order_id: int) -> Sequence[OrderRecord]:
        """Cancels an order and the other orders of its list; returns them."""
        raise NotImplementedError

    async def cancel_all(
        self, account: Account, command_id: str, symbol: Symbol | None = None
    ) -> Sequence[OrderRecord]:
        """Cancels all open orders, or those of a symbol; returns them."""
        raise NotImplementedError

    async def amend(
        self,
        account: Account,
        command_id: str,
        order_id: int,
        *,
        price: PriceWish | None = None,
        quantity: Decimal | None = None,
    ) -> OrderRecord:
        """Changes the price or the quantity of an order; see `RestingOrders.amend`."""
        raise NotImplementedError
