"""Store of resting orders in memory: money, holds, versions, positions and notices, with the rules of `OrderStore`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import TypeVar

from core.errors import DatabaseUnavailable
from pipeline.market import Symbol
from tests.fakes.kept_orders import Holds, KeptOrder, receipt_of
from trading.errors import IdempotencyKeyReused, InsufficientFunds, NothingToSell
from trading.ledger.order_ports import Applied, NewOrders, OpenOrderChanges, OrderState, StreamPosition
from trading.ledger.ports import BalanceConflict, LedgerCommand
from trading.orders.bookings import Amendment, BookedEffect
from trading.orders.effects import Activated, Expired, Filled, OrderEffect, Triggered
from trading.orders.errors import OrderNotOpen, TooManyOrders, UnknownOrderId
from trading.orders.open_orders import EndReason, ListRole, OpenOrder, OrderEventKind, OrderStatus
from trading.orders.records import OrderRecord, PlacedOrders
from trading.orders.types import Balance, Receipt, Side

T = TypeVar("T")
ZERO = Decimal(0)


class MemoryOrderStore:
    """`OrderStore` in dictionaries; also the part of the ledger that a desk of resting orders reads.

    `told` are the notices of orders with a chat, as (order, event, quantity or reason). `down` makes every call raise.
    """

    def __init__(self) -> None:
        self.money: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
        self.holds = Holds()
        self.kept: dict[int, KeptOrder] = {}
        self.receipts: dict[int, Receipt] = {}
        self.told: list[tuple[int, OrderEventKind, object]] = []
        self.stored: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
        self.answers: dict[str, tuple[bytes, object]] = {}
        self.down = False
        self._numbers = count(1)
        self._marks = count(1)
        self._changed: dict[int, int] = {}

    # -- money -----------------------------------------------------------------------------------

    def fund(self, account_id: int, asset: str, amount: str) -> None:
        """Gives the account money."""
        self.money[account_id, asset] += Decimal(amount)

    def balance(self, account_id: int, asset: str) -> Balance:
        """The balance of one asset, without the checks of a call."""
        return Balance(asset, self.money[account_id, asset], self.holds.of(account_id, asset))

    async def available(self, account_id: int, assets: Sequence[str]) -> list[Balance]:
        """See `Ledger.available`."""
        self._check_up()
        return [self.balance(account_id, asset) for asset in assets]

    async def merged_accounts(self, account_id: int) -> list[int]:
        """See `Ledger.merged_accounts`: none ever is."""
        return []

    # -- commands --------------------------------------------------------------------------------

    async def accept(self, new: NewOrders, command: LedgerCommand) -> PlacedOrders:
        """See `OrderStore.accept`."""
        if (known := self._answered(command)) is not None:
            assert isinstance(known, PlacedOrders)
            return known
        self._check_room(new)
        free = self.money[new.account_id, new.hold_asset]
        if new.orders[0].terms.side is Side.SELL and not self.balance(new.account_id, new.hold_asset).total:
            raise NothingToSell(new.hold_asset)
        if free < new.hold_amount:
            raise InsufficientFunds(new.hold_asset, new.hold_amount, free, new.hold_amount - free)
        numbers = [next(self._numbers) for _ in new.orders]
        list_id = next(self._numbers) if new.list_kind else None
        self.money[new.account_id, new.hold_asset] -= new.hold_amount
        hold = self.holds.open(new.account_id, new.hold_asset, new.hold_amount)
        for number, order in zip(numbers, new.orders, strict=True):
            waits = any(o.role is ListRole.WORKING for o in new.orders) and order.role is not ListRole.WORKING
            self.kept[number] = KeptOrder.of(number, new, order, command, (list_id, None if waits else hold))
            self._touch(number)
        receipt = None
        for booked in new.effects:
            moved = replace(booked, effect=replace(booked.effect, order_id=numbers[booked.effect.order_id]))
            receipt = self._take(moved, command) or receipt
        self._trim(hold)
        records = tuple(self.kept[number].record(self.holds) for number in numbers)
        rules = new.rules
        balances = (self.balance(new.account_id, rules.base), self.balance(new.account_id, rules.quote))
        return self._answer(command, PlacedOrders(records, receipt, balances))

    async def cancel(
        self, account_id: int, order_ids: Sequence[int] | None, symbol: Symbol | None, command: LedgerCommand
    ) -> Sequence[OrderRecord]:
        """See `OrderStore.cancel`."""
        if (known := self._answered(command)) is not None:
            return known  # type: ignore[return-value]
        for number in order_ids or ():
            self._owned(account_id, number)
        chosen = [
            kept
            for kept in self._open(account_id, symbol)
            if order_ids is None or any(number in kept.family(self.kept) for number in order_ids)
        ]
        for kept in chosen:
            self._end(kept, OrderEventKind.CANCELED, EndReason.USER, command.market_time)
        return self._answer(command, [kept.record(self.holds) for kept in chosen])

    async def amend(self, account_id: int, change: Amendment, command: LedgerCommand) -> OrderRecord:
        """See `OrderStore.amend`."""
        if (known := self._answered(command)) is not None:
            return known  # type: ignore[return-value]
        kept = self._owned(account_id, change.order_id)
        if kept.order.version != change.version:
            raise BalanceConflict
        if kept.hold_id is not None:
            self._resize(kept, kept.hold_id, change.hold_amount)
        kept.amend(change, command, next(self._numbers))
        self._touch(change.order_id)
        return self._answer(command, kept.record(self.holds))

    # -- reads -----------------------------------------------------------------------------------

    async def open_orders(self, account_id: int, symbol: Symbol | None) -> Sequence[OrderRecord]:
        """See `OrderStore.open_orders`."""
        self._check_up()
        return [kept.record(self.holds) for kept in self._open(account_id, symbol)]

    async def order(self, account_id: int, order_id: int, *, events: int = 0) -> OrderRecord | None:
        """See `OrderStore.order`."""
        self._check_up()
        kept = self.kept.get(order_id)
        return kept.record(self.holds, events=events) if kept and kept.order.account_id == account_id else None

    async def open_order(self, account_id: int, order_id: int) -> OpenOrder | None:
        """See `OrderStore.open_order`."""
        self._check_up()
        kept = self.kept.get(order_id)
        owned = kept is not None and kept.order.account_id == account_id and kept.order.status.open
        return kept.now(self.holds) if kept and owned else None

    async def changes(self, market: str, cursor: str) -> OpenOrderChanges:
        """See `OrderStore.changes`."""
        self._check_up()
        since = int(cursor or 0)
        changed = [self.kept[n] for n, at in self._changed.items() if at > since and self.kept[n].market == market]
        ended = () if not cursor else (kept.order.order_id for kept in changed if not kept.order.status.open)
        return OpenOrderChanges(
            tuple(kept.now(self.holds) for kept in changed if kept.order.status.open),
            frozenset(ended),
            str(max(self._changed.values(), default=since)),
        )

    # -- the worker ------------------------------------------------------------------------------

    async def positions(self, market: str, log: str) -> Mapping[int, int]:
        """See `OrderStore.positions`."""
        self._check_up()
        return dict(self.stored[market, log])

    async def apply(
        self,
        market: str,
        effects: Sequence[BookedEffect],
        states: Sequence[OrderState],
        position: StreamPosition | None,
        command: LedgerCommand,
    ) -> Applied:
        """See `OrderStore.apply`."""
        if (known := self._answered(command)) is not None:
            assert isinstance(known, Applied)
            return known
        if position is not None:
            stored = self.stored[market, position.log]
            if any(stored.get(number) != position.before.get(number) for number in position.after):
                return Applied(fenced=True)
            stored.update(position.after)
        told, gone = len(self.told), set[int]()
        for booked in effects:
            number = booked.effect.order_id
            kept = self.kept.get(number)
            if number in gone or kept is None or not kept.order.status.open or not _fits(booked, kept.order):
                gone.add(number)
            else:
                self._take(booked, command)
        for state in states:
            kept = self.kept[state.order_id]
            if kept.order.version == state.version:
                kept.order = replace(kept.order, queue_ahead=state.queue_ahead, extreme=state.extreme)
        return self._answer(command, Applied(frozenset(gone), notified=len(self.told) > told))

    async def expire(
        self, market: str, symbols: Sequence[Symbol], reason: EndReason, command: LedgerCommand
    ) -> Sequence[int]:
        """See `OrderStore.expire`."""
        self._check_up()
        chosen = [kept for kept in self._open(None, None) if kept.market == market and kept.symbol in symbols]
        for kept in chosen:
            self._end(kept, OrderEventKind.EXPIRED, reason, command.market_time)
        return [kept.order.order_id for kept in chosen]

    # -- steps -----------------------------------------------------------------------------------

    def _take(self, booked: BookedEffect, command: LedgerCommand) -> Receipt | None:
        """Applies one effect to an open order; returns the receipt of a fill."""
        effect, kept = booked.effect, self.kept[booked.effect.order_id]
        self._touch(effect.order_id)
        match effect:
            case Triggered():
                kept.trigger(effect)
            case Activated():
                self._activate(kept, effect)
            case Expired():
                self._end(kept, OrderEventKind.EXPIRED, effect.reason, effect.time)
            case Filled():
                return self._fill(kept, booked, command)
        self._tell(kept, effect)
        return None

    def _fill(self, kept: KeptOrder, booked: BookedEffect, command: LedgerCommand) -> Receipt:
        execution, account = booked.execution, kept.order.account_id
        assert execution is not None
        assert kept.hold_id is not None
        buying = execution.side is Side.BUY
        self.holds.use(kept.hold_id, execution.quote_amount if buying else execution.quantity)
        self.money[account, kept.base if buying else kept.quote] += execution.received
        number = next(self._numbers)
        kept.fill(execution, number, booked.effect.time)
        self._trim(kept.hold_id)
        balances = (self.balance(account, kept.base), self.balance(account, kept.quote))
        self.receipts[number] = receipt_of(number, kept.order.order_id, execution, command.at, balances)
        self._tell(kept, booked.effect)
        return self.receipts[number]

    def _activate(self, kept: KeptOrder, effect: Activated) -> None:
        """A pending order goes live: the pair shares one hold of what the working order received."""
        account = kept.order.account_id
        live = (other.hold_id for other in kept.relatives(self.kept) if other.order.status is OrderStatus.NEW)
        hold_id = next((hold for hold in live if hold is not None), None)
        asset, need = kept.need(effect.quantity)
        if hold_id is None:
            hold_id = self.holds.open(account, asset, ZERO)
        kept.activate(effect, hold_id)
        self._resize(kept, hold_id, max(need, self.holds.amount(hold_id)))

    def _end(self, kept: KeptOrder, kind: OrderEventKind, reason: EndReason, time: int) -> None:
        kept.end(kind, reason, time)
        self._touch(kept.order.order_id)
        if kept.hold_id is not None:
            self._trim(kept.hold_id)

    def _trim(self, hold_id: int) -> None:
        """Gives back what the orders of a hold no longer need."""
        sharing = [kept for kept in self.kept.values() if kept.hold_id == hold_id and kept.order.status.open]
        need = max((kept.need(kept.order.remaining)[1] for kept in sharing), default=ZERO)
        if need < self.holds.amount(hold_id):
            owner = next(kept for kept in self.kept.values() if kept.hold_id == hold_id)
            self._resize(owner, hold_id, need)

    def _resize(self, kept: KeptOrder, hold_id: int, amount: Decimal) -> None:
        asset, difference = self.holds.asset(hold_id), amount - self.holds.amount(hold_id)
        free = self.money[kept.order.account_id, asset]
        if difference > free:
            raise InsufficientFunds(asset, difference, free, difference - free)
        self.money[kept.order.account_id, asset] -= difference
        self.holds.set(hold_id, amount)

    def _tell(self, kept: KeptOrder, effect: OrderEffect) -> None:
        if kept.notify:
            last = kept.events[-1]
            self.told.append((effect.order_id, last.kind, last.reason or last.quantity))

    def _owned(self, account_id: int, order_id: int) -> KeptOrder:
        kept = self.kept.get(order_id)
        if kept is None or kept.order.account_id != account_id:
            raise UnknownOrderId(order_id)
        if not kept.order.status.open:
            raise OrderNotOpen(order_id, kept.order.status)
        return kept

    def _open(self, account_id: int | None, symbol: Symbol | None) -> list[KeptOrder]:
        newest: Iterable[KeptOrder] = sorted(self.kept.values(), key=lambda kept: -kept.order.order_id)
        return [
            kept
            for kept in newest
            if kept.order.status.open and account_id in (None, kept.order.account_id) and symbol in (None, kept.symbol)
        ]

    def _check_room(self, new: NewOrders) -> None:
        symbol = new.rules.symbol
        for limit, there in (
            (new.max_of_symbol, self._open(new.account_id, symbol)),
            (new.max_open, self._open(new.account_id, None)),
        ):
            if len(there) + len(new.orders) > limit:
                raise TooManyOrders(limit)

    def _touch(self, order_id: int) -> None:
        self._changed[order_id] = next(self._marks)

    def _check_up(self) -> None:
        if self.down:
            raise DatabaseUnavailable

    def _answered(self, command: LedgerCommand) -> object | None:
        self._check_up()
        body, answer = self.answers.get(command.command_id, (command.body, None))
        if body != command.body:
            raise IdempotencyKeyReused(command.command_id)
        return answer

    def _answer(self, command: LedgerCommand, answer: T) -> T:
        self.answers[command.command_id] = (command.body, answer)
        return answer


def _fits(booked: BookedEffect, order: OpenOrder) -> bool:
    """True if the order has the version that the effect names; what follows from its list needs none."""
    effect = booked.effect
    follows = isinstance(effect, Activated) or (isinstance(effect, Expired) and effect.reason is EndReason.LIST)
    return follows or order.version == booked.version
