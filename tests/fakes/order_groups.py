"""Groups of orders in memory: planned and placed at the prices of the market of a fake desk."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.errors import DeskError
from pipeline.market import Symbol
from tests.fakes.bot_desk import FakeDesk
from tests.fakes.bot_market import FakeMarket
from trading.order_groups.errors import ChangeTooSmall, CoinOnHold, NothingToPayWith
from trading.order_groups.types import (
    GroupOrder,
    GroupPreview,
    GroupResult,
    OrderGroup,
    OrderResult,
    Untraded,
    funds_of,
    scaled,
)
from trading.orders.types import Balance, BaseQuantity, QuoteAmount, Share, Side
from trading.portfolio.rebalancing import rebalancing_plan
from trading.ports import Account
from trading.recurring.notices import obstacle_of

ZERO = Decimal(0)


@dataclass
class FakeOrderGroups:
    """`refused` are orders that are refused when they are placed, by symbol."""

    market: FakeMarket
    desk: FakeDesk
    refused: dict[Symbol, DeskError] = field(default_factory=dict)
    done: dict[str, GroupResult] = field(default_factory=dict)

    async def plan(self, account: Account, weights: Mapping[Symbol, Decimal], *, with_cash: bool) -> GroupPreview:
        rules = {symbol: self.market.rules(symbol) for symbol in weights}
        quotes = {symbol: await self.market.quote(symbol) for symbol in weights}
        for symbol in weights:
            rules[symbol].check_trading()
            quotes[symbol].check_tradable()
        cash, *coins = await self.desk.balances(account)
        there = {each.asset: each for each in coins}
        coins = [there.get(each.base, Balance(each.base, ZERO, ZERO)) for each in rules.values()]
        held = {symbol: each.total for symbol, each in zip(rules, coins, strict=True)}
        on_hold = {symbol: each.held for symbol, each in zip(rules, coins, strict=True)}
        spent = cash if with_cash else None
        plan = rebalancing_plan(weights, held, quotes, rules, Decimal("0.001"), on_hold=on_hold, cash=spent)
        orders, executions = [], []
        for trade in plan.trades:
            size, quote = trade.size, quotes[trade.symbol]
            free = held[trade.symbol] - on_hold[trade.symbol]
            amount = free if isinstance(size, Share) else size.amount
            quantity = amount if trade.side is Side.SELL else (amount / quote.price).quantize(Decimal("0.00000001"))
            worth = (quantity * quote.price).quantize(Decimal("0.00000001"))
            done = self.desk._execution(quote, rules[trade.symbol], trade.side, quantity, worth)
            orders.append(GroupOrder(trade.side, trade.symbol, amount, quote.price, isinstance(size, Share)))
            executions.append(done)
        left = [Untraded(symbol, CoinOnHold(symbol)) for symbol in plan.on_hold]
        left += [Untraded(symbol, ChangeTooSmall(symbol)) for symbol in plan.too_small]
        left += [Untraded(symbol, NothingToPayWith(symbol)) for symbol in plan.unpaid]
        group = OrderGroup(
            account.account_id,
            account.round,
            account.quote_asset,
            tuple(orders),
            plan.from_cash,
            dict(weights),
            with_cash,
            {each.symbol: obstacle_of(each.reason) for each in left},
        )
        values = {symbol: held[symbol] * quotes[symbol].price for symbol in weights}
        whole = sum(values.values(), cash.total if with_cash else ZERO)
        before = {symbol: value / whole if whole else ZERO for symbol, value in values.items()}
        money = 1 - sum(before.values(), ZERO) if with_cash else None
        after = 1 - sum(plan.realised.values(), ZERO) if with_cash else None
        return GroupPreview(group, tuple(executions), tuple(left), before, plan.realised, money, after)

    async def place(
        self, account: Account, command_id: str, group: OrderGroup, *, scheduled: bool = False
    ) -> GroupResult:
        if command_id in self.done:
            return self.done[command_id]
        results: list[OrderResult] = []
        for number, order in enumerate(group.orders):
            sales = [each.receipt.execution for each in results if each.receipt and each.order.side is Side.SELL]
            amounts = iter(scaled(group.purchases(), funds_of(group, sales)))
            sizes = [each.size(each.amount if each.side is Side.SELL else next(amounts)) for each in group.orders]
            try:
                if order.symbol in self.refused:
                    raise self.refused[order.symbol]
                size: BaseQuantity | QuoteAmount | Share = Share(Decimal(1)) if order.whole_balance else sizes[number]
                receipt = await self.desk.place(account, f"{command_id}#{number}", order.side, order.symbol, size)
                results.append(OrderResult(order, receipt))
            except DeskError as error:
                results.append(OrderResult(order, obstacle=obstacle_of(error)))
        self.done[command_id] = GroupResult(replace(group), tuple(results))
        return self.done[command_id]

    async def resume(self) -> int:
        return 0
