"""Placement of a group of orders: one after another, each at most once, whatever interrupts it.

The orders have the command ids of a batch under the command of the group, so the ledger places each once and finds what
was placed before. Purchases are scaled by the receipts of the sales, not by the preview. A refusal is stored before the
next order is tried, so a repeated call does not try it again.
"""

import contextlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from core.clock import Clock
from core.errors import DatabaseUnavailable, DeskError
from pipeline.market import Symbol
from trading.ledger.commands import command_now
from trading.ledger.market_order_booking import MarketOrder, MarketOrders
from trading.ledger.ports import BalanceConflict, Ledger, LedgerCommand, body_of
from trading.ledger.postgres import batch_id
from trading.limits.ports import LimitGuard
from trading.market_data import DeskMarket, Latency
from trading.matching.market_orders import RequestedSize
from trading.order_groups.errors import GroupInProgress, GroupOutdated, GroupTooLate, NothingToPayWith
from trading.order_groups.notices import GroupPlaced, OrderOutcome
from trading.order_groups.planning import GroupPlanner
from trading.order_groups.ports import PATIENCE_MS, GroupStore
from trading.order_groups.types import (
    GroupOrder,
    GroupPreview,
    GroupResult,
    NewGroup,
    OrderGroup,
    OrderResult,
    StoredGroup,
    funds_of,
    scaled,
)
from trading.orders.types import Receipt, Side
from trading.ports import Account
from trading.recurring.notices import obstacle_of
from trading.settings import TradingSettings

_RESUMED_AT_ONCE = 100

log = logging.getLogger(__name__)

Receipts = Mapping[tuple[Side, Symbol], Receipt]


class GroupTrading:
    """`trading.order_groups.ports.OrderGroups` over a market, a ledger and a store of groups."""

    def __init__(  # noqa: PLR0917 - each is one service
        self,
        market: DeskMarket,
        ledger: Ledger,
        orders: MarketOrders,
        store: GroupStore,
        limits: LimitGuard,
        settings: TradingSettings,
        clock: Clock,
    ) -> None:
        """`orders` shares the record of displayed quantity with the other desks of the process."""
        self._market = market
        self._ledger = ledger
        self._orders = orders
        self._store = store
        self._clock = clock
        self._planner = GroupPlanner(ledger, orders, limits, settings.fee_rate)
        self._latency = Latency(market, settings.latency_ms)

    async def plan(self, account: Account, weights: Mapping[Symbol, Decimal], *, with_cash: bool) -> GroupPreview:
        """Returns the group that leads to the weights; see `OrderGroups.plan`."""
        return await self._planner.plan(account, weights, with_cash=with_cash)

    async def place(
        self, account: Account, command_id: str, group: OrderGroup, *, scheduled: bool = False
    ) -> GroupResult:
        """Places the orders, or goes on with them; see `OrderGroups.place`."""
        new = NewGroup(command_id, account.person_id, account.market, group, scheduled)
        stored, claimed = await self._store.begin(new, self._clock())
        if claimed:
            return await self._run(stored, told=scheduled)
        if not stored.finished:
            raise GroupInProgress
        return _result(stored, await self._receipts(self._command(stored)))

    async def resume(self) -> int:
        """Ends the groups that were interrupted; see `OrderGroups.resume`."""
        ended = 0
        for stored in await self._store.unfinished(self._market.info().market, self._clock(), _RESUMED_AT_ONCE):
            if await self._store.claim(stored.group_id, self._clock()):
                try:
                    await self._run(stored, told=True)
                    ended += 1
                except DeskError:
                    raise
                except Exception:  # a defect that one group shows must not keep those behind it waiting
                    log.exception("group %d cannot be ended", stored.group_id)
        return ended

    async def _run(self, stored: StoredGroup, *, told: bool) -> GroupResult:
        await self._latency.pass_by()
        command, group = self._command(stored), stored.new.group
        done = dict(await self._receipts(command))
        for number, order in enumerate(group.orders):
            if (order.side, order.symbol) in done or number in stored.refusals:
                continue
            try:
                account = await self._account(stored)
                amount = _amount(order, group, done)
                once = replace(self._command(stored), command_id=batch_id(command, number))
                done[order.side, order.symbol] = await self._order(account, once, order, amount)
            except DatabaseUnavailable:
                raise
            except DeskError as error:
                stored = replace(stored, refusals={**stored.refusals, number: obstacle_of(error)})
            await self._store.advance(stored.group_id, self._clock(), stored.refusals)
        result = _result(stored, done)
        await self._store.finish(stored, self._clock(), self._notice(stored, result) if told else None)
        return result

    async def _account(self, stored: StoredGroup) -> Account:
        """Returns the account of the group. Raises GroupOutdated if it is another now, and GroupTooLate."""
        new, group = stored.new, stored.new.group
        account = await self._ledger.account(new.person_id, new.market, group.quote_asset)
        if account is None or (account.account_id, account.round) != (group.account_id, group.round):
            raise GroupOutdated
        if self._clock() - stored.created_at > PATIENCE_MS:
            raise GroupTooLate
        return account

    async def _order(self, account: Account, command: LedgerCommand, order: GroupOrder, amount: Decimal) -> Receipt:
        """Places one order at the current price. Raises PriceMoved if that is worse than the previewed one by more than
        the tolerance.
        """
        rules, ladder = await self._orders.priced(account, order.side, order.symbol)
        booked = MarketOrder(account, command, order.side, order.price)
        size = order.size(amount)
        with contextlib.suppress(BalanceConflict):
            return await self._orders.book(booked, RequestedSize(size, order.whole_balance), rules, ladder)
        # The quantity is no longer the whole balance, so it is rounded to a step like any other.
        return await self._orders.book(booked, RequestedSize(size), rules, ladder)

    def _command(self, stored: StoredGroup) -> LedgerCommand:
        new = stored.new
        body = body_of("group", new.person_id, new.command_id)
        return command_now(new.command_id, body, self._market, self._clock, new.person_id)

    async def _receipts(self, command: LedgerCommand) -> Receipts:
        """Returns the receipts of the orders that were placed before. A group has one order for a symbol."""
        found = await self._ledger.find_batch_receipts(command)
        return {(each.execution.side, Symbol(each.execution.symbol)): each for each in found}

    def _notice(self, stored: StoredGroup, result: GroupResult) -> GroupPlaced:
        group = stored.new.group
        return GroupPlaced(
            market=stored.new.market,
            quote=group.quote_asset,
            orders=outcomes(result),
            time=self._market.now(),
            scheduled=stored.new.scheduled,
            reduced=result.reduced,
            untraded=dict(group.untraded),
        )


