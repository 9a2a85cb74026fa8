"""Slow, obvious model of the matching of open orders: every event looks at every order. Shares no code with it."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from tests.support.naive_paths import at_price, entry_of, next_on_way
from tests.support.naive_rows import Entry, NaiveRules, Row, better, cost, down, earlier, row_of, up
from trading.orders.effects import (
    Activated,
    BestQuote,
    Expired,
    Filled,
    FillRule,
    MarketEvent,
    MarketTrade,
    OrderEffect,
    Triggered,
)
from trading.orders.open_orders import EndReason, ListRole, OpenOrder, OrderStatus
from trading.orders.types import Fill

WINDOW_MS = 30_000


@dataclass
class NaiveOrders(NaiveRules):
    """Counterpart of `SymbolOrders`."""

    rows: dict[int, Row] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    out: list[OrderEffect] = field(default_factory=list)
    decided: dict[int, tuple[int, int]] = field(default_factory=dict)
    worked: dict[int, tuple[Row, int]] = field(default_factory=dict)
    scope: set[int] | None = None  # being added: what they do to others of their lists follows
    shown: dict[tuple[bool, Decimal], int] = field(default_factory=dict)
    """When a quote last changed what is ahead of an order, by side and limit."""
    entry: Entry = field(default_factory=lambda: Entry(MarketTrade(-1, Decimal(1))))

    # --- commands

    def take(self, event: MarketEvent) -> list[OrderEffect]:
        if any(event.time < each.time for each in earlier(event, [each.event for each in self.entries])):
            return []
        entry = entry_of(event, self.entries[-1] if self.entries else Entry(event))
        self.entries.append(entry)
        return self.run([entry], list(self.rows))

    def put(self, *orders: OpenOrder) -> list[OrderEffect]:
        new = []
        for order in orders:
            row = self.rows.get(order.order_id)
            if row is not None and order.version <= row.given.version + row.versions:
                continue
            if row is not None and (row.given.priority, row.given.limit_price) == (order.priority, order.limit_price):
                row.given, row.versions = replace(order, limit_price=order.limit_price), 0
                row.quantity, row.filled = order.quantity, order.filled
                row.money = order.hold.amount if order.hold else None
                continue
            self.rows[order.order_id] = row_of(order)
            new.append(order)
        now = max((each.event.time for each in self.entries), default=0)
        shown, self.shown = self.shown, {}
        missed = [each for each in self.entries if each.event.time >= now - WINDOW_MS]
        self.scope = {order.order_id for order in new}
        for order in new:
            self.follow_list(order)
        effects = self.run(missed, [order.order_id for order in new])
        self.scope = None
        for place, time in shown.items():
            self.shown[place] = max(time, self.shown.get(place, time))
        for order in new:
            self.follow_list(order)
        return effects + self.fetch()

    def remove(self, order_id: int) -> None:
        self.rows.pop(order_id, None)
        self.decided = {key: each for key, each in self.decided.items() if each[0] != order_id}
        self.worked = {key: each for key, each in self.worked.items() if each[0].id != order_id}

    # --- events

    def run(self, entries: list[Entry], ids: list[int]) -> list[OrderEffect]:
        for entry in entries:
            self.entry = entry
            rows = [self.rows[i] for i in ids if i in self.rows]
            rows.sort(key=lambda row: (row.given.priority, row.id))
            self.step(entry, rows)
        return self.fetch()

    def step(self, entry: Entry, rows: list[Row]) -> None:
        time = entry.event.time
        dated = [row for row in rows if row.given.terms.expires_at is not None and row.given.terms.expires_at <= time]
        for row in sorted(dated, key=lambda row: (row.given.terms.expires_at, row.id)):
            if self.alive(row):
                self.emit(Expired(row.id, time, EndReason.TIME))
        rows = [row for row in rows if self.alive(row) and row.given.accepted_at < time]
        live = [row for row in rows if row.phase != "pending"]
        if isinstance(entry.event, MarketTrade):
            self.trade(entry, entry.event, live)
        elif entry.quote is not None:
            self.quote(entry, entry.quote, live)

    def trade(self, entry: Entry, trade: MarketTrade, live: list[Row]) -> None:
        if trade.path is not None:
            price, earlier = trade.path.start, set[int]()
            while price != trade.price:
                self.trigger(live, price, trade.time)
                self.take_all(at_price(entry, price), [row for row in live if row.id not in earlier])
                earlier = {row.id for row in live if row.phase == "taking"}
                waiting = [row for row in live if row.phase == "waiting" and self.alive(row)]
                price = next_on_way(self, waiting, price, trade.price)
        resting = [row for row in live if row.phase == "resting"]
        self.trigger(live, trade.price, trade.time)
        resting = [row for row in resting if self.alive(row)]
        if trade.quantity is None:
            for buys in (True, False):
                through = [r for r in resting if r.buys is buys and better(r.buys, r.limit, trade.price)]
                self.share_display(entry, self.by_price(through, trade.price), buys=buys)
            return
        self.share_trade(entry, trade.price, trade.quantity, resting)
        if trade.path is not None:
            self.take_all(entry, live)

    def trigger(self, live: list[Row], price: Decimal, time: int) -> None:
        for row in live:
            if row.phase == "waiting" and self.alive(row) and self.fires(row, price):
                self.emit(Triggered(row.id, time, price))

    def take_all(self, entry: Entry, live: list[Row]) -> None:
        taking = [row for row in live if row.phase == "taking"]
        for row in sorted(taking, key=lambda row: (row.new_from, row.given.priority)):
            if self.alive(row):
                self.take_liquidity(entry, row)

    def share_trade(self, entry: Entry, price: Decimal, quantity: Decimal, resting: list[Row]) -> None:
        through = self.by_price([row for row in resting if better(row.buys, row.limit, price)], price)
        time = entry.event.time
        level = [row for row in resting if row.limit == price and time >= self.shown.get((row.buys, price), time)]
        fills: list[tuple[Row, Decimal, bool, FillRule]] = []
        for row in through + level:
            ahead = Decimal(0)
            if row in level:
                if row.ahead is None:
                    continue
                ahead = row.ahead
            part, short = self.part(row, quantity - entry.taken - ahead)
            if part or short:
                rule = FillRule.QUEUE if row in level else FillRule.TRADE_THROUGH
                fills.append((row, part, short, rule))
                entry.taken += part
        for row in level:
            if row.ahead is not None:
                row.ahead = max(row.ahead - quantity, Decimal(0))
        self.fill(entry, fills)

    def quote(self, entry: Entry, quote: BestQuote, live: list[Row]) -> None:
        for row in live:
            best, size = (quote.bid, quote.bid_size) if row.buys else (quote.ask, quote.ask_size)
            if row.phase == "resting":
                ahead = row.ahead
                if better(row.buys, row.limit, best):
                    ahead = Decimal(0)
                elif row.limit == best and size > 0:
                    ahead = size if ahead is None else min(ahead, size)
                if ahead != row.ahead:
                    row.ahead, self.shown[row.buys, row.limit] = ahead, quote.time
        resting = [row for row in live if row.phase == "resting"]
        self.take_all(entry, live)
        for buys in (True, False):
            bound = quote.ask if buys else quote.bid
            reached = [
                row for row in resting
                if row.buys is buys and self.alive(row) and not better(not buys, row.limit, bound)
            ]  # fmt: skip
            reached = [row for row in reached if row.limit == bound or better(buys, row.limit, bound)]
            self.share_display(entry, self.by_price(reached, bound), buys=buys)

    def share_display(self, entry: Entry, rows: list[Row], *, buys: bool) -> None:
        shown = entry.asks if buys else entry.bids
        if shown is None or entry.quote is None:
            return
        size = entry.quote.ask_size if buys else entry.quote.bid_size
        fills: list[tuple[Row, Decimal, bool, FillRule]] = []
        for row in rows:
            if row.new_from >= shown.since:
                continue
            part, short = self.part(row, size - shown.used)
            if part or short:
                fills.append((row, part, short, FillRule.QUOTE_THROUGH))
                shown.used += part
        self.fill(entry, fills)

    def take_liquidity(self, entry: Entry, row: Row) -> None:  # noqa: C901, PLR0912 - one rule, read from top to bottom
        shown = entry.asks if row.buys else entry.bids
        quote = entry.quote
        assert shown is not None
        assert quote is not None
        size = quote.ask_size if row.buys else quote.bid_size
        worst, skip, wanted, beyond = self.worst(row, shown.price), shown.used, row.left, False
        found: list[Fill] = []
        for multiple in range(20) if size > 0 else ():
            price = self.ladder_price(shown.price, multiple, buys=row.buys)
            if skip >= size:
                skip -= size
                continue
            offered, skip = size - skip, Decimal(0)
            if better(row.buys, price, worst):
                beyond = True
                break
            found.append(Fill(price, min(offered, wanted)))
            wanted -= found[-1].quantity
            if not wanted:
                break
        step = self.step_of(row)
        whole = sum((fill.quantity for fill in found), Decimal(0))
        if wanted:
            whole -= whole % step
        fills, asked = self.cut(found, whole), whole
        short = False
        if row.buys and row.money is not None:
            while up(cost(fills), self.rules.quote_scale) > row.money:
                short = True
                step_down = whole % step or step
                whole -= step_down
                fills = self.cut(found, whole)
        assert asked >= whole
        time = entry.event.time
        if fills:
            shown.used += whole
            mid = (quote.bid + quote.ask) / 2
            self.emit(Filled(row.id, time, tuple(fills), mid, maker=False, rule=FillRule.IMPACT))
        if not self.alive(row):
            return
        if short:
            self.emit(Expired(row.id, time, EndReason.FUNDS))
        elif row.given.limit_price is not None:
            best, displayed = (quote.bid, quote.bid_size) if row.buys else (quote.ask, quote.ask_size)
            row.phase, row.new_from, row.ahead = "resting", time, None
            if better(row.buys, row.limit, best):
                row.ahead = Decimal(0)
            elif row.limit == best and displayed > 0:
                row.ahead = displayed
        elif beyond:
            self.emit(Expired(row.id, time, EndReason.PROTECTION))

    def alive(self, row: Row) -> bool:
        return self.rows.get(row.id) is row

    def fill(self, entry: Entry, fills: list[tuple[Row, Decimal, bool, FillRule]]) -> None:
        for row, part, short, rule in fills:
            mid = row.limit if entry.quote is None else (entry.quote.bid + entry.quote.ask) / 2
            if part:
                fill = (Fill(row.limit, part),)
                self.emit(Filled(row.id, entry.event.time, fill, mid, maker=True, rule=rule))
                row.ahead = Decimal(0)
            if short:
                self.emit(Expired(row.id, entry.event.time, EndReason.FUNDS))

    # --- effects and lists

    def fetch(self) -> list[OrderEffect]:
        out, self.out = self.out, []
        return out

    def emit(self, effect: OrderEffect) -> None:
        row = self.rows[effect.order_id]
        if isinstance(effect, Filled):
            paid = self.price_of(row, list(effect.fills))
            usual = paid == up(cost(list(effect.fills)), self.rules.quote_scale)
            effect = effect if usual else replace(effect, cost=paid)
        self.out.append(effect)
        row.versions += 1
        ends = isinstance(effect, Expired)
        if isinstance(effect, Triggered):
            row.triggered, row.phase, row.new_from = True, "taking", effect.time
        if isinstance(effect, Activated):
            row.quantity, row.status = effect.quantity, OrderStatus.NEW
            row.money = (
                up(row.left * row.given.hold_price, self.rules.quote_scale) if row.given.hold_price else row.left
            )
            row.new_from = max(row.given.accepted_at, effect.time)
            row.given = replace(row.given, accepted_at=row.new_from, priority=2**62)  # behind all that have a place
            row.phase = "taking" if row.given.terms.type.value.startswith("LIMIT") else "waiting"
        if isinstance(effect, Filled):
            self.pay(row, list(effect.fills), effect.cost)
            ends = row.left == 0
        if ends:
            row.status = OrderStatus.EXPIRED if isinstance(effect, Expired) else OrderStatus.FILLED
            del self.rows[row.id]
        place = row.given.place
        if place is None or isinstance(effect, Activated):
            return
        if not (isinstance(effect, Expired) and effect.reason is EndReason.LIST):
            if place.role is ListRole.WORKING:
                if ends:
                    self.worked[place.list_id] = (row, effect.time)
            else:
                self.decided.setdefault(place.list_id, (row.id, effect.time))
        self.follow_list(row.given)

    def pay(self, row: Row, fills: list[Fill], paid: Decimal | None) -> None:
        quantity = sum((fill.quantity for fill in fills), Decimal(0))
        row.filled += quantity
        row.status = OrderStatus.PARTIALLY_FILLED
        if row.money is not None:
            spent = (paid or up(cost(fills), self.rules.quote_scale)) if row.buys else quantity
            price = row.given.hold_price or row.given.limit_price
            need = up(row.left * price, self.rules.quote_scale) if row.buys and price else row.left
            row.money = min(max(row.money - spent, Decimal(0)), need)
        if row.received is not None:
            scale = self.rules.base_scale if row.buys else self.rules.quote_scale
            gross = quantity if row.buys else down(cost(fills), scale)
            row.received += gross - up(gross * row.given.fee_rate, scale)

    def follow_list(self, order: OpenOrder) -> None:
        if order.place is None:
            return
        list_id = order.place.list_id
        mates = sorted(
            (
                row
                for row in self.rows.values()
                if row.given.place
                and row.given.place.list_id == list_id
                and (self.scope is None or row.id in self.scope)
            ),
            key=lambda row: row.id,
        )
        if list_id in self.decided:
            winner, time = self.decided[list_id]
            for row in mates:
                if row.id != winner and row.given.place.role is not ListRole.WORKING and self.alive(row):  # type: ignore[union-attr]
                    self.emit(Expired(row.id, time, EndReason.LIST))
            return
        pending = [row for row in mates if row.status is OrderStatus.PENDING_NEW]
        if list_id in self.worked and pending:
            working, time = self.worked[list_id]
            quantity = self.brought(working, pending) if working.filled else Decimal(0)
            for row in pending:
                if self.alive(row) and row.status is OrderStatus.PENDING_NEW:
                    self.emit(
                        Activated(row.id, time, quantity) if quantity else Expired(row.id, time, EndReason.LIST)
                    )  # fmt: skip
