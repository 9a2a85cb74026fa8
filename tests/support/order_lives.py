"""Random lives of open orders: commands and market events, played to `SymbolOrders` and to the naive model."""
# ruff: noqa: PLR0917 - the five numbers of an action

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from pipeline.market import Symbol
from pipeline.rules import LotSize, SymbolRules
from tests.support.naive_orders import NaiveOrders
from trading.matching.symbol_orders import SymbolOrders
from trading.orders.effects import PROTECTION, BestQuote, MarketTrade, OrderEffect, PathStep
from trading.orders.holds import hold_price_of, need_of
from trading.orders.open_orders import Hold, ListKind, ListPlace, ListRole, OpenOrder, OrderStatus
from trading.orders.terms import OrderTerms, OrderType, TimeInForce
from trading.orders.types import Side

SYMBOL = Symbol("AAAUSDC")
RULES = SymbolRules(
    SYMBOL, "AAA", "USDC", base_scale=3, quote_scale=2, tick_size=Decimal("0.01"),
    lot=LotSize(Decimal("0.1"), Decimal(1000), Decimal("0.1")),
    market_lot=LotSize(Decimal("0.5"), Decimal(1000), Decimal("0.5")),
)  # fmt: skip
FEE = Decimal("0.001")
TYPES = tuple(OrderType)

Action = tuple[int, int, int, int, int, int]
"""Kind, and five numbers whose meaning depends on it."""

LATE = (*(0,) * 18, 1, 5, 5, 150, 900, 5_000)
"""By how much an event is older than it arrives, ms."""

_number = st.integers(0, 99)
ACTIONS = st.lists(st.tuples(st.integers(0, 19), _number, _number, _number, _number, _number), max_size=100)


