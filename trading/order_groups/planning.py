"""Planning of a group of orders: from wished weights to executions at current prices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from msgspec import structs

from core.decimals import EXACT, ROUNDING
from core.errors import DatabaseUnavailable, DeskError
from pipeline.errors import MarketUnavailable
from pipeline.market import Quote, Symbol
from pipeline.rules import SymbolRules
from trading.ledger.market_order_booking import MarketOrders
from trading.ledger.ports import Ledger
from trading.limits.check import proposed
from trading.limits.ports import LimitGuard
from trading.matching.market_orders import RequestedSize
from trading.order_groups.errors import ChangeTooSmall, CoinOnHold, NothingToPayWith
from trading.order_groups.types import GroupOrder, GroupPreview, OrderGroup, Untraded, funds_of, scaled
from trading.orders.types import Balance, BaseQuantity, Execution, QuoteAmount, Share, Side
from trading.portfolio.rebalancing import RebalancingPlan, RebalancingTrade, rebalancing_plan
from trading.ports import Account
from trading.recurring.notices import obstacle_of

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Holdings:
    """Balances of an account by symbol, its cash, and the bids at which both are valued."""

    coins: Mapping[Symbol, Balance]
    cash: Balance
    bids: Mapping[Symbol, Decimal]

    def weights(self, *, with_cash: bool) -> tuple[dict[Symbol, Decimal], Decimal | None]:
        """Returns the weights of the coins and, if it counts, that of the cash; all 0 if there is nothing."""
        values = {symbol: EXACT.multiply(each.total, self.bids[symbol]) for symbol, each in self.coins.items()}
        whole = sum(values.values(), self.cash.total if with_cash else _ZERO)
        shares = {symbol: ROUNDING.divide(value, whole) if whole else _ZERO for symbol, value in values.items()}
        cash = ROUNDING.divide(self.cash.total, whole) if whole else _ZERO
        return shares, cash if with_cash else None

    def after(self, executions: Sequence[Execution]) -> "_Holdings":
        """Returns the holdings after these executions."""
        coins, cash = dict(self.coins), self.cash.available
        for done in executions:
            buying, before = done.side is Side.BUY, coins[done.symbol]
            change = done.received if buying else -done.quantity
            coins[done.symbol] = structs.replace(before, available=EXACT.add(before.available, change))
            cash = EXACT.add(cash, -done.quote_amount if buying else done.received)
        return _Holdings(coins, structs.replace(self.cash, available=cash), self.bids)


class GroupPlanner:
    """Planner of groups. It reads and has no effect."""

    def __init__(self, ledger: Ledger, orders: MarketOrders, limits: LimitGuard, fee_rate: Decimal) -> None:
        self._ledger = ledger
        self._orders = orders
        self._limits = limits
        self._fee_rate = fee_rate

    async def plan(self, account: Account, weights: Mapping[Symbol, Decimal], *, with_cash: bool) -> GroupPreview:
        """Returns the group that leads to the weights; see `OrderGroups.plan`."""
        quoted = {symbol: await self._quoted(account, symbol) for symbol in weights}
        rules = {symbol: found[0] for symbol, found in quoted.items()}
        quotes = {symbol: found[1] for symbol, found in quoted.items()}
        bases = [each.base for each in rules.values()]
        *coins, cash = await self._ledger.available(account.account_id, (*bases, account.quote_asset))
        bids = {symbol: quote.bid for symbol, quote in quotes.items()}
        holdings = _Holdings(dict(zip(rules, coins, strict=True)), cash, bids)
        plan = rebalancing_plan(
            weights,
            {symbol: each.total for symbol, each in holdings.coins.items()},
            quotes,
            rules,
            self._fee_rate,
            on_hold={symbol: each.held for symbol, each in holdings.coins.items()},
            cash=cash if with_cash else None,
        )
        group = OrderGroup(
            account.account_id, account.round, account.quote_asset, (), plan.from_cash, dict(weights), with_cash
        )
        return await self._priced(account, group, plan, holdings)

    async def _quoted(self, account: Account, symbol: Symbol) -> tuple[SymbolRules, Quote]:
        rules, quote = await self._orders.quoted(account, Side.BUY, symbol)
        quote.check_tradable()
        return rules, quote

    async def _priced(
        self, account: Account, group: OrderGroup, plan: RebalancingPlan, holdings: _Holdings
    ) -> GroupPreview:
        """Prices the trades of a plan, purchases for what the sales bring then."""
        left = [Untraded(symbol, CoinOnHold(symbol)) for symbol in plan.on_hold]
        left += [Untraded(symbol, ChangeTooSmall(symbol)) for symbol in plan.too_small]
        left += [Untraded(symbol, NothingToPayWith(symbol)) for symbol in plan.unpaid]
        orders: list[GroupOrder] = []
        executions: list[Execution] = []
        for trade in (each for each in plan.trades if each.side is Side.SELL):
            await self._add(account, _sale(trade, holdings), orders, executions, left)
        purchases = [each for each in plan.trades if each.side is Side.BUY]
        amounts = scaled([_amount(each) for each in purchases], funds_of(group, executions))
        for trade, amount in zip(purchases, amounts, strict=True):
            order = GroupOrder(Side.BUY, trade.symbol, amount, _ZERO)
            await self._add(account, order, orders, executions, left)
        before, cash_before = holdings.weights(with_cash=group.with_cash)
        after, cash_after = holdings.after(executions).weights(with_cash=group.with_cash)
        whole = replace(group, orders=tuple(orders), untraded={each.symbol: obstacle_of(each.reason) for each in left})
        return GroupPreview(whole, tuple(executions), tuple(left), before, after, cash_before, cash_after)

    async def _add(
        self,
        account: Account,
        order: GroupOrder,
        orders: list[GroupOrder],
        executions: list[Execution],
        left: list[Untraded],
    ) -> None:
        """Adds an order with its execution, or the reason why it would be refused."""
        try:
            execution = await self._execution(account, order)
        except (DatabaseUnavailable, MarketUnavailable):
            raise
        except DeskError as error:
            left.append(Untraded(order.symbol, error))
            return
        orders.append(replace(order, price=execution.average_price))
        executions.append(execution)

    async def _execution(self, account: Account, order: GroupOrder) -> Execution:
        if not order.amount:
            raise NothingToPayWith(order.symbol)
        rules, ladder = await self._orders.priced(account, order.side, order.symbol)
        wanted = RequestedSize(order.size(order.amount), order.whole_balance)
        execution = self._orders.matched(order.side, wanted, ladder, rules)
        if order.side is Side.BUY:
            await self._limits.check(account, order.symbol, execution.mid_price, proposed(execution))
        return execution


def _sale(trade: RebalancingTrade, holdings: _Holdings) -> GroupOrder:
    whole = isinstance(trade.size, Share)
    quantity = holdings.coins[trade.symbol].available if whole else _amount(trade)
    return GroupOrder(Side.SELL, trade.symbol, quantity, _ZERO, whole)


def _amount(trade: RebalancingTrade) -> Decimal:
    match trade.size:
        case BaseQuantity(amount) | QuoteAmount(amount):
            return amount
        case Share():
            return _ZERO
