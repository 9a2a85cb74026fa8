"""Open orders of the partitions that one worker owns, and what frames do to them. No I/O, no clock of its own.

A symbol without open orders costs a look-up in a dictionary and a copy per tick. Frames of the last 30 s are kept, so
that the first order of a symbol finds what happened before the news of it arrived.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import heappop, heappush

from pipeline.bus import Record, partition_of
from pipeline.errors import UnknownSymbol
from pipeline.market import Frame, SourceKind, Symbol, Tick, Trade
from pipeline.rules import SymbolRules
from trading.ledger.order_ports import OpenOrderChanges, OrderState
from trading.matching.executions import execution_of
from trading.matching.symbol_orders import REPLAYED_MS, SymbolOrders
from trading.orders.bookings import BookedEffect
from trading.orders.effects import Expired, Filled, OrderEffect
from trading.orders.open_orders import EndReason, OpenOrder
from trading.workers.market_events import MarketEvents
from trading.workers.recent_frames import KEPT_EVENTS, RecentFrames

LATE_MS = 5_000
"""Time by which an event may come later than a frame that is newer: an order whose date has passed waits so long for
events from before its date, unless its own symbol has a later one."""

SPARE_DATES = 64

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Book:
    """Open orders of one symbol, and the reader of its events. `idle_since` is set while it has no order."""

    orders: SymbolOrders
    events: MarketEvents
    rules: SymbolRules
    partition: int
    idle_since: int | None = None


@dataclass(slots=True)
class _Known:
    """Open order as it was put last. `version` is that after all effects so far."""

    order: OpenOrder
    version: int


class MatchedOrders:
    """Open orders by symbol. Every effect that it returns must be reported as written or refused (`settle`)."""

    def __init__(self, partitions: int, rules: Callable[[Symbol], SymbolRules], source: SourceKind) -> None:
        """`partitions` is the number of partitions of the bus; `rules` raises UnknownSymbol."""
        self._partitions = partitions
        self._rules = rules
        self._source = source
        self.own(())

    def own(self, partitions: Iterable[int]) -> None:
        """Forgets everything and continues with these partitions."""
        owned = frozenset(partitions)
        self._recent = {number: RecentFrames(KEPT_EVENTS // len(owned)) for number in owned}
        self._dated: dict[int, list[tuple[int, int]]] = {number: [] for number in self._recent}
        self._books: dict[Symbol, _Book] = {}
        self._known: dict[int, _Known] = {}
        self._unwritten: Counter[int] = Counter()
        self._ended: dict[int, OpenOrder] = {}
        self._unlisted: dict[int, OpenOrder] = {}
        self._touched: set[Symbol] = set()
        self._aside: dict[int, int] = {}
        self._faulty: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, order_id: int) -> bool:
        return order_id in self._known

    def symbols(self) -> frozenset[Symbol]:
        """Returns the symbols with open orders."""
        return frozenset(symbol for symbol, book in self._books.items() if len(book.orders))

    # -- the market ------------------------------------------------------------------------------

    def take(self, record: Record, now: int) -> list[BookedEffect]:
        """Applies a frame and returns its effects in the order in which they are to be booked. `now` is the time of the
        market's clock, from which the age of prices is measured.
        """
        recent = self._recent.get(record.partition)
        if recent is None:
            return []
        frame = record.frame
        recent.add(frame)
        effects: list[BookedEffect] = []
        trades = self._trades(frame) if frame.trades else {}
        ticks: dict[Symbol, list[Tick]] = {}
        for tick in frame.ticks:
            if tick.symbol in self._books:
                ticks.setdefault(tick.symbol, []).append(tick)
        for symbol, found in ticks.items():
            effects += self._taken(self._books[symbol], trades.pop(symbol, ()), found, now)
        for symbol, alone in trades.items():
            effects += self._taken(self._books[symbol], alone, (), now)
        effects += self._expired(record.partition, frame.time, now)
        return effects

    def _taken(self, book: _Book, trades: Iterable[Trade], ticks: Sequence[Tick], now: int) -> list[BookedEffect]:
        effects: list[BookedEffect] = []
        for event in book.events.read(trades, ticks):
            effects += self._booked(book, book.orders.take(event), now)
        self._note(book)
        return effects

    def _note(self, book: _Book) -> None:
        self._touched.add(book.orders.symbol)

    def _trades(self, frame: Frame) -> dict[Symbol, list[Trade]]:
        found: dict[Symbol, list[Trade]] = {}
        for trade in frame.trades:
            if trade.symbol in self._books:
                found.setdefault(trade.symbol, []).append(trade)
        return found

    def _expired(self, partition: int, time: int, now: int) -> list[BookedEffect]:
        """Expires orders whose date has passed although their symbol has no event. They are in no list."""
        dated, effects = self._dated[partition], list[BookedEffect]()
        while dated and dated[0][0] <= time - LATE_MS:
            order_id = heappop(dated)[1]
            known = self._known.get(order_id)
            if known is not None:
                book = self._books[known.order.terms.symbol]
                book.orders.remove(order_id)
                effects += self._booked(book, [Expired(order_id, time, EndReason.TIME)], now)
        return effects

    def states(self) -> list[OrderState]:
        """Returns what was learned of open orders since the last call. It costs what changed, which may be all orders
        at a price, so it is called once for each write.
        """
        learned: list[OrderState] = []
        for book in (self._books[symbol] for symbol in self._touched if symbol in self._books):
            learned += (
                OrderState(state.order_id, state.queue_ahead, state.extreme, self._known[state.order_id].version)
                for state in book.orders.states()
                if state.order_id in self._known
            )
        self._touched.clear()
        return learned

    # -- news of the store -----------------------------------------------------------------------

    def load(self, changes: OpenOrderChanges, now: int) -> list[BookedEffect]:
        """Applies changes of orders that others made; returns the effects of what changed orders missed. An order with
        unwritten effects stays as it is: if another changed it, the store will refuse them.
        """
        for order_id in changes.ended:
            self._unlisted.pop(order_id, None)
            self._aside.pop(order_id, None)
            self._forget(order_id)
        orders = {**self._unlisted, **{order.order_id: order for order in changes.orders}}
        self._unlisted.clear()
        return self._put((order for order_id, order in orders.items() if order_id not in self._unwritten), now)

    def settle(self, effects: Iterable[BookedEffect]) -> None:
        """Learns that effects are no longer unwritten."""
        for booked in effects:
            order_id = booked.effect.order_id
            self._unwritten[order_id] -= 1
            if self._unwritten[order_id] <= 0:
                del self._unwritten[order_id]
                self._ended.pop(order_id, None)

    def learn(self, booked: BookedEffect, used: Decimal) -> None:
        """Learns that a fill was refused because all of our orders had used `used` of its display."""
        effect, execution = booked.effect, booked.execution
        if isinstance(effect, Filled) and effect.display is not None and execution is not None:
            book = self._books.get(execution.symbol)
            if book is not None:
                book.orders.learn(execution.side, effect.display, used)

    def family(self, order_ids: Iterable[int]) -> frozenset[int]:
        """Returns these orders and the others of their lists."""
        orders = {**self._ended, **{order_id: known.order for order_id, known in self._known.items()}}
        places = (orders[order_id].place for order_id in order_ids if order_id in orders)
        lists = {place.list_id for place in places if place is not None}
        related = (n for n, order in orders.items() if order.place is not None and order.place.list_id in lists)
        return frozenset((*order_ids, *related))

    def restore(self, family: frozenset[int], stored: Iterable[OpenOrder], now: int) -> list[BookedEffect]:
        """Replaces these orders, of which the store has refused effects, by the `stored` ones; returns the effects of
        what those missed. None of their effects may be unwritten.
        """
        self._faulty -= family
        known = [self._known[order_id].order.terms.symbol for order_id in family if order_id in self._known]
        for order_id in family:
            self._forget(order_id)
            for symbol in known:
                self._books[symbol].orders.remove(order_id)  # an order that ended decides nothing in its list any more
        return self._put((order for order in stored if order.order_id in family), now)

    def set_aside(self, versions: Mapping[int, int]) -> None:
        """Leaves orders unmatched while they have these versions: the store rejects what happens to them."""
        self._aside |= versions

    def tidy(self, now: int) -> None:
        """Takes over new rules, and drops the symbols that have had no order for as long as events are kept."""
        for symbol, book in list(self._books.items()):
            if (rules := self._rules_of(symbol)) is not None and rules != book.rules:
                book.rules = rules
                book.orders.set_rules(rules)
            if len(book.orders):
                book.idle_since = None
            elif book.idle_since is None:
                book.idle_since = now
            elif now - book.idle_since > REPLAYED_MS:
                del self._books[symbol]

    def _put(self, orders: Iterable[OpenOrder], now: int) -> list[BookedEffect]:
        effects: list[BookedEffect] = []
        by_symbol: dict[Symbol, list[OpenOrder]] = {}
        for order in orders:
            passed_over = self._aside.get(order.order_id, -1) >= order.version
            if not passed_over and partition_of(order.terms.symbol, self._partitions) in self._recent:
                by_symbol.setdefault(order.terms.symbol, []).append(order)
        for symbol, changed in by_symbol.items():
            book = self._book(symbol)
            if book is None:
                log.warning("the open orders of %s wait: its rules are not known", symbol)
                self._unlisted |= {order.order_id: order for order in changed}
                continue
            for order in changed:
                self._know(order, book.partition)
            effects += self._booked(book, book.orders.put(*changed), now)
            self._note(book)
        return effects

    def _know(self, order: OpenOrder, partition: int) -> None:
        known = self._known.get(order.order_id)
        if known is None or known.version < order.version:
            self._known[order.order_id] = _Known(order, order.version)
        if known is None and order.terms.expires_at is not None:
            self._date(order.terms.expires_at, order.order_id, partition)

    def _date(self, expires_at: int, order_id: int, partition: int) -> None:
        """Notes a date. Those of orders that are no longer open go when they are more than half."""
        heappush(self._dated[partition], (expires_at, order_id))
        if len(self._dated[partition]) > 2 * len(self._known) + SPARE_DATES:
            orders = (known.order for known in self._known.values())
            self._dated[partition] = sorted(
                (order.terms.expires_at, order.order_id)
                for order in orders
                if order.terms.expires_at is not None and self._books[order.terms.symbol].partition == partition
            )

    def _forget(self, order_id: int) -> None:
        known = self._known.pop(order_id, None)
        if known is not None:
            self._books[known.order.terms.symbol].orders.remove(order_id)

    def _book(self, symbol: Symbol) -> _Book | None:
        """Returns the orders of a symbol, which have seen the kept frames. None if the symbol is not known yet."""
        if (book := self._books.get(symbol)) is not None:
            return book
        if (rules := self._rules_of(symbol)) is None:
            return None
        partition = partition_of(symbol, self._partitions)
        book = _Book(SymbolOrders(symbol, rules), MarketEvents(), rules, partition)
        for trades, ticks in self._recent[partition].of(symbol):
            for event in book.events.read(trades, ticks):
                book.orders.take(event)
        self._books[symbol] = book
        return book

    def _rules_of(self, symbol: Symbol) -> SymbolRules | None:
        try:
            return self._rules(symbol)
        except UnknownSymbol:
            return None

    # -- effects ---------------------------------------------------------------------------------

    def _booked(self, book: _Book, effects: Iterable[OrderEffect], now: int) -> list[BookedEffect]:
        booked: list[BookedEffect] = []
        for effect in effects:
            if effect.order_id in self._faulty:
                continue
            known = self._known[effect.order_id]
            execution = None
            if isinstance(effect, Filled):
                age = max(now - effect.time, 0)
                try:
                    execution = execution_of(known.order, effect, book.rules, self._source, age)
                except Exception:
                    log.exception("order %d ends: its fill cannot be booked", effect.order_id)
                    effect = Expired(effect.order_id, effect.time, EndReason.FAULT)  # noqa: PLW2901
            if isinstance(effect, Expired) and effect.reason is EndReason.FAULT:
                self._faulty |= self.family([effect.order_id])
            booked.append(BookedEffect(effect, execution, known.version))
            known.version += 1
            self._unwritten[effect.order_id] += 1
        for order_id in {each.effect.order_id for each in booked}:
            if book.orders.get(order_id) is None:
                self._ended[order_id] = self._known.pop(order_id).order
        return booked
