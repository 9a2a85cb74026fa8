"""Implementation of `trading.ports.RestingOrders`: prices, plans and accepts orders that rest.

A command that took effect before is answered by the store before it checks anything else, so a command whose price has
moved meanwhile still gets its first answer.
"""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from core.clock import Clock
from core.errors import DatabaseUnavailable, DeskError, Refused
from core.outbox import NotificationTarget
from pipeline.errors import UnknownSymbol
from pipeline.market import Symbol
from pipeline.rules import SymbolRules
from trading.errors import IdempotencyKeyReused, InsufficientFunds, TradingHalted
from trading.ledger.commands import command_now
from trading.ledger.order_ports import NewOrders, OrderStore
from trading.ledger.ports import BalanceConflict, DisplayTaken, LedgerCommand, OrderNotification, body_of
from trading.ledger.situations import BalanceReader, Situations
from trading.market_data import DeskMarket, Latency
from trading.matching.amendments import plan_amendment
from trading.matching.liquidity import Liquidity
from trading.matching.market_orders import check_moved
from trading.matching.order_planning import Planned, plan
from trading.matching.situation import Situation
from trading.orders.bookings import Amendment, NewRestingOrder
from trading.orders.errors import OrderNotOpen, TooManyOrders, UnknownOrderId
from trading.orders.open_orders import ListRole, OpenOrder
from trading.orders.records import LAST_EVENTS, OrderPlan, OrderRecord, PlacedOrders
from trading.orders.requests import AnyOrderRequest, BracketRequest, OrderRequest, request_text
from trading.orders.terms import OrderTerms, OrderType, PriceWish, price_text
from trading.orders.types import Share, Side
from trading.ports import Account
from trading.settings import TradingSettings

ATTEMPTS = 8
"""Attempts at a command whose balance, order or display changes meanwhile."""

T = TypeVar("T")


