"""Open orders of one symbol, and what each event of the market does to them. No I/O, no clock of its own.

The rules are those of docs/fills.md. An event costs what it fires plus a logarithm, however many orders rest.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from heapq import heappop, heappush, merge

from core.decimals import EXACT
from pipeline.market import Symbol
from pipeline.rules import SymbolRules
from trading.matching.event_log import Display, EventLog, Logged, LoggedTrade, Market
from trading.matching.market_orders import ImpactLevels, behind, mid_price, tick_of, total
from trading.matching.order_lists import OrderLists
from trading.matching.order_places import OrderPlaces, Where
from trading.matching.resting_orders import queue_at
from trading.matching.sharing import Part, Sharing
from trading.matching.taking import take_from, worst_price
from trading.orders.effects import (
    PROTECTION,
    Activated,
    Expired,
    Filled,
    FillRule,
    MarketEvent,
    MarketTrade,
    OrderEffect,
    Triggered,
)
from trading.orders.holds import after_fills, live_hold
from trading.orders.lifecycle import applied
from trading.orders.open_orders import EndReason, OpenOrder, OrderStatus
from trading.orders.types import Side

REPLAYED_MS = 30_000
"""How far back events are kept for orders whose news comes late."""

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class StateOfOrder:
    """What the events of the market taught about an open order: see `OpenOrder.queue_ahead` and `OpenOrder.extreme`."""

    order_id: int
    queue_ahead: Decimal | None
    extreme: Decimal | None


class SymbolOrders:
    """Open orders of one symbol.

    The owner feeds every event of the market in its order (`take`) and every change of an order that others made
    (`put`, `remove`). It books the effects that these return, in their order. When the store refuses effects of an
    order because the order has ended or changed before (`Applied.gone`), the owner removes the order and the others of
    its list and puts the stored ones.
    """

    def __init__(self, symbol: Symbol, rules: SymbolRules, *, protection: Decimal = PROTECTION) -> None:
        """`protection` is the fraction of its trigger price by which a market order may fill worse."""
        self._symbol = symbol
        self._rules = rules
        self._protection = protection
        self._orders: dict[int, OpenOrder] = {}
        self._places = OrderPlaces()
        self._lists = OrderLists()
        self._log = EventLog(REPLAYED_MS)
        self._market: Market | None = None
        self._time = -1
        self._dates: list[tuple[int, int]] = []
        self._since: dict[int, int] = {}
        self._effects: list[OrderEffect] = []
        self._activated: list[int] = []
        self._reported: dict[int, tuple[Decimal | None, Decimal | None]] = {}
        self._touched: set[int] = set()

    def __len__(self) -> int:
        """Number of open orders, pending ones included."""
        return len(self._orders)

    def get(self, order_id: int) -> OpenOrder | None:
        """Returns the order as it is after all effects so far, with its present queue and extreme, or None."""
        order = self._orders.get(order_id)
        return None if order is None else self._places.with_state(order)

    def set_rules(self, rules: SymbolRules) -> None:
        """Replaces the exchange's rules of the symbol."""
        self._rules = rules

    def put(self, *orders: OpenOrder) -> list[OrderEffect]:
        """Adds orders, or replaces those known by later versions of them, and returns the effects of the events of the
        last 30 s that they missed: those later than `accepted_at`, for what is left of their traded sizes and displays.

        The orders of a list are put together. A version that is not later than the known one changes nothing: it is the
        echo of this object's own effects. A later version with the same `priority` and prices kept its place: its queue
        and extreme stay, and nothing is replayed. An order that is not open is removed.
        """
        new: list[OpenOrder] = []
        for order in orders:
            known = self._orders.get(order.order_id)
            if not order.status.open:
                self.remove(order.order_id)
            elif known is None:
                new.append(order)
            elif order.version > known.version:
                if _keeps_place(order, known):
                    self._orders[order.order_id] = order
                else:
                    self._drop(order.order_id)
                    new.append(order)
        lists = sorted({order.place.list_id for order in new if order.place is not None})
        self._replay(new, lists)
        for list_id in lists:
            self._settle(list_id)
        self._go_live()
        return self._taken_effects()

    def remove(self, order_id: int) -> None:
        """Forgets an order that ended elsewhere, or whose effects were not written; unknown ones are ignored. Its list
        has no effects here: whoever ended the order ended the others of the list too.
        """
        self._lists.forget(order_id)
        if order_id in self._orders:
            self._drop(order_id)

    def take(self, event: MarketEvent) -> list[OrderEffect]:
        """Applies an event and returns its effects, in the order in which they are to be booked. Events older than the
        last one are ignored.
        """
        if event.time < self._time:
            return []
        self._apply(self._log.add(event))
        return self._taken_effects()

    def states(self) -> list[StateOfOrder]:
        """Returns the states that changed since the last call, by order. The caller writes them with its position."""
        self._touched.update(self._places.changed())
        found: list[StateOfOrder] = []
        for order_id in sorted(self._touched):
            order = self.get(order_id)
            if order is not None and self._reported.get(order_id) != (order.queue_ahead, order.extreme):
                self._reported[order_id] = (order.queue_ahead, order.extreme)
                found.append(StateOfOrder(order_id, order.queue_ahead, order.extreme))
        self._touched.clear()
        return found

    def _taken_effects(self) -> list[OrderEffect]:
        effects, self._effects = self._effects, []
        return effects

    # --- orders come and go

    def _replay(self, new: list[OpenOrder], lists: list[int]) -> None:
        """Adds orders. What they missed is applied to them alone, and then they join the others."""
        for order in new:
            self._reported[order.order_id] = (order.queue_ahead, order.extreme)
        market, missed = self._log.since(min((order.accepted_at for order in new), default=self._time))
        if not missed:
            for order in new:
                self._insert(order)
            return
        late = SymbolOrders(self._symbol, self._rules, protection=self._protection)
        late._market = market
        late._lists.adopt(self._lists, lists)
        for order in new:
            late._insert(order)
        for list_id in lists:
            late._settle(list_id)
        for logged in missed:
            late._apply(logged)
        self._effects += late._effects
        self._lists.adopt(late._lists, lists)
        self._since.update(late._since)
        for order_id in dict.fromkeys((*late._places.taking(), *late._orders)):
            self._insert(late._places.with_state(late._orders[order_id]), late._places.where(order_id))
            self._touched.add(order_id)

    def _insert(self, order: OpenOrder, where: Where | None = None) -> None:
        self._orders[order.order_id] = order
        self._since.setdefault(order.order_id, order.accepted_at)
        self._lists.add(order)
        if order.terms.expires_at is not None:
            heappush(self._dates, (order.terms.expires_at, order.order_id))
        if where is None:
            where = Where.PENDING if order.status is OrderStatus.PENDING_NEW else Where.STARTING
        self._places.put(order, where)

    def _drop(self, order_id: int) -> None:
        order = self._orders.pop(order_id)
        self._places.lift(order)
        self._lists.discard(order)
        self._since.pop(order_id, None)
        self._reported.pop(order_id, None)

    def _move(self, order: OpenOrder, where: Where | None = None) -> None:
        self._places.lift(self._orders[order.order_id])
        self._orders[order.order_id] = order
        self._places.put(order, where)
        self._touched.add(order.order_id)

    # --- one event

    def _apply(self, logged: Logged) -> None:
        event = logged.event
        self._time = event.time
        for order_id in self._places.starting_before(event.time):
            if self._orders[order_id].accepted_at < event.time:
                self._places.put(self._orders[order_id])
        self._expire(event.time)
        if isinstance(logged, LoggedTrade):
            self._trigger(logged.event)
            if logged.event.quantity is None:
                self._match_unsized(logged.event)
            else:
                self._match_sized(logged, logged.event.quantity)
        else:
            self._market = logged.market
            if logged.market is not None:
                self._match_quote(logged.market)
        self._go_live()

    def _expire(self, time: int) -> None:
        while self._dates and self._dates[0][0] <= time:
            expires_at, order_id = heappop(self._dates)
            order = self._orders.get(order_id)
            if order is not None and order.terms.expires_at == expires_at:
                self._emit(Expired(order_id, time, EndReason.TIME))

    def _trigger(self, trade: MarketTrade) -> None:
        triggered = self._places.follow(trade.price)
        reached = [self._orders[each] for each in self._places.stops_reached(trade.price)]
        reached += [self._orders[each] for each in self._places.first_trade()]
        for order in reached:
            if order.terms.trailing_delta is None:
                triggered[order.order_id] = order.extreme
            else:
                self._move(replace(order, extreme=trade.price), Where.TRAILING)
        for order_id in sorted(triggered, key=lambda each: (self._orders[each].priority, each)):
            if order_id in self._orders:
                self._orders[order_id] = replace(self._orders[order_id], extreme=triggered[order_id])
                self._emit(Triggered(order_id, trade.time, trade.price))

    def _match_sized(self, logged: LoggedTrade, quantity: Decimal) -> None:
        price, shared = logged.event.price, Sharing(EXACT.subtract(quantity, logged.taken), self._rules)
        for order in self._in_order(*(side.beyond(price) for side in self._places.sides)):
            if shared.exhausted:
                break
            shared.give(order, FillRule.TRADE_THROUGH)
        reached = [(side, found) for side in self._places.sides if (found := side.trade(price, quantity))]
        for turn in merge(*(found.turns() for _, found in reached), key=lambda each: (each.priority, each.order_id)):
            if shared.exhausted:
                break
            shared.give(self._orders[turn.order_id], FillRule.QUEUE, turn.ahead)
        for side, found in reached:
            side.settle(found)
        logged.taken = EXACT.subtract(quantity, shared.left)
        self._fill(shared.parts, logged.event)

    def _match_unsized(self, trade: MarketTrade) -> None:
        if self._market is not None:
            for side in (Side.BUY, Side.SELL):
                display, size = self._market.opposite(side)
                orders = self._in_order(self._places.resting[side].beyond(trade.price))
                self._match_display(orders, display, size, trade)

    def _match_quote(self, market: Market) -> None:
        for side in (Side.BUY, Side.SELL):
            self._places.resting[side].show(*market.own(side))
        for order_id in self._places.taking():
            if order_id in self._orders:
                self._take(self._orders[order_id], market)
        for side in (Side.BUY, Side.SELL):
            display, size = market.opposite(side)
            orders = self._in_order(self._places.resting[side].beyond(display.price, at=True))
            self._match_display(orders, display, size, market.quote)

    def _match_display(self, orders: Iterator[OpenOrder], display: Display, size: Decimal, event: MarketEvent) -> None:
        """Fills orders that the display has reached since they were accepted, each at its limit."""
        shared = Sharing(EXACT.subtract(size, display.used), self._rules)
        for order in orders:
            if shared.exhausted:
                break
            if self._since[order.order_id] < display.since:
                shared.give(order, FillRule.QUOTE_THROUGH)
        if shared.parts:
            display.used = EXACT.subtract(size, shared.left)
            self._fill(shared.parts, event)

    def _take(self, order: OpenOrder, market: Market) -> None:
        """Lets a triggered order take the displayed liquidity. A limit order rests with what is left of it."""
        display, size = market.opposite(order.terms.side)
        if size <= 0:
            return
        ladder = behind(ImpactLevels(order.terms.side, display.price, size, tick_of(self._rules)), display.used)
        taken = take_from(ladder, order, worst_price(order, self._protection), self._rules)
        time = market.quote.time
        if taken.fills:
            display.used = EXACT.add(display.used, total(taken.fills))
            mid = mid_price(market.quote.bid, market.quote.ask)
            self._emit(Filled(order.order_id, time, taken.fills, mid, maker=False, rule=FillRule.IMPACT))
        rest = self._orders.get(order.order_id)
        if rest is None:
            return
        if taken.short:
            self._emit(Expired(order.order_id, time, EndReason.FUNDS))
        elif rest.limit_price is not None:
            best, shown = market.own(order.terms.side)
            self._since[order.order_id] = time
            self._move(
                replace(rest, queue_ahead=queue_at(order.terms.side, rest.limit_price, best, shown)), Where.RESTING
            )
        elif taken.beyond:
            self._emit(Expired(order.order_id, time, EndReason.PROTECTION))

    def _in_order(self, *found: Iterable[tuple[Decimal, int, int]]) -> Iterator[OpenOrder]:
        """Yields the orders of both sides, the best limit (furthest from the price) first, then by priority."""
        for _, _, order_id in merge(*found, key=lambda each: (each[0].copy_negate(), each[1], each[2])):
            yield self._orders[order_id]

    def _fill(self, parts: list[Part], event: MarketEvent) -> None:
        quote = None if self._market is None else self._market.quote
        for part in parts:
            if part.fill is not None:
                mid = part.fill.price if quote is None else mid_price(quote.bid, quote.ask)
                fills = (part.fill,)
                self._emit(Filled(part.order_id, event.time, fills, mid, maker=True, rule=part.rule))
            if part.short:
                self._emit(Expired(part.order_id, event.time, EndReason.FUNDS))

    # --- effects

    def _emit(self, effect: OrderEffect) -> None:
        """Applies an effect to its order and to the others of its list."""
        order = self._orders[effect.order_id]
        after = applied(order, effect)
        self._effects.append(effect)
        if isinstance(effect, Filled):
            after = after_fills(after, effect.fills, self._rules)
        if isinstance(effect, Activated):
            after = replace(after, hold=live_hold(after, 0, self._rules))
            self._activated.append(effect.order_id)
        if not after.status.open:
            self._drop(effect.order_id)
        elif isinstance(effect, Triggered):
            self._move(after, Where.TAKING)
        else:
            self._orders[effect.order_id] = after
            if isinstance(effect, Filled):
                self._places.advance(after)
        self._lists.record(after, effect)
        if after.place is not None:
            self._settle(after.place.list_id)

    def _settle(self, list_id: int) -> None:
        for effect in self._lists.due(list_id, self._orders, self._rules):
            order = self._orders.get(effect.order_id)
            if order is not None and (order.status is OrderStatus.PENDING_NEW or not isinstance(effect, Activated)):
                self._emit(effect)

    def _go_live(self) -> None:
        """Lets activated orders begin with the next event: the one that filled the working order is used."""
        for order_id in self._activated:
            if order_id in self._orders:
                order = self._orders[order_id]
                self._move(order, None if order.terms.type.waits else Where.TAKING)
        self._activated.clear()


def _keeps_place(order: OpenOrder, known: OpenOrder) -> bool:
    """True if a later version of an order only has another quantity or hold."""
    pending = OrderStatus.PENDING_NEW
    before = (known.priority, known.limit_price, known.stop_price, known.triggered, known.status is pending)
    return before == (order.priority, order.limit_price, order.stop_price, order.triggered, order.status is pending)