def outcomes(result: GroupResult) -> tuple[OrderOutcome, ...]:
    """Returns the results of the orders as a notification holds them."""
    return tuple(_outcome(each) for each in result.results)


def _outcome(result: OrderResult) -> OrderOutcome:
    order, receipt = result.order, result.receipt
    if receipt is None:
        return OrderOutcome(order.side, order.symbol, order.amount, obstacle=result.obstacle)
    done = receipt.execution
    return OrderOutcome(
        order.side,
        order.symbol,
        done.quote_amount,
        done.quantity,
        done.average_price,
        receipt.order_id,
        done.unfilled,
    )


def _amount(order: GroupOrder, group: OrderGroup, done: Receipts) -> Decimal:
    """Returns the amount of an order: of a purchase its part of what the sales brought. Raises NothingToPayWith."""
    if order.side is Side.SELL:
        return order.amount
    sales = [receipt.execution for receipt in done.values() if receipt.execution.side is Side.SELL]
    purchases: Sequence[GroupOrder] = [each for each in group.orders if each.side is Side.BUY]
    amounts = scaled(group.purchases(), funds_of(group, sales))
    amount = amounts[purchases.index(order)]
    if not amount:
        raise NothingToPayWith(order.symbol)
    return amount


def _result(stored: StoredGroup, done: Receipts) -> GroupResult:
    """Returns the results. What the ledger has wins over a refusal that another process stored meanwhile."""
    results = []
    for number, order in enumerate(stored.new.group.orders):
        receipt = done.get((order.side, order.symbol))
        obstacle = None if receipt is not None else stored.refusals.get(number)
        results.append(OrderResult(order, receipt, obstacle))
    return GroupResult(stored.new.group, tuple(results))