class RestingDesk:
    """`trading.ports.RestingOrders` over a market, a store of orders and the wall clock.

    `liquidity` is the record of displayed quantity that earlier orders took: the one of the desk for market orders.
    """

    def __init__(  # noqa: PLR0917 - each is one service
        self,
        market: DeskMarket,
        store: OrderStore,
        ledger: BalanceReader,
        settings: TradingSettings,
        clock: Clock,
        liquidity: Liquidity,
    ) -> None:
        self._market = market
        self._store = store
        self._ledger = ledger
        self._settings = settings
        self._clock = clock
        self._liquidity = liquidity
        self._latency = Latency(market, settings.latency_ms)
        self._situations = Situations(market, ledger, settings, liquidity)

    # -- placing ---------------------------------------------------------------------------------

    async def preview(self, account: Account, request: AnyOrderRequest) -> OrderPlan:
        """Checks a request and returns what it comes to, without any effect."""
        situation = await self._situations.read(account, request.symbol, request.side, request)
        await self._check_algorithmic(account, request, situation.rules)
        return plan(request, situation).plan

    async def place(
        self,
        account: Account,
        command_id: str,
        request: AnyOrderRequest,
        *,
        notify: NotificationTarget | None = None,
    ) -> PlacedOrders:
        """Accepts the orders of a request; see `RestingOrders.place`."""

        async def attempt(command: LedgerCommand, *, with_funds: bool) -> PlacedOrders:
            situation = await self._situations.read(
                account, request.symbol, request.side, request, with_funds=with_funds
            )
            await self._check_algorithmic(account, request, situation.rules)
            planned = plan(request, situation)  # nothing is awaited between this and `_accept`'s reservation
            self._check_moved(request, planned)
            return await self._accept(account, planned, situation, command, notify)

        async def work(command: LedgerCommand) -> PlacedOrders:
            shared = isinstance(request.size, Share)
            if not shared:
                # The store knows the balances: they are read only for a refusal, which names the first rule.
                with contextlib.suppress(Refused, BalanceConflict, DisplayTaken):
                    return await attempt(command, with_funds=False)
            # A share refers to the balance: if another order changed it first, the order is sized again.
            raced = (BalanceConflict, DisplayTaken, *((InsufficientFunds,) if shared else ()))
            for _ in range(ATTEMPTS):
                with contextlib.suppress(*raced):
                    return await attempt(command, with_funds=True)
            raise DatabaseUnavailable

        async def known(command: LedgerCommand) -> PlacedOrders:
            return await self._store.accept(self._unacceptable(account, request), command)

        return await self._once(account, command_id, ("rest", *request_text(request)), work, known)

    def _check_moved(self, request: AnyOrderRequest, planned: Planned) -> None:
        """Raises PriceMoved if a previewed entry at the market would now fill at a price that is worse by more than the
        tolerance.
        """
        now = planned.plan.immediate
        if isinstance(request, BracketRequest) and request.previewed_price is not None and now is not None:
            check_moved(now, request.previewed_price, self._settings.price_tolerance)

    async def _accept(
        self,
        account: Account,
        planned: Planned,
        situation: Situation,
        command: LedgerCommand,
        notify: NotificationTarget | None,
    ) -> PlacedOrders:
        rules, ladder = situation.rules, situation.ladder
        news = None if notify is None else OrderNotification(account.person_id, account.market, notify)
        new = NewOrders(
            account_id=account.account_id,
            market=account.market,
            rules=rules,
            orders=planned.orders,
            list_kind=planned.list_kind,
            hold_asset=planned.plan.hold_asset,
            hold_amount=planned.hold_amount,
            fee_rate=situation.fee_rate,
            max_of_symbol=min(rules.max_open_orders or self._settings.open_orders, self._settings.open_orders),
            max_open=self._settings.open_orders,
            effects=planned.effects,
            notification=news,
        )
        if not planned.taken:
            return await self._store.accept(new, command)
        side = planned.orders[0].terms.side
        taken = self._liquidity.take(rules.symbol, side, ladder, planned.taken)
        try:
            placed = await self._store.accept(replace(new, taken=taken), command)
        except DisplayTaken as conflict:
            self._liquidity.learn(taken, conflict.used[rules.symbol])
            raise
        except (Refused, BalanceConflict, TradingHalted):
            # After any other error the outcome is unknown, so the quantity stays marked as used.
            self._liquidity.give_back(taken)
            raise
        if placed.orders and placed.orders[0].accepted_at != command.at:
            self._liquidity.give_back(taken)  # the answer is that of the first call
        return placed

    def _unacceptable(self, account: Account, request: AnyOrderRequest) -> NewOrders:
        """Returns orders for which there is no room: the store can only answer with the command's first answer."""
        quote = account.quote_asset
        terms = OrderTerms(request.symbol, request.side, OrderType.LIMIT, Decimal(1), Decimal(1))
        try:
            rules = self._market.rules(request.symbol)
        except UnknownSymbol:
            rules = SymbolRules(request.symbol, quote, quote)
        orders = (NewRestingOrder(terms, hold_price=Decimal(1) if request.side is Side.BUY else None),)
        rate = self._settings.fee_rate
        return NewOrders(account.account_id, account.market, rules, orders, None, quote, Decimal(0), rate, 0, 0)

    # -- reading ---------------------------------------------------------------------------------

    async def open_orders(self, account: Account, symbol: Symbol | None = None) -> Sequence[OrderRecord]:
        """Returns the open orders of the account, newest first."""
        return await self._store.open_orders(account.account_id, symbol)

    async def order(self, account: Account, order_id: int) -> OrderRecord | None:
        """Returns an order of this account with its last events, or None."""
        return await self._store.order(account.account_id, order_id, events=LAST_EVENTS)

    # -- changing --------------------------------------------------------------------------------

    async def cancel(self, account: Account, command_id: str, order_id: int) -> Sequence[OrderRecord]:
        """Cancels an order and the other orders of its list; returns them."""

        async def work(command: LedgerCommand) -> Sequence[OrderRecord]:
            ended = await self._store.cancel(account.account_id, [order_id], None, command)
            if not ended:
                await self._open_order(account, order_id)
            return ended

        return await self._once(account, command_id, ("cancel", order_id), work, work)

    async def cancel_all(
        self, account: Account, command_id: str, symbol: Symbol | None = None
    ) -> Sequence[OrderRecord]:
        """Cancels all open orders, or those of a symbol; returns them."""

        async def work(command: LedgerCommand) -> Sequence[OrderRecord]:
            return await self._store.cancel(account.account_id, None, symbol, command)

        return await self._once(account, command_id, ("cancel-all", symbol), work, work)

    async def preview_amendment(
        self, account: Account, order_id: int, *, price: PriceWish | None = None, quantity: Decimal | None = None
    ) -> OrderRecord:
        """Returns the order as an amendment would leave it; see `RestingOrders.preview_amendment`."""
        change = await self._amendment(account, order_id, price, quantity)
        record = await self._store.order(account.account_id, order_id)
        if record is None:
            raise UnknownOrderId(order_id)
        hold = None if record.hold is None else replace(record.hold, amount=change.hold_amount)
        stop = change.stop_price
        return replace(record, quantity=change.quantity, limit_price=change.limit_price, amended_stop=stop, hold=hold)

    async def _amendment(
        self,
        account: Account,
        order_id: int,
        price: PriceWish | None,
        quantity: Decimal | None,
        *,
        with_funds: bool = True,
    ) -> Amendment:
        order = await self._open_order(account, order_id)
        mate = await self._mate(account, order)
        situation = await self._situations.read(account, order.terms.symbol, order.terms.side, with_funds=with_funds)
        return plan_amendment(order, price, quantity, situation, mate)

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

        async def work(command: LedgerCommand) -> OrderRecord:
            for _ in range(ATTEMPTS):
                change = await self._amendment(account, order_id, price, quantity, with_funds=False)
                with contextlib.suppress(BalanceConflict):  # it was filled in part meanwhile
                    return await self._store.amend(account.account_id, change, command)
            raise DatabaseUnavailable

        async def known(command: LedgerCommand) -> OrderRecord:
            none = Decimal(0)
            never = Amendment(order_id, -1, none, None, None, None, none, None, loses_place=False)
            return await self._store.amend(account.account_id, never, command)

        body = ("amend", order_id, price_text(price), "-" if quantity is None else f"{quantity.normalize():f}")
        return await self._once(account, command_id, body, work, known)

    async def _open_order(self, account: Account, order_id: int) -> OpenOrder:
        """Returns an open order. Raises UnknownOrderId, OrderNotOpen."""
        order = await self._store.open_order(account.account_id, order_id)
        if order is not None:
            return order
        record = await self._store.order(account.account_id, order_id)
        if record is None:
            raise UnknownOrderId(order_id)
        raise OrderNotOpen(order_id, record.status)

    async def _mate(self, account: Account, order: OpenOrder) -> OpenOrder | None:
        """Returns the other order of the pair, if the order is one of a pair."""
        place = order.place
        if place is None or place.role is ListRole.WORKING:
            return None
        for record in await self._store.open_orders(account.account_id, order.terms.symbol):
            other = record.place
            pair = other is not None and other.list_id == place.list_id and other.role is not ListRole.WORKING
            if pair and record.order_id != order.order_id:
                return await self._store.open_order(account.account_id, record.order_id)
        return None

    async def _check_algorithmic(self, account: Account, request: AnyOrderRequest, rules: SymbolRules) -> None:
        """Raises TooManyOrders for MAX_NUM_ALGO_ORDERS, which bounds the open orders with a stop price."""
        limit = rules.max_algo_orders
        if limit is None or (isinstance(request, OrderRequest) and not request.type.waits):
            return
        there = await self._store.open_orders(account.account_id, request.symbol)
        if sum(record.terms.type.waits for record in there) >= limit:
            raise TooManyOrders(limit, waiting=True)

    # -- commands --------------------------------------------------------------------------------

    async def _once(
        self,
        account: Account,
        command_id: str,
        body: tuple[object, ...],
        work: Callable[[LedgerCommand], Awaitable[T]],
        known: Callable[[LedgerCommand], Awaitable[T]],
    ) -> T:
        """Runs a command when it has reached the market, or returns its first answer if it is refused then and took
        effect before, maybe for an account that was merged into this one since. `known` must have no effect of its own
        where `work` was refused.
        """
        await self._latency.pass_by()
        kind, *wish = body
        try:
            return await work(self._command(account, command_id, body_of(kind, account.account_id, *wish)))
        except DatabaseUnavailable:
            raise
        except DeskError as error:
            reason = error
            for account_id in (account.account_id, *await self._ledger.merged_accounts(account.account_id)):
                try:
                    return await known(self._command(account, command_id, body_of(kind, account_id, *wish)))
                except IdempotencyKeyReused as reused:
                    reason = reused
                except (Refused, BalanceConflict, TradingHalted):
                    break  # it has no first answer
            raise reason from None

    def _command(self, account: Account, command_id: str, body: bytes) -> LedgerCommand:
        return command_now(command_id, body, self._market, self._clock, account.person_id)
