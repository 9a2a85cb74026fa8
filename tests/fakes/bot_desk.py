"""Desk of the bot in memory: accounts, orders, dust and receipts at the prices of its market."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

from core.outbox import NotificationTarget
from pipeline.market import Quote, Symbol
from pipeline.rules import SymbolRules
from tests.fakes.bot_market import NOW, FakeMarket
from trading.dust import DustPosition, DustSale, DustSold, UnsellableDust, is_dust
from trading.errors import (
    BelowMinimumQuantity,
    IdempotencyKeyReused,
    InsufficientFunds,
    NoAccount,
    NoDust,
    NothingToSell,
    PriceMoved,
    SaleTooSmall,
)
from trading.matching.market_orders import smallest_part
from trading.orders.types import (
    Balance,
    BaseQuantity,
    Execution,
    Fill,
    HistoryLine,
    HistoryPage,
    Preview,
    QuoteAmount,
    Receipt,
    Share,
    Side,
    Size,
    size_text,
)
from trading.portfolio.equity_curve import EquityPoint
from trading.portfolio.positions import Portfolio, Position
from trading.ports import Account, OwnTrade, SymbolActivity

ALL = Share(Decimal(1))


@dataclass
class FakeDesk:
    """One account a person; fills at the market's price, fee 0.1 %."""

    market: FakeMarket
    accounts: dict[int, Account] = field(default_factory=dict)
    cash: dict[int, Decimal] = field(default_factory=dict)
    coins: dict[int, dict[str, Decimal]] = field(default_factory=dict)
    receipts: dict[int, tuple[int, Receipt]] = field(default_factory=dict)
    done: dict[str, tuple[object, Receipt]] = field(default_factory=dict)
    resets: list[str] = field(default_factory=list)
    unfilled: Decimal = Decimal(0)
    tellings: list[NotificationTarget | None] = field(default_factory=list)
    dust_kept: tuple[UnsellableDust, ...] = ()
    swept: dict[str, DustSold] = field(default_factory=dict)
    held: dict[int, dict[str, Decimal]] = field(default_factory=dict)
    numbers: int = 0

    def number(self) -> int:
        """The next number of an order or an execution."""
        self.numbers += 1
        return self.numbers

    async def open(self, person_id: int, command_id: str) -> Account:
        if person_id not in self.accounts:
            grant = Decimal(1_000_000)
            opened_at = datetime(2021, 4, 1, 18, tzinfo=UTC)
            account_id = 100 + person_id
            self.accounts[person_id] = Account(
                account_id, person_id, "simulator", self.market.quote_asset, 1, grant, opened_at
            )
            self.cash[account_id], self.coins[account_id] = grant, {}
        return self.accounts[person_id]

    async def account(self, person_id: int) -> Account:
        if person_id not in self.accounts:
            raise NoAccount
        return self.accounts[person_id]

    async def preview(self, account: Account, side: Side, symbol: Symbol, size: Size) -> Preview:
        quote = await self.market.quote(symbol)
        quote.check_tradable()
        rules = self.market.rules(symbol)
        rules.check_trading()
        cash, coins = self.cash[account.account_id], self.coins[account.account_id].get(rules.base, Decimal(0))
        if side is Side.SELL and coins == 0:
            raise NothingToSell(rules.base)
        whole = isinstance(size, Share) and size.fraction == 1
        resolved: BaseQuantity | QuoteAmount
        match size:
            case Share(fraction) if side is Side.BUY:
                resolved = QuoteAmount(cash * fraction)
            case Share(fraction):
                resolved = BaseQuantity(coins * fraction)
            case BaseQuantity() | QuoteAmount():
                resolved = size
        quantity = resolved.amount if isinstance(resolved, BaseQuantity) else resolved.amount / quote.price
        quantity = quantity.quantize(Decimal("0.00000001"))
        if quantity == 0:
            raise BelowMinimumQuantity(rules.base, Decimal("0.00000001"))
        amount = (quantity * quote.price).quantize(Decimal("0.00000001"))
        if side is Side.SELL and not whole and is_dust(quantity, rules, quote.price):
            raise SaleTooSmall(symbol, rules.base, smallest_part(rules, quote.price))
        asset, needed, there = (rules.quote, amount, cash) if side is Side.BUY else (rules.base, quantity, coins)
        if needed > there:
            raise InsufficientFunds(asset, needed, there, needed - there)
        execution = self._execution(quote, rules, side, quantity, amount)
        new_cash = cash - amount if side is Side.BUY else cash + execution.received
        new_coins = coins + execution.received if side is Side.BUY else coins - quantity
        after = (Balance(rules.base, new_coins, Decimal(0)), Balance(rules.quote, new_cash, Decimal(0)))
        return Preview(side, symbol, resolved, whole, execution, after)

    def _execution(self, quote: Quote, rules: SymbolRules, side: Side, quantity: Decimal, amount: Decimal) -> Execution:
        gross, fee_asset = (quantity, rules.base) if side is Side.BUY else (amount, rules.quote)
        fee = (gross / 1000).quantize(Decimal("0.00000001"))
        fills = (Fill(quote.price, quantity),)
        return Execution(
            symbol=quote.symbol,
            side=side,
            fills=fills,
            quantity=quantity,
            unfilled=self.unfilled,
            quote_amount=amount,
            average_price=quote.price,
            mid_price=quote.price,
            slippage=Decimal("0.0004"),
            fee=fee,
            fee_asset=fee_asset,
            received=gross - fee,
            source=self.market.source,
            from_book=False,
            price_time=quote.time,
            price_age_ms=quote.age_ms,
        )

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
        self.tellings.append(notify)
        return await self._once(account, command_id, side, symbol, size)

    async def confirm(
        self, account: Account, command_id: str, previewed: Preview, *, notify: NotificationTarget | None = None
    ) -> Receipt:
        self.tellings.append(notify)
        if command_id not in self.done:
            now, before = self.market.prices[previewed.symbol], previewed.execution.average_price
            worse = now > before if previewed.side is Side.BUY else now < before
            if worse and abs(now / before - 1) > Decimal("0.005"):
                raise PriceMoved(previewed.symbol, before, now, Decimal("0.005"))
        size: Size = Share(Decimal(1)) if previewed.whole_balance else previewed.size
        return await self._once(account, command_id, previewed.side, previewed.symbol, size)

    async def _once(self, account: Account, command_id: str, side: Side, symbol: Symbol, size: Size) -> Receipt:
        body = (side, symbol, size_text(size))
        assert len(command_id) <= 128
        if command_id in self.done:
            if self.done[command_id][0] != body:
                raise IdempotencyKeyReused(command_id)
            return self.done[command_id][1]
        preview = await self.preview(account, side, symbol, size)
        base, cash = preview.balances_after
        self.coins[account.account_id][base.asset], self.cash[account.account_id] = base.available, cash.available
        realised = Decimal("-1.25") if side is Side.SELL else None
        at = datetime(2021, 4, 1, 18, 30, tzinfo=UTC)
        receipt = Receipt(self.number(), at, preview.execution, preview.balances_after, realised)
        self.receipts[receipt.order_id] = (account.account_id, receipt)
        self.done[command_id] = (body, receipt)
        return receipt

    def _crumbs(self, account: Account) -> Iterator[DustPosition]:
        for asset, quantity in sorted(self.coins[account.account_id].items()):
            symbol = Symbol(asset + account.quote_asset)
            price = self.market.prices[symbol]
            if is_dust(quantity, self.market.rules(symbol), price):
                received = (quantity * price * Decimal("0.999")).quantize(Decimal("0.00000001"))
                yield DustPosition(symbol, asset, quantity, price, received)

    async def preview_dust(self, account: Account) -> DustSale:
        return DustSale(tuple(self._crumbs(account)), self.dust_kept)

    async def sell_dust(
        self,
        account: Account,
        command_id: str,
        agreed: Sequence[DustPosition] | None = None,
        *,
        notify: NotificationTarget | None = None,
    ) -> DustSold:
        if command_id in self.swept:
            return self.swept[command_id]
        crumbs = list(self._crumbs(account)) if agreed is None else agreed
        if not crumbs and not self.dust_kept:
            raise NoDust
        receipts = [
            await self.place(account, f"{command_id}#{each.asset}", Side.SELL, each.symbol, ALL, notify=notify)
            for each in crumbs
        ]
        self.swept[command_id] = DustSold(tuple(receipts), self.dust_kept)
        return self.swept[command_id]

    async def receipt(self, account: Account, order_id: int) -> Receipt | None:
        owner, receipt = self.receipts.get(order_id, (None, None))
        return receipt if owner == account.account_id else None

    async def balances(self, account: Account) -> Sequence[Balance]:
        coins, on_hold = self.coins[account.account_id], self.held.get(account.account_id, {})
        found = [Balance(asset, coins[asset], on_hold.get(asset, Decimal(0))) for asset in sorted(coins)]
        cash = Balance(account.quote_asset, self.cash[account.account_id], on_hold.get(account.quote_asset, Decimal(0)))
        return [cash, *(entry for entry in found if entry.total)]

    async def portfolio(self, account: Account) -> Portfolio:
        positions = []
        on_hold = self.held.get(account.account_id, {})
        for asset, available in sorted(self.coins[account.account_id].items()):
            quantity = available + on_hold.get(asset, Decimal(0))
            symbol = Symbol(asset + account.quote_asset)
            price = self.market.prices[symbol]
            value = quantity * price
            stale = self.market.age_ms > 15_000
            positions.append(Position(symbol, asset, quantity, price, price, value, Decimal("-0.5"), Decimal(0), stale))
        cash = self.cash[account.account_id] + on_hold.get(account.quote_asset, Decimal(0))
        equity = cash + sum((position.value or Decimal(0) for position in positions), Decimal(0))
        unrealised = Decimal("-0.5") * len(positions)
        return Portfolio(
            account.quote_asset, cash, tuple(positions), equity, account.granted, Decimal("-1.25"), unrealised
        )

    async def equity(self, account: Account, points: int) -> Sequence[EquityPoint]:
        return [EquityPoint(NOW - 60_000, account.granted), EquityPoint(NOW, self.cash[account.account_id])]

    async def history(self, account: Account, limit: int, before: int | None = None) -> HistoryPage:
        lines = [
            line_of(receipt)
            for owner, receipt in self.receipts.values()
            if owner == account.account_id and (before is None or receipt.order_id < before)
        ]
        grant = HistoryLine(
            None, account.opened_at, "grant", None, Decimal(0), None, account.granted, Decimal(0), None, None
        )
        newest = [*reversed(lines), grant]
        older = newest[limit - 1].order_id if len(newest) > limit else None
        return HistoryPage(tuple(newest[:limit]), older)

    async def symbol_activity(self, person_id: int, symbol: Symbol, since: int) -> SymbolActivity:
        account = self.accounts.get(person_id)
        if account is None:
            return SymbolActivity()
        trades = [
            OwnTrade(receipt.order_id, NOW, receipt.execution.side, receipt.execution.average_price)
            for owner, receipt in self.receipts.values()
            if owner == account.account_id and receipt.execution.symbol == symbol and since <= NOW
        ]
        held = self.coins[account.account_id].get(symbol.removesuffix(account.quote_asset), Decimal(0))
        return SymbolActivity(self.market.prices[symbol] if held else None, tuple(trades))

    async def reset(self, account: Account, command_id: str) -> Account:
        self.resets.append(command_id)
        anew = replace(account, round=account.round + 1)
        self.accounts[account.person_id] = anew
        self.cash[account.account_id], self.coins[account.account_id] = account.granted, {}
        return anew


def line_of(receipt: Receipt) -> HistoryLine:
    """The line of an execution in a list."""
    execution = receipt.execution
    return HistoryLine(
        receipt.order_id,
        receipt.at,
        execution.side.value,
        execution.symbol,
        execution.quantity,
        execution.average_price,
        execution.quote_amount,
        execution.fee,
        execution.fee_asset,
        receipt.realised,
        receipt.parent_id,
        execution.maker,
    )