class Life:
    """Plays one life to both and compares them after every action."""

    def __init__(self) -> None:
        self.real = SymbolOrders(SYMBOL, RULES)
        self.naive = NaiveOrders(RULES, PROTECTION)
        self.time = 100_000
        self.next_id = 1
        self.middle = 100
        self.effects: list[OrderEffect] = []
        self.states: dict[int, tuple[Decimal | None, Decimal | None]] = {}

    def play(self, actions: list[Action]) -> None:
        for action in actions:
            self.act(*action)
            self.compare()

    def act(self, kind: int, a: int, b: int, c: int, d: int, e: int) -> None:
        if kind <= 3:
            self.quote(a, b, c, d, e)
        elif kind <= 7:
            self.trade(a, b, c, d)
        elif kind == 8:
            self.travel(a, b, c, d, e)
        elif kind <= 12:
            self.put(self.order(TYPES[a % 6], a // 6 % 2, b, c, d, e))
        elif kind == 13:
            self.pair(a, b, c, d, e)
        elif kind <= 15:
            self.bracket(a, b, c, d, e)
        elif kind == 16:
            self.amend_quantity(a, b)
        elif kind == 17:
            self.amend_price(a, b)
        elif kind == 18:
            self.cancel(a)
        else:
            self.repeat(a, b)

    def pass_time(self, steps: int) -> None:
        self.time += (0, 0, 1, 200, 1_000, 9_000)[steps % 6]

    def size(self, number: int) -> Decimal:
        return Decimal(number % 50) / 10 if number % 7 else Decimal(number) / 20

    def price(self, number: int, spread: int = 7) -> Decimal:
        return Decimal(self.middle + number % (2 * spread + 1) - spread)

    def quote(self, a: int, b: int, c: int, d: int, e: int) -> None:
        self.pass_time(e)
        self.middle = max(60, min(150, self.middle + (-4, -1, -1, 0, 0, 0, 0, 1, 1, 4)[a % 10]))
        bid = self.middle - b % 3
        ask = bid + (-1 if a == 99 else c % 3)
        both = Decimal(bid), self.size(d), Decimal(ask), self.size(d * 3 + c)
        self.feed(BestQuote(self.time - LATE[e % 24], *both))

    def trade(self, a: int, b: int, c: int, d: int) -> None:
        self.pass_time(b)
        quantity = None if c % 4 == 0 else self.size(c) + Decimal("0.1")
        price = self.price(a, 2 + d % 6) + (Decimal(b) / 100 if d % 5 == 0 else 0)
        following = [row for row in self.naive.rows.values() if row.extreme is not None and not row.triggered]
        if d % 7 == 0 and following:
            price = self.naive.trailing_trigger(following[a % len(following)])
        self.feed(MarketTrade(self.time - LATE[(a + b) % 24], price, quantity))

    def travel(self, a: int, b: int, c: int, d: int, e: int) -> None:
        """The price goes along the path of a candle, or leaps on it."""
        self.pass_time(b)
        start, end = self.price(a, 6), self.price(d, 6) + Decimal(e % 3) / 100
        spread = Decimal("0.005") if e % 4 == 0 else Decimal(0)
        shown = self.size(c + e) / (1 if a % 2 else 50)  # so little that an order that is triggered waits for more
        step = PathStep(end if c % 5 == 0 else start, shown, spread, Decimal("0.01"))
        self.feed(MarketTrade(self.time - LATE[(a + b) % 24], end, self.size(c) + Decimal("0.1"), step))

    def order(self, kind: OrderType, sells: int, b: int, c: int, d: int, e: int, **place: object) -> OpenOrder:
        side = Side.SELL if sells else Side.BUY
        market = kind in {OrderType.STOP_LOSS, OrderType.TAKE_PROFIT}
        quantity = Decimal(1 + c % 12) / 2 if market else Decimal(1 + c % 60) / 10
        trails = kind.waits and d % 3 == 0
        stop = self.price(d, 5) if kind.waits and not (trails and d % 2) else None
        cents = Decimal(c % 4) / 100 if d % 5 == 0 else Decimal(0)  # x step: finer than the unit of the quote asset
        limit = None if market else self.price(b) + cents
        accepted_at = self.time - (0, 0, 0, 1, 1_200, 35_000)[e % 6]
        terms = OrderTerms(
            SYMBOL, side, kind, quantity, limit, stop, 50 + d * 3 if trails else None,
            TimeInForce.GTD if e % 10 == 9 else TimeInForce.GTC, accepted_at + 5_000 if e % 10 == 9 else None,
        )  # fmt: skip
        price = hold_price_of(terms, Decimal(self.middle))
        asset = "USDC" if side is Side.BUY else "AAA"
        amount = need_of(side, quantity, price, RULES)
        if e % 8 == 7 and side is Side.BUY:
            amount = max(amount - Decimal(d), Decimal("0.01"))
        order_id, self.next_id = self.next_id, self.next_id + 1
        ahead = None if terms.type.waits or e % 3 == 0 else self.size(b + e) if e % 3 == 1 else Decimal(0)
        return OpenOrder(
            order_id, 1, terms, OrderStatus.NEW, 1, accepted_at, quantity, Decimal(0), terms.limit_price,
            Hold(order_id, asset, amount), FEE, order_id, queue_ahead=ahead, hold_price=price, received=Decimal(0),
            **place,  # type: ignore[arg-type]
        )  # fmt: skip

    def pair(self, a: int, b: int, c: int, d: int, e: int) -> None:
        legs = self.legs(a, b, c, d, e, ListKind.OCO, self.next_id)
        self.put(*legs) if a % 5 else [self.put(leg) for leg in legs]

    def legs(self, a: int, b: int, c: int, d: int, e: int, kind: ListKind, list_id: int) -> list[OpenOrder]:
        stop = (OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT)[a // 2 % 2]
        limit = self.order(OrderType.LIMIT, a % 2, b, c, d, e, place=ListPlace(list_id, kind, ListRole.LIMIT))
        other = self.order(stop, a % 2, b + 3, c, d + 1, e, place=ListPlace(list_id, kind, ListRole.STOP))
        quantity = limit.quantity - limit.quantity % Decimal("0.5") or Decimal("0.5")
        return [
            replace(each, quantity=quantity, terms=replace(each.terms, quantity=quantity)) for each in (limit, other)
        ]  # fmt: skip

    def bracket(self, a: int, b: int, c: int, d: int, e: int) -> None:
        list_id = self.next_id
        kind = ListKind.OTOCO if a % 3 else ListKind.OTO
        place = ListPlace(list_id, kind, ListRole.WORKING)
        working = self.order(OrderType.LIMIT, 0, b, c, d, e, place=place)
        legs = [
            replace(each, status=OrderStatus.PENDING_NEW, hold=None, accepted_at=working.accepted_at)
            for each in self.legs(1, b + a, c + a % 4, d, e - e % 10, kind, list_id)
        ]
        members = [working, *(legs if kind is ListKind.OTOCO else legs[:1])]
        self.put(*members) if a % 5 else [self.put(each) for each in members]

    def chosen(self, number: int) -> OpenOrder | None:
        open_orders = sorted(self.naive.rows)
        return self.real.get(open_orders[number % len(open_orders)]) if open_orders else None

    def amend_quantity(self, a: int, b: int) -> None:
        order = self.chosen(a)
        if order is not None:
            quantity = order.filled + order.remaining * (1 + b % 9) / 10
            quantity -= (quantity - order.filled) % Decimal("0.5")
            if order.filled < quantity < order.quantity:
                self.put(replace(order, quantity=quantity, version=order.version + 1))

    def amend_price(self, a: int, b: int) -> None:
        order = self.chosen(a)
        if order is None or order.limit_price is None or order.status is OrderStatus.PENDING_NEW:
            return
        self.next_id += 1
        price = self.price(b)
        if price != order.limit_price:
            self.put(
                replace(
                    order, limit_price=price, version=order.version + 1, priority=self.next_id,
                    accepted_at=self.time, queue_ahead=None,
                )
            )  # fmt: skip

    def cancel(self, a: int) -> None:
        order = self.chosen(a)
        if order is not None:
            self.remove(order)

    def remove(self, order: OpenOrder) -> list[OpenOrder]:
        mates = [order]
        if order.place is not None:
            found = [self.real.get(each) for each in sorted(self.naive.rows)]
            mates = [each for each in found if each and each.place and each.place.list_id == order.place.list_id]
        for each in mates:
            self.real.remove(each.order_id)
            self.naive.remove(each.order_id)
        return mates

    def repeat(self, a: int, b: int) -> None:
        """Repeats news that is known, or reloads an order whose effects were refused."""
        order = self.chosen(a)
        if order is None:
            return
        if b % 2:
            assert self.put(order) == []
        else:
            self.put(*[replace(each, version=each.version + 1, accepted_at=self.time) for each in self.remove(order)])

    def put(self, *orders: OpenOrder) -> list[OrderEffect]:
        for order in orders:
            known = self.real.get(order.order_id)
            if known is None or known.priority != order.priority:
                self.states[order.order_id] = (order.queue_ahead, order.extreme)
        return self.same(self.real.put(*orders), self.naive.put(*orders))

    def feed(self, event: BestQuote | MarketTrade) -> None:
        self.same(self.real.take(event), self.naive.take(event))

    def same(self, real: list[OrderEffect], naive: list[OrderEffect]) -> list[OrderEffect]:
        assert real == naive, f"\nREAL {real}\nNAIVE {naive}"
        self.effects += real
        return real

    def compare(self) -> None:
        """Compares the open orders, and what `states` has told of them."""
        assert len(self.real) == len(self.naive.rows)
        self.states.update({each.order_id: (each.queue_ahead, each.extreme) for each in self.real.states()})
        for row in self.naive.rows.values():
            order = self.real.get(row.id)
            assert order is not None
            known = (order.quantity, order.filled, order.queue_ahead, order.extreme, order.triggered, order.received)
            expected = (row.quantity, row.filled, row.ahead, row.extreme, row.triggered, row.received)
            assert known == expected, f"order {row.id}: {known} and {expected}"
            assert (order.hold.amount if order.hold else None) == row.money
            assert self.states.get(row.id, (order.queue_ahead, order.extreme)) == (row.ahead, row.extreme)
