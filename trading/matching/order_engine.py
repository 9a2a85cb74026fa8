"""Effects of events on the open orders of a symbol, one event after the other. No I/O, no clock of its own.

`SymbolOrders` adds what is late: the events that an order missed before it was known here.
"""

import logging
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from heapq import merge

from core.decimals import EXACT
from pipeline.rules import SymbolRules
from trading.matching.event_log import Display, DisplayedMarket, Logged, LoggedTrade, PathDisplays
from trading.matching.ladders import ImpactLevels, behind, mid_price, tick_of
from trading.matching.market_orders import total
from trading.matching.order_lists import OrderLists
from trading.matching.order_places import OrderPlaces, Where
from trading.matching.order_times import OrderTimes
from trading.matching.resting_orders import queue_at
from trading.matching.sharing import Part, Sharing, filled_by, paid
from trading.matching.taking import take_from, worst_price
from trading.orders.effects import (
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

LATEST = 2**62
"""Priority of orders that went live and have none yet: behind all that have one."""

log = logging.getLogger(__name__)


class OrderEngine:
    """Open orders of one symbol and the effects that have not been fetched yet."""

    def __init__(self, rules: SymbolRules, protection: Decimal) -> None:
        self.rules = rules
        self.protection = protection
        self.market: DisplayedMarket | None = None
        self.orders: dict[int, OpenOrder] = {}
        self.places = OrderPlaces()
        self.lists = OrderLists()
        self.moved: set[int] = set()
        self._effects: list[OrderEffect] = []
        self._entering: set[int] = set()  # went live and take what is displayed before they rest
        self._times = OrderTimes(self.orders)
        self._newest = -1
        self._since: dict[int, int] = {}  # begin: of its triggered life, and of what is new to it

    def effects(self) -> list[OrderEffect]:
        """Returns the effects since the last call, in the order in which they are to be booked."""
        effects, self._effects = self._effects, []
        return effects

    def insert(self, order: OpenOrder, where: Where | None = None, since: int | None = None) -> None:
        """Adds an order that is not known; it begins with the first event after its acceptance, or at `where`."""
        self.orders[order.order_id] = order
        self._since[order.order_id] = order.accepted_at if since is None else since
        self._times.add(order)
        self.lists.add(order)
        if where is None:
            where = Where.PENDING if order.status is OrderStatus.PENDING_NEW else Where.STARTING
        self.places.put(order, where)

    def join(self, late: "OrderEngine", lists: Iterable[int]) -> None:
        """Takes over the orders, effects and lists of another engine."""
        self._effects += late.effects()
        self.lists.adopt(late.lists, lists)
        for side, resting in self.places.resting.items():
            resting.join(late.places.resting[side])
        for order_id in late.orders:
            order = late.places.with_state(late.orders[order_id])
            self.insert(order, late.places.where(order_id), late.displays_since(order_id))
            self.moved.add(order_id)
        self._entering |= late.entering

    @property
    def entering(self) -> set[int]:
        """Orders that went live and have not begun."""
        return self._entering

    def displays_since(self, order_id: int) -> int:
        """Returns the time from which on displays are new to the order; triggered orders take in the order of it."""
        return self._since[order_id]

    def drop(self, order_id: int) -> None:
        """Removes a known order, without effects."""
        order = self.orders.pop(order_id)
        self.places.lift(order)
        self.lists.discard(order)
        del self._since[order_id]
        self._entering.discard(order_id)

    def settle(self, list_id: int) -> None:
        """Applies to the orders of a list what has happened in it."""
        for effect in self.lists.due(list_id, self.orders, self.rules):
            order = self.orders.get(effect.order_id)
            if order is not None and (order.status is OrderStatus.PENDING_NEW or not isinstance(effect, Activated)):
                self._emit(effect)

    def apply(self, logged: Logged) -> None:
        """Applies an event. An older one than the newest so far does not count for the orders accepted since."""
        event = logged.event
        if event.time >= self._newest:
            self._newest = event.time
            self._apply(logged)
            return
        later = [
            (self.places.with_state(order), self.places.where(order.order_id))
            for order in self._started_since(event.time)
        ]
        for order, _ in later:
            self.places.lift(order)
        self._apply(logged)
        for order, where in later:
            if order.order_id in self.orders and order.order_id not in self.places:
                self.places.put(order, where)

    def _started_since(self, time: int) -> list[OpenOrder]:
        """Returns the orders that wait for the market and were accepted at or after `time`."""
        orders = (self.orders[order_id] for order_id in self._times.accepted_since(time))
        waiting = (each for each in orders if each.accepted_at >= time)
        return [each for each in waiting if self.places.where(each.order_id) not in {Where.STARTING, Where.PENDING}]

    def renew(self, order: OpenOrder) -> None:
        """Replaces an order by a version of it that kept its place."""
        self.orders[order.order_id] = order
        self._times.accept(order)
        self.moved.add(order.order_id)

    def _apply(self, logged: Logged) -> None:
        event = logged.event
        for order_id in self.places.starting_before(event.time):
            order = self.orders[order_id]
            if order.accepted_at >= event.time:  # amended since it began to wait
                self.places.put(order, Where.STARTING)
                continue
            self.places.put(order, Where.TAKING if order_id in self._entering else None)
            self._entering.discard(order_id)
        self._expire(event.time)
        if isinstance(logged, LoggedTrade):
            if logged.path is not None:
                self._travel(logged.path, logged.event.price)
            self._trigger(logged.event)
            if logged.event.quantity is None:
                self._match_unsized(logged.event)
            else:
                self._match_sized(logged, logged.event.quantity)
            if logged.path is not None:
                self._take_displayed(logged.path.at(logged.event.price))
        else:
            self.market = logged.market
            if logged.market is not None:
                self._match_quote(logged.market)

    @contextmanager
    def _alone(self, order_id: int, time: int) -> Iterator[None]:
        """Takes a step of one order. If it raises, that order ends with the reason FAULT, and the others go on."""
        try:
            yield
        except Exception:
            log.exception("order %d ends: it cannot be matched", order_id)
            if order_id in self.orders:
                self.drop(order_id)
            self._effects.append(Expired(order_id, time, EndReason.FAULT))

    def _expire(self, time: int) -> None:
        for order_id in self._times.expired(time):
            with self._alone(order_id, time):
                self._emit(Expired(order_id, time, EndReason.TIME))

    def _travel(self, path: PathDisplays, end: Decimal) -> None:
        """Follows the path of a candle to a price. What it triggers on its way takes what is displayed there."""
        price, earlier = path.step.start, set[int]()
        while price != end:
            self._trigger(MarketTrade(path.time, price))
            self._take_displayed(path.at(price), but=earlier)
            earlier = set(self.places.taking())
            price = self.places.next_trigger(price, end, tick_of(self.rules)) or end
        self.market = path.at(end)

    def _trigger(self, trade: MarketTrade) -> None:
        triggered = self.places.follow(trade.price)
        reached = [self.orders[each] for each in self.places.stops_reached(trade.price)]
        reached += [self.orders[each] for each in self.places.first_trade()]
        for order in reached:
            if order.terms.trailing_delta is None:
                triggered[order.order_id] = order.extreme
            else:
                self._move(replace(order, extreme=trade.price), Where.TRAILING)
        for order_id in sorted(triggered, key=lambda each: (self.orders[each].priority, each)):
            if order_id in self.orders:
                self.orders[order_id] = replace(self.orders[order_id], extreme=triggered[order_id])
                with self._alone(order_id, trade.time):
                    self._emit(Triggered(order_id, trade.time, trade.price))

    def _match_sized(self, logged: LoggedTrade, quantity: Decimal) -> None:
        price = logged.event.price
        sides = [side for side in self.places.sides if side.reached(price)]
        if not sides:
            return
        shared = Sharing(EXACT.subtract(quantity, logged.taken), self.rules)
        for order in self._in_order(*(side.beyond(price) for side in sides)):
            if shared.exhausted:
                break
            shared.give(order, FillRule.TRADE_THROUGH)
        reached = [(side, found) for side in sides if (found := side.trade(price, quantity, logged.event.time))]
        for turn in merge(*(found.turns() for _, found in reached), key=lambda each: (each.priority, each.order_id)):
            if shared.exhausted:
                break
            shared.give(self.orders[turn.order_id], FillRule.QUEUE, turn.ahead)
        for side, found in reached:
            side.settle(found)
        logged.taken = EXACT.subtract(quantity, shared.left)
        self._fill(shared.parts, logged.event)

    def _match_unsized(self, trade: MarketTrade) -> None:
        if self.market is not None:
            for side in (Side.BUY, Side.SELL):
                if not self.places.resting[side].reached(trade.price):
                    continue
                display, size = self.market.opposite(side)
                orders = self._in_order(self.places.resting[side].beyond(trade.price))
                self._match_display(orders, display, size, trade)

    def _match_quote(self, market: DisplayedMarket) -> None:
        for side in (Side.BUY, Side.SELL):
            self.places.resting[side].show(*market.own(side), market.quote.time)
        self._take_displayed(market)
        for side in (Side.BUY, Side.SELL):
            display, size = market.opposite(side)
            if not self.places.resting[side].reached(display.price):
                continue
            orders = self._in_order(self.places.resting[side].beyond(display.price, at=True))
            self._match_display(orders, display, size, market.quote)

    def _match_display(self, orders: Iterator[OpenOrder], display: Display, size: Decimal, event: MarketEvent) -> None:
        """Fills orders that the display has reached since they were accepted, each at its limit."""
        shared = Sharing(EXACT.subtract(size, display.used), self.rules)
        for order in orders:
            if shared.exhausted:
                break
            if self._since[order.order_id] < display.since:
                shared.give(order, FillRule.QUOTE_THROUGH)
        if shared.parts:
            begun, display.used = display.used, EXACT.subtract(size, shared.left)
            self._fill(shared.parts, event, display, begun)

    def _take_displayed(self, market: DisplayedMarket, *, but: Container[int] = ()) -> None:
        """Lets the triggered orders take liquidity, in the order of their triggers."""
        taking = [each for each in self.places.taking() if each not in but]
        for order_id in sorted(taking, key=lambda each: (self._since[each], self.orders[each].priority, each)):
            if order_id in self.orders:
                with self._alone(order_id, market.quote.time):
                    self._take(self.orders[order_id], market)

    def _take(self, order: OpenOrder, market: DisplayedMarket) -> None:
        """Lets a triggered order take what is displayed, if anything is. The rest of a limit order rests."""
        display, size = market.opposite(order.terms.side)
        if size <= 0 and order.limit_price is None:
            return
        ladder = behind(ImpactLevels(order.terms.side, display.price, size, tick_of(self.rules)), display.used)
        taken = take_from(ladder, order, worst_price(order, display.price, self.protection), self.rules)
        time = market.quote.time
        if taken.fills:
            part = display.part(market.quote, display.used, total(taken.fills))
            display.used = EXACT.add(display.used, part.quantity)
            mid, rule = mid_price(market.quote.bid, market.quote.ask), FillRule.IMPACT
            self._emit(Filled(order.order_id, time, taken.fills, mid, maker=False, rule=rule, display=part))
        rest = self.orders.get(order.order_id)
        if rest is None:
            return
        if taken.short:
            self._emit(Expired(order.order_id, time, EndReason.FUNDS))
        elif rest.limit_price is not None:
            self._since[order.order_id] = time
            ahead = queue_at(rest.terms.side, rest.limit_price, *market.own(rest.terms.side))
            self._move(replace(rest, queue_ahead=ahead), Where.RESTING)
        elif taken.beyond:
            self._emit(Expired(order.order_id, time, EndReason.PROTECTION))

    def _in_order(self, *found: Iterable[tuple[Decimal, int, int]]) -> Iterator[OpenOrder]:
        """Yields the orders of both sides, the best limit (furthest from the price) first, then by priority."""
        for _, _, order_id in merge(*found, key=lambda each: (each[0].copy_negate(), each[1], each[2])):
            yield self.orders[order_id]

    def _fill(
        self, parts: list[Part], event: MarketEvent, display: Display | None = None, begun: Decimal = Decimal(0)
    ) -> None:
        """Fills orders by parts of a trade, or of a display behind the first `begun` of it."""
        quote = None if self.market is None else self.market.quote
        for part in parts:
            with self._alone(part.order_id, event.time):
                if (filled := filled_by(part, event.time, quote, display, begun)) is not None:
                    self._emit(filled)
                if part.short:
                    self._emit(Expired(part.order_id, event.time, EndReason.FUNDS))

    def _emit(self, effect: OrderEffect) -> None:
        """Applies an effect to its order and to the others of its list."""
        order = self.orders[effect.order_id]
        after = applied(order, effect)
        if isinstance(effect, Filled):
            effect = paid(after, effect, self.rules)
            after = after_fills(after, effect.fills, self.rules)
        self._effects.append(effect)
        if isinstance(effect, Activated):
            begins = max(order.accepted_at, effect.time)
            hold = live_hold(after, 0, self.rules)
            after = replace(after, hold=hold, accepted_at=begins, priority=LATEST)
        if not after.status.open:
            self.drop(effect.order_id)
        elif isinstance(effect, Triggered):
            self._since[effect.order_id] = effect.time
            self._move(after, Where.TAKING)
        elif isinstance(effect, Activated):
            self._go_live(after)
        else:
            self.orders[effect.order_id] = after
            if isinstance(effect, Filled):
                self.places.advance(after)
        self.lists.record(after, effect)
        if after.place is not None and not isinstance(effect, Activated):
            self.settle(after.place.list_id)

    def _go_live(self, order: OpenOrder) -> None:
        """Lets an order of a list begin with the first event later than the one that filled the working order."""
        self._move(order, Where.STARTING)
        self._times.accept(order)
        self._since[order.order_id] = order.accepted_at
        if not order.terms.type.waits:
            self._entering.add(order.order_id)

    def _move(self, order: OpenOrder, where: Where | None = None) -> None:
        self.places.lift(self.orders[order.order_id])
        self.orders[order.order_id] = order
        self.places.put(order, where)
        self.moved.add(order.order_id)
