"""Rows of the naive model of open orders, and the rules for one row."""

from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from pipeline.rules import SymbolRules
from trading.orders.effects import BestQuote, MarketEvent, MarketTrade
from trading.orders.open_orders import OpenOrder, OrderStatus
from trading.orders.types import Fill, Side

FALLING = {("STOP_LOSS", "sell"), ("STOP_LOSS_LIMIT", "sell"), ("TAKE_PROFIT", "buy"), ("TAKE_PROFIT_LIMIT", "buy")}


@dataclass
class Shown:
    """Display of one side at one price."""

    price: Decimal
    since: int
    used: Decimal = Decimal(0)


@dataclass
class Entry:
    """Event, what our orders used of it, and the displays after it (None: no usable quote); for a trade along a path
    also those `along` its way, by price, and the event `before`.
    """

    event: MarketEvent
    taken: Decimal = Decimal(0)
    quote: BestQuote | None = None
    asks: Shown | None = None
    bids: Shown | None = None
    along: "dict[Decimal, Entry]" = field(default_factory=dict)
    before: "Entry | None" = None


@dataclass
class Row:
    """One order. `phase` is pending, waiting, taking or resting."""

    id: int
    buys: bool
    given: OpenOrder
    status: OrderStatus
    quantity: Decimal
    filled: Decimal
    money: Decimal | None
    received: Decimal | None
    ahead: Decimal | None
    extreme: Decimal | None
    triggered: bool
    phase: str
    new_from: int
    versions: int = 0

    @property
    def left(self) -> Decimal:
        return self.quantity - self.filled

    @property
    def limit(self) -> Decimal:
        assert self.given.limit_price is not None
        return self.given.limit_price


@dataclass
class NaiveRules:
    """What one order does at a price."""

    rules: SymbolRules
    protection: Decimal

    def fires(self, row: Row, price: Decimal) -> bool:
        terms = row.given.terms
        falling = (terms.type.value, terms.side.value) in FALLING
        stop = row.given.stop_price
        reached = stop is None or (price <= stop if falling else price >= stop)
        if terms.trailing_delta is None:
            return reached
        if row.extreme is None:
            if reached:
                row.extreme = price
            return False
        row.extreme = min(row.extreme, price) if row.buys else max(row.extreme, price)
        distance = row.extreme * terms.trailing_delta / 10_000
        return price >= row.extreme + distance if row.buys else price <= row.extreme - distance

    def worst(self, row: Row, best: Decimal) -> Decimal:
        if row.given.limit_price is not None:
            return row.given.limit_price
        trigger, delta = row.given.stop_price, row.given.terms.trailing_delta
        if delta is not None:
            trigger = self.trailing_trigger(row)
        assert trigger is not None
        if row.buys:
            return trigger * (1 + self.protection)
        return trigger * (1 - self.protection) if trigger < best else best * (1 - self.protection)

    def trailing_trigger(self, row: Row) -> Decimal:
        delta = row.given.terms.trailing_delta
        assert row.extreme is not None
        assert delta is not None
        return row.extreme * (10_000 + (delta if row.buys else -delta)) / 10_000

    def ladder_price(self, touch: Decimal, multiple: int, *, buys: bool) -> Decimal:
        tick = self.rules.tick_size
        assert tick is not None
        price = touch + touch * 2 * multiple / 10_000 * (1 if buys else -1)
        return (price / tick).to_integral_value(ROUND_CEILING if buys else ROUND_FLOOR) * tick

    def step_of(self, row: Row) -> Decimal:
        lot, market = self.rules.lot, self.rules.market_lot
        assert lot is not None
        assert market is not None
        return lot.step if row.given.limit_price is not None else max(lot.step, market.step)

    def part(self, row: Row, available: Decimal) -> tuple[Decimal, bool]:
        step = self.step_of(row)
        if available < step:
            return Decimal(0), False
        part = row.left if row.left <= available else available - available % step
        paid = part
        while row.buys and row.money is not None and up(paid * row.limit, self.rules.quote_scale) > row.money:
            paid -= paid % step or step
        return paid, paid < part

    def price_of(self, row: Row, fills: list[Fill]) -> Decimal:
        """Rounded up, unless only a cost that is rounded down leaves enough for the rest."""
        worth = cost(fills)
        high, low = up(worth, self.rules.quote_scale), down(worth, self.rules.quote_scale)
        price = row.given.hold_price or row.given.limit_price
        if row.money is None or not row.buys or not price or not low:
            return high
        rest = row.left - sum((fill.quantity for fill in fills), Decimal(0))
        need = up(rest * price, self.rules.quote_scale)
        return low if row.money - high < need <= row.money - low else high

    def by_price(self, rows: list[Row], price: Decimal) -> list[Row]:
        return sorted(rows, key=lambda row: (-abs(row.limit - price), row.given.priority, row.id))

    def brought(self, working: Row, pending: list[Row]) -> Decimal:
        assert working.received is not None
        assert working.buys
        quantity = min(working.received, *(row.quantity for row in pending))
        return quantity - quantity % max(self.step_of(row) for row in pending)

    def cut(self, fills: list[Fill], quantity: Decimal) -> list[Fill]:
        kept: list[Fill] = []
        for fill in fills:
            part = min(fill.quantity, quantity)
            quantity -= part
            if part:
                if kept and kept[-1].price == fill.price:
                    kept[-1] = Fill(fill.price, kept[-1].quantity + part)
                else:
                    kept.append(Fill(fill.price, part))
        return kept


def row_of(order: OpenOrder) -> Row:
    """Row of an order that is new."""
    kind = order.terms.type.value
    phase = "resting"
    if order.status is OrderStatus.PENDING_NEW:
        phase = "pending"
    elif kind not in {"LIMIT", "LIMIT_MAKER"} and not order.triggered:
        phase = "waiting"
    elif order.limit_price is None:
        phase = "taking"
    return Row(
        order.order_id, order.terms.side is Side.BUY, order, order.status, order.quantity, order.filled,
        order.hold.amount if order.hold else None, order.received, order.queue_ahead, order.extreme,
        order.triggered, phase, order.accepted_at,
    )  # fmt: skip


def earlier(event: MarketEvent, events: list[MarketEvent]) -> list[MarketEvent]:
    """Events that an event may not be older than: of its own kind; for a last price, trades as well."""
    if isinstance(event, BestQuote):
        return [each for each in events if isinstance(each, BestQuote)]
    return [each for each in events if isinstance(each, MarketTrade) and (each.quantity or not event.quantity)]


def better(buys: bool, one: Decimal, other: Decimal) -> bool:  # noqa: FBT001
    """True if the first limit has priority over the other."""
    return one > other if buys else one < other


def cost(fills: list[Fill]) -> Decimal:
    return sum((fill.price * fill.quantity for fill in fills), Decimal(0))


def up(amount: Decimal, scale: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-scale), ROUND_CEILING)


def down(amount: Decimal, scale: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-scale), ROUND_FLOOR)
