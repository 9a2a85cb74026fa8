"""Resting orders of the bot in memory, over the accounts of `FakeDesk`. The market comes to an order only when a test
says so: `fill`, `trigger` and `end`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec import structs

from core.decimals import down
from core.outbox import NotificationTarget
from pipeline.market import Quote, Symbol
from pipeline.rules import SymbolRules
from tests.fakes.bot_desk import FakeDesk
from tests.fakes.bot_market import NOW, FakeMarket
from tests.fakes.bot_order_terms import UNIT, amended, hold_of, paid, partners, terms_of
from trading.errors import IdempotencyKeyReused, InsufficientFunds
from trading.orders.effects import FillRule
from trading.orders.errors import (
    CannotFillWhole,
    OrderNotOpen,
    TooManyOrders,
    UnknownOrderId,
    WouldTakeLiquidity,
)
from trading.orders.open_orders import EndReason, Hold, ListKind, ListPlace, ListRole, OrderEventKind, OrderStatus
from trading.orders.records import OrderEvent, OrderPlan, OrderRecord, PlacedOrders
from trading.orders.requests import AnyOrderRequest, BracketRequest, OcoRequest
from trading.orders.terms import OrderTerms, OrderType, PriceWish, TimeInForce
from trading.orders.types import Balance, Execution, Receipt, Side
from trading.ports import Account

AT = datetime(2021, 4, 1, 18, 30, tzinfo=UTC)
_ROLES = {OcoRequest: (ListRole.LIMIT, ListRole.STOP), BracketRequest: tuple(ListRole)}


@dataclass
class FakeOrders:
    """`RestingOrders`. `done` are the command ids; `tellings` the chats that were to be notified."""

    market: FakeMarket
    desk: FakeDesk
    most: int = 200
    records: dict[int, tuple[int, OrderRecord]] = field(default_factory=dict)
    done: dict[str, tuple[object, object]] = field(default_factory=dict)
    tellings: list[NotificationTarget | None] = field(default_factory=list)

    async def preview(self, account: Account, request: AnyOrderRequest) -> OrderPlan:
        quote = await self.market.quote(request.symbol)
        quote.check_tradable()
        rules = self.market.rules(request.symbol)
        rules.check_trading()
        if len(await self.open_orders(account)) >= self.most:
            raise TooManyOrders(self.most)
        asset = rules.quote if request.side is Side.BUY else rules.base
        terms = terms_of(request, self._available(account, asset), quote, rules)
        first = terms[0]
        immediate = self._immediate(account, first, request, quote, rules)
        rest = first.quantity - (immediate.quantity if immediate else Decimal(0))
        rest = Decimal(0) if first.time_in_force in (TimeInForce.IOC, TimeInForce.FOK) else rest
        held = max(hold_of(entry, rest) for entry in (terms if isinstance(request, OcoRequest) else terms[:1]))
        given = Decimal(0) if immediate is None else paid(immediate)
        available = self._available(account, asset)
        if given + held > available:
            raise InsufficientFunds(asset, given + held, available, given + held - available)
        base, cash = self._after(account, rules, immediate, Balance(asset, Decimal(0), held))
        return OrderPlan(request, terms, immediate, asset, held, quote.price, (base, cash))

    def _immediate(
        self, account: Account, terms: OrderTerms, request: AnyOrderRequest, quote: Quote, rules: SymbolRules
    ) -> Execution | None:
        at_market = isinstance(request, BracketRequest) and request.entry_price is None
        if terms.type.waits or isinstance(request, OcoRequest) or terms.limit_price is None:
            return None
        best = quote.ask if terms.side is Side.BUY else quote.bid
        assert best is not None
        crosses = terms.limit_price >= best if terms.side is Side.BUY else terms.limit_price <= best
        if terms.type is OrderType.LIMIT_MAKER and crosses:
            raise WouldTakeLiquidity(terms.symbol, terms.limit_price, best)
        if terms.time_in_force is TimeInForce.FOK and not crosses:
            raise CannotFillWhole(terms.symbol, rules.base, terms.quantity, Decimal(0), some=False)
        if not (crosses or at_market):
            return None
        amount = down(terms.quantity * quote.price, UNIT)
        made = self.desk._execution(quote, rules, terms.side, terms.quantity, amount)
        return structs.replace(made, rule=FillRule.IMPACT.value)

    def _available(self, account: Account, asset: str) -> Decimal:
        if asset == account.quote_asset:
            return self.desk.cash[account.account_id]
        return self.desk.coins[account.account_id].get(asset, Decimal(0))

    def _after(self, account: Account, rules: SymbolRules, execution: Execution | None, held: Balance) -> list[Balance]:
        """The balances after an execution and a hold, which is the held amount of `held`."""
        change = {held.asset: -held.held}
        if execution is not None:
            got, given = (rules.base, rules.quote) if execution.side is Side.BUY else (rules.quote, rules.base)
            change = {given: -paid(execution) + change.get(given, 0), got: execution.received + change.get(got, 0)}
        return [
            Balance(
                there.asset,
                there.available + change.get(there.asset, Decimal(0)),
                there.held + (held.held if there.asset == held.asset else 0),
            )
            for there in self._balances(account.account_id, rules)
        ]

    async def place(
        self,
        account: Account,
        command_id: str,
        request: AnyOrderRequest,
        *,
        notify: NotificationTarget | None = None,
    ) -> PlacedOrders:
        self.tellings.append(notify)
        if (found := self._repeated(command_id, request)) is not None:
            assert isinstance(found, PlacedOrders)
            return found
        plan = await self.preview(account, request)
        ids = [self.desk.number() for _ in plan.terms]
        kinds = {OcoRequest: ListKind.OCO, BracketRequest: ListKind.OTOCO}
        kind, rules = kinds.get(type(request)), self.market.rules(request.symbol)
        hold = Hold(ids[0], plan.hold_asset, plan.hold_amount)
        for at, (order_id, terms) in enumerate(zip(ids, plan.terms, strict=True)):
            pending = kind is ListKind.OTOCO and at > 0
            place = None if kind is None else ListPlace(ids[0], kind, _ROLES[type(request)][at])
            status = OrderStatus.PENDING_NEW if pending else OrderStatus.NEW
            accepted = OrderEvent(1, OrderEventKind.ACCEPTED, AT, NOW, terms.limit_price, terms.quantity)
            record = OrderRecord(
                order_id=order_id,
                terms=terms,
                status=status,
                base=rules.base,
                quote=rules.quote,
                quantity=terms.quantity,
                filled=Decimal(0),
                limit_price=terms.limit_price,
                average_price=None,
                hold=None if pending or not plan.hold_amount else hold,
                accepted_at=AT,
                place=place,
                events=(accepted,),
            )
            self.records[order_id] = (account.account_id, record)
        self._hold(account.account_id, plan.hold_asset, plan.hold_amount)
        receipt = self._at_once(account, ids[0], plan)
        orders = tuple(self.records[order_id][1] for order_id in ids)
        placed = PlacedOrders(orders, receipt, self._balances(account.account_id, rules))
        self.done[command_id] = (request, placed)
        return placed

    def _at_once(self, account: Account, order_id: int, plan: OrderPlan) -> Receipt | None:
        record = self.records[order_id][1]
        if plan.immediate is None:
            if plan.terms[0].time_in_force is TimeInForce.IOC:
                self.end(order_id, OrderStatus.EXPIRED, EndReason.IMMEDIATE)
            return None
        execution = plan.immediate
        self._hold(account.account_id, plan.hold_asset, paid(execution))  # a fill is paid from the hold
        self._keep(replace(record, hold=Hold(order_id, plan.hold_asset, paid(execution) + plan.hold_amount)))
        return self.fill(order_id, execution.quantity, execution.average_price, maker=False, rule=FillRule.IMPACT)

    def _repeated(self, command_id: str, body: object) -> object | None:
        assert len(command_id) <= 128
        if command_id not in self.done:
            return None
        if self.done[command_id][0] != body:
            raise IdempotencyKeyReused(command_id)
        return self.done[command_id][1]

    def _hold(self, account_id: int, asset: str, amount: Decimal) -> None:
        """Moves `amount` from available to held; a negative one back."""
        held = self.desk.held.setdefault(account_id, {})
        held[asset] = held.get(asset, Decimal(0)) + amount
        if asset == self.market.quote_asset:
            self.desk.cash[account_id] -= amount
        else:
            coins = self.desk.coins[account_id]
            coins[asset] = coins.get(asset, Decimal(0)) - amount

    def _keep(self, record: OrderRecord) -> OrderRecord:
        self.records[record.order_id] = (self.records[record.order_id][0], record)
        return record

    def _add(self, record: OrderRecord, kind: OrderEventKind, **values: object) -> OrderRecord:
        event = OrderEvent(len(record.events) + 1, kind, AT + timedelta(minutes=len(record.events)), NOW, **values)  # type: ignore[arg-type]
        return self._keep(replace(record, events=(*record.events, event)))

    def fill(
        self,
        order_id: int,
        quantity: Decimal,
        price: Decimal | None = None,
        *,
        maker: bool = True,
        rule: FillRule = FillRule.TRADE_THROUGH,
    ) -> Receipt:
        """Fills a part of an order, or all of it, at `price` or at its limit."""
        owner, record = self.records[order_id]
        symbol, side = record.terms.symbol, record.terms.side
        at = price or record.limit_price or self.market.prices[symbol]
        rules, amount = self.market.rules(symbol), down(quantity * at, UNIT)
        last = self.market.prices[symbol]
        quote = Quote(symbol, NOW, 0, 15_000, at, last, quantity, last, quantity, last, last, last, last)
        execution = structs.replace(
            self.desk._execution(quote, rules, side, quantity, amount),
            maker=maker,
            rule=rule.value,
            unfilled=Decimal(0),
        )
        if record.hold is not None:
            used = quantity if side is Side.SELL else record.hold.amount * quantity / (record.quantity - record.filled)
            self._hold(owner, record.hold.asset, -used)
            left = replace(record.hold, amount=record.hold.amount - used)
            record = self._keep(replace(record, hold=left if left.amount > 0 else None))
        coins = self.desk.coins[owner]
        self.desk.cash[owner] += -amount if side is Side.BUY else execution.received
        gained = execution.received if side is Side.BUY else -quantity
        coins[rules.base] = coins.get(rules.base, Decimal(0)) + gained
        filled = record.filled + quantity
        status = OrderStatus.FILLED if filled == record.quantity else OrderStatus.PARTIALLY_FILLED
        number = self.desk.number()
        balances = self._balances(owner, rules)
        receipt = Receipt(number, AT, execution, balances, Decimal("-1.25") if side is Side.SELL else None, order_id)
        self.desk.receipts[number] = (owner, receipt)
        changed = replace(record, filled=filled, status=status, average_price=execution.average_price)
        self._add(changed, OrderEventKind.FILLED, price=at, quantity=quantity, execution_id=number)
        self._after_fill(order_id)
        return receipt

    def _balances(self, owner: int, rules: SymbolRules) -> tuple[Balance, Balance]:
        held, coins = self.desk.held.get(owner, {}), self.desk.coins[owner]
        base = Balance(rules.base, coins.get(rules.base, Decimal(0)), held.get(rules.base, Decimal(0)))
        return base, Balance(rules.quote, self.desk.cash[owner], held.get(rules.quote, Decimal(0)))

    def _after_fill(self, order_id: int) -> None:
        owner, record = self.records[order_id]
        if record.place is None:
            return
        for other in partners(record, self.records.values()):
            if record.place.role is not ListRole.WORKING:
                if other.place is not None and other.place.role is not ListRole.WORKING and other.status.open:
                    self.end(other.order_id, OrderStatus.EXPIRED, EndReason.LIST, shared=True)
            elif record.status is OrderStatus.FILLED:
                received = down(record.quantity * Decimal("0.999"), UNIT)
                hold = Hold(record.order_id, record.base, received)
                live = replace(other, status=OrderStatus.NEW, quantity=received, hold=hold)
                self._add(live, OrderEventKind.ACTIVATED, quantity=received)
        if record.place.role is ListRole.WORKING and record.status is OrderStatus.FILLED:
            self._hold(owner, record.base, down(record.quantity * Decimal("0.999"), UNIT))

    def trigger(self, order_id: int, price: Decimal) -> OrderRecord:
        """The stop price of the order is reached."""
        record = replace(self.records[order_id][1], triggered=True)
        return self._add(record, OrderEventKind.TRIGGERED, price=price)

    def end(self, order_id: int, status: OrderStatus, reason: EndReason, *, shared: bool = False) -> OrderRecord:
        """Ends the order and returns what it held, unless its partner has that (`shared`)."""
        owner, record = self.records[order_id]
        if record.hold is not None and not shared:
            self._hold(owner, record.hold.asset, -record.hold.amount)
        kind = OrderEventKind.CANCELED if status is OrderStatus.CANCELED else OrderEventKind.EXPIRED
        return self._add(replace(record, status=status, hold=None), kind, reason=reason)

    async def open_orders(self, account: Account, symbol: Symbol | None = None) -> Sequence[OrderRecord]:
        return [
            replace(record, events=())
            for owner, record in sorted(self.records.values(), key=lambda entry: -entry[1].order_id)
            if owner == account.account_id and record.status.open and symbol in (None, record.terms.symbol)
        ]

    async def order(self, account: Account, order_id: int) -> OrderRecord | None:
        owner, record = self.records.get(order_id, (None, None))
        return record if owner == account.account_id else None

    async def _open(self, account: Account, order_id: int) -> OrderRecord:
        record = await self.order(account, order_id)
        if record is None:
            raise UnknownOrderId(order_id)
        if not record.status.open:
            raise OrderNotOpen(order_id, record.status.value)
        return record

    async def cancel(self, account: Account, command_id: str, order_id: int) -> Sequence[OrderRecord]:
        if (found := self._repeated(command_id, order_id)) is not None:
            return found  # type: ignore[return-value]
        record = await self._open(account, order_id)
        ended = self._cancel(
            [record, *(other for other in partners(record, self.records.values()) if other.status.open)]
        )
        self.done[command_id] = (order_id, ended)
        return ended

    async def cancel_all(
        self, account: Account, command_id: str, symbol: Symbol | None = None
    ) -> Sequence[OrderRecord]:
        if (found := self._repeated(command_id, symbol)) is not None:
            return found  # type: ignore[return-value]
        ended = self._cancel([self.records[order.order_id][1] for order in await self.open_orders(account, symbol)])
        self.done[command_id] = (symbol, ended)
        return ended

    def _cancel(self, records: list[OrderRecord]) -> list[OrderRecord]:
        seen: set[int] = set()
        ended = []
        for record in records:
            shared = record.hold is not None and record.hold.hold_id in seen
            seen |= {record.hold.hold_id} if record.hold else set()
            ended.append(self.end(record.order_id, OrderStatus.CANCELED, EndReason.USER, shared=shared))
        return ended

    async def preview_amendment(
        self, account: Account, order_id: int, *, price: PriceWish | None = None, quantity: Decimal | None = None
    ) -> OrderRecord:
        record = await self._open(account, order_id)
        symbol = record.terms.symbol
        changed = amended(record, price, quantity, self.market.prices[symbol], self.market.rules(symbol))
        if record.hold is not None and changed.hold is not None:
            more = changed.hold.amount - record.hold.amount
            if more > (there := self._available(account, record.hold.asset)):
                raise InsufficientFunds(record.hold.asset, more, there, more - there)
        return changed

    async def amend(
        self,
        account: Account,
        command_id: str,
        order_id: int,
        *,
        price: PriceWish | None = None,
        quantity: Decimal | None = None,
    ) -> OrderRecord:
        body = (order_id, price, quantity)
        if (found := self._repeated(command_id, body)) is not None:
            assert isinstance(found, OrderRecord)
            return found
        record = await self._open(account, order_id)
        changed = await self.preview_amendment(account, order_id, price=price, quantity=quantity)
        if record.hold is not None and changed.hold is not None:
            self._hold(account.account_id, record.hold.asset, changed.hold.amount - record.hold.amount)
        told = changed.limit_price or changed.present.stop_price
        amended = self._add(changed, OrderEventKind.AMENDED, price=told, quantity=changed.quantity)
        self.done[command_id] = (body, amended)
        return amended
