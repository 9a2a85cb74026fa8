"""Layout of orders that rest: previews, cards and the list."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.reply import Align, Block, Button, Column, Fields, Table, Text, Tone
from bot.views.buttons import button, rows
from bot.views.far_prices import far_note, far_price
from bot.views.prices import chart_button, price_text, source_note, tick_of
from bot.views.resting_terms import (
    deciding_price,
    delta_words,
    distance,
    falls,
    kind_words,
    life_words,
    list_words,
    price_words,
    role_words,
    term_rows,
    trade_words,
    trailing_row,
    trigger_words,
)
from core.decimals import ROUNDING, down_to_step
from pipeline.market import Symbol
from trading.orders.open_orders import ListKind, ListRole, OrderStatus
from trading.orders.records import OrderEvent, OrderPlan, OrderRecord
from trading.orders.requests import BracketRequest, OcoRequest
from trading.orders.terms import OrderTerms, TimeInForce
from trading.orders.types import Side

SHOWN = 20
"""Most orders of a list."""

_DIGITS = 4
_TENTH_OF_A_PERCENT = Decimal("0.001")
_HUNDREDTH_OF_A_PERCENT = Decimal("0.0001")
_NEAR = Decimal("0.01")
"""Distance from the market from which a tenth of a percent is exact enough."""

# -- previews ----------------------------------------------------------------------------------


def plan_blocks(plan: OrderPlan, ctx: Context) -> tuple[Block, ...]:
    """Returns what the request comes to."""
    base, quote = plan.balances_after
    pair = f"{base.asset}/{quote.asset}"
    title = Text(ctx.text("order-preview-title", kind=_plan_kind(plan, ctx), symbol=pair), Tone.TITLE)
    money = ctx.format.money if plan.hold_asset == quote.asset else ctx.format.amount
    held = ((ctx.text("label-order-holds"), money(plan.hold_amount, plan.hold_asset)),) if plan.hold_amount else ()
    if plan.exit_hold:
        held = ((ctx.text("label-order-holds"), _exits_hold(plan, ctx)),)
    at_once = () if plan.immediate is None else (_at_once(plan, base.asset, ctx),)
    fields = (
        *_plan_rows(plan, base.asset, ctx),
        *at_once,
        *held,
        (
            ctx.text("label-order-available-after", asset=base.asset),
            ctx.format.quantity(base.available, base.asset),
        ),
        (
            ctx.text("label-order-available-after", asset=quote.asset),
            ctx.format.money(quote.available, quote.asset),
        ),
    )
    seconds = Text(ctx.text("order-preview-expires", seconds=ctx.services.settings.preview_seconds), Tone.NOTE)
    return (title, Fields(fields), *_plan_notes(plan, ctx), *source_note(ctx), seconds)


def _exits_hold(plan: OrderPlan, ctx: Context) -> str:
    """Returns what the exits of a bracket hold whose entry fills at once: what the entry brings."""
    base, quote = plan.balances_after
    if plan.terms[0].side is Side.BUY:
        return ctx.format.amount(plan.exit_hold or Decimal(0), base.asset)
    return ctx.format.money(plan.exit_hold, quote.asset)


def _plan_kind(plan: OrderPlan, ctx: Context) -> str:
    match plan.request:
        case OcoRequest():
            return list_words(ListKind.OCO, ctx)
        case BracketRequest():
            return list_words(ListKind.OTOCO, ctx)
        case _:
            return kind_words(plan.terms[0], ctx)


def _plan_rows(plan: OrderPlan, base: str, ctx: Context) -> tuple[tuple[str, str], ...]:
    first, last = plan.terms[0], plan.reference_price
    match plan.request:
        case OcoRequest():
            roles: tuple[ListRole, ...] = (ListRole.LIMIT, ListRole.STOP)
        case BracketRequest():
            roles = (ListRole.WORKING, ListRole.LIMIT, ListRole.STOP)
        case _:
            what = (ctx.text("label-order-trade"), trade_words(first.side, first.quantity, base, ctx))
            life = (ctx.text("label-order-life"), life_words(first, ctx))
            starts = first.trailing_delta is not None and first.stop_price is not None
            begins = ((ctx.text("label-order-follows"), _begins(first, ctx)),) if starts else ()
            return (what, *term_rows(first, first.limit_price, last, ctx), *begins, life)
    legs = zip(roles, plan.terms, strict=True)
    return tuple((role_words(role, ctx), _leg(plan, role, terms, base, ctx)) for role, terms in legs)


def _begins(terms: OrderTerms, ctx: Context) -> str:
    return ctx.text("order-trailing-waits", price=price_text(terms.stop_price, terms.symbol, ctx))


def _leg(plan: OrderPlan, role: ListRole, terms: OrderTerms, base: str, ctx: Context) -> str:
    trade, last = trade_words(terms.side, terms.quantity, base, ctx), plan.reference_price
    if role is ListRole.WORKING and isinstance(plan.request, BracketRequest) and plan.request.entry_price is None:
        return ctx.text("order-entry-market", trade=trade, price=price_text(last, terms.symbol, ctx))
    shown = _price_of_leg(terms, terms.limit_price, last, ctx)
    return ctx.text("order-leg", trade=trade, price=shown)


def _price_of_leg(terms: OrderTerms, limit: Decimal | None, last: Decimal | None, ctx: Context) -> str:
    """Returns the price at which the order is triggered or fills, and its limit after a trigger."""
    if terms.stop_price is None:
        return "" if limit is None else price_words(limit, terms.symbol, last, ctx)
    shown = trigger_words(terms, terms.stop_price, last, ctx)
    if limit is None:
        return shown
    return ctx.text("order-leg-then", price=shown, limit=price_text(limit, terms.symbol, ctx))


def _at_once(plan: OrderPlan, base: str, ctx: Context) -> tuple[str, str]:
    execution = plan.immediate
    assert execution is not None  # noqa: S101 - checked by the caller, for the type checker
    price = price_text(execution.average_price, execution.symbol, ctx)
    said = ctx.text("order-at-once", quantity=ctx.format.quantity(execution.quantity, base), price=price)
    return ctx.text("label-order-at-once"), said


def _plan_notes(plan: OrderPlan, ctx: Context) -> tuple[Text, ...]:
    notes: list[str] = []
    if plan.immediate is None and plan.terms[0].time_in_force is TimeInForce.IOC:
        notes.append("order-nothing-now")
    if isinstance(plan.request, OcoRequest):
        notes.append("order-oco-note")
    if isinstance(plan.request, BracketRequest) and plan.exit_hold is None:
        notes.append("order-pending-note")
    if any(terms.type.waits and terms.limit_price is None for terms in plan.terms):
        notes.append("order-protection-note")
    told = tuple(Text(ctx.text(note), Tone.NOTE) for note in notes)
    far, last = far_price(plan.request, plan.reference_price), plan.reference_price
    if far is None or last is None:
        return told
    return (far_note(far, plan.request.symbol, last, ctx), *told)


# -- cards -------------------------------------------------------------------------------------


def card_blocks(
    order: OrderRecord, partners: Sequence[OrderRecord], last: Decimal | None, ctx: Context
) -> tuple[Block, ...]:
    """Returns the card of an order; `partners` are the other orders of its list, `last` is the last price."""
    title = ctx.text("order-card-title", order_id=str(order.order_id), kind=kind_words(order.terms, ctx))
    return (Text(title, Tone.TITLE), Fields(_card_rows(order, partners, last, ctx)))


def list_blocks(orders: Sequence[OrderRecord], last: Decimal | None, ctx: Context) -> tuple[Block, ...]:
    """Returns the orders of a list that was just placed, a row for each."""
    place = orders[0].place
    kind = ListKind.OCO if place is None else place.kind
    title = f"{list_words(kind, ctx)} · {pair_of(orders[0].terms.symbol, ctx)}"
    rows = tuple(
        (role_words(order.place.role, ctx), _placed_leg(order, last, ctx))
        for order in orders
        if order.place is not None
    )
    held = next((order.hold for order in orders if order.hold is not None), None)
    if held is not None:
        money = ctx.format.money if held.asset == orders[0].quote else ctx.format.amount
        rows = (*rows, (ctx.text("label-order-held"), money(held.amount, held.asset)))
    return (Text(title, Tone.TITLE), Fields(rows))


def _placed_leg(order: OrderRecord, last: Decimal | None, ctx: Context) -> str:
    near = last if order.status.open and order.status is not OrderStatus.PENDING_NEW else None
    if order.status is OrderStatus.FILLED and order.average_price is not None:
        price = price_text(order.average_price, order.terms.symbol, ctx)
    else:
        price = _price_of_leg(order.present, order.limit_price, near, ctx)
    return ctx.text(
        "order-placed-leg",
        order_id=str(order.order_id),
        trade=trade_words(order.terms.side, order.quantity, order.base, ctx),
        price=price,
        status=status_words(order, ctx),
    )


def _card_rows(
    order: OrderRecord, partners: Sequence[OrderRecord], last: Decimal | None, ctx: Context
) -> tuple[tuple[str, str], ...]:
    terms, near = order.present, last if order.status.open else None
    trade = f"{trade_words(terms.side, order.quantity, order.base, ctx)} · {pair_of(terms.symbol, ctx)}"
    money = ctx.format.money if order.hold is not None and order.hold.asset == order.quote else ctx.format.amount
    held = () if order.hold is None else ((ctx.text("label-order-held"), money(order.hold.amount, order.hold.asset)),)
    average: tuple[tuple[str, str], ...] = ()
    if order.average_price is not None:
        shown = f"{price_text(order.average_price, terms.symbol, ctx)} {order.quote}"
        average = ((ctx.text("label-average-price"), shown),)
    return (
        (ctx.text("label-order-trade"), trade),
        *term_rows(terms, order.limit_price, near, ctx),
        *trailing_row(order, ctx),
        (ctx.text("label-order-status"), status_words(order, ctx)),
        (ctx.text("label-order-filled"), filled_words(order, ctx)),
        *average,
        *held,
        (ctx.text("label-order-life"), life_words(terms, ctx)),
        *_list_row(order, partners, ctx),
        (ctx.text("label-order-placed"), ctx.format.moment(order.accepted_at)),
    )


def status_words(order: OrderRecord, ctx: Context) -> str:
    """Returns the status, and why the order ended if it did."""
    waiting = order.triggered and order.status is OrderStatus.NEW
    status = ctx.text("order-status-TRIGGERED" if waiting else f"order-status-{order.status.value}")
    reason = next((event.reason for event in reversed(order.events) if event.reason is not None), None)
    if order.status.open or order.status is OrderStatus.FILLED or reason is None:
        return status
    return ctx.text("order-ended", status=status, reason=ctx.text(f"order-reason-{reason.value}"))


def filled_words(order: OrderRecord, ctx: Context) -> str:
    """Returns what was filled, and what is left."""
    return ctx.text(
        "order-filled",
        filled=ctx.format.amount(order.filled),
        quantity=ctx.format.amount(order.quantity, order.base),
        left=ctx.format.amount(order.quantity - order.filled, order.base),
    )


def _list_row(order: OrderRecord, partners: Sequence[OrderRecord], ctx: Context) -> tuple[tuple[str, str], ...]:
    if order.place is None:
        return ()
    names = [
        ctx.text("order-partner", role=role_words(other.place.role, ctx), order_id=str(other.order_id))
        for other in partners
        if other.place is not None
    ]
    kind = ctx.text(f"order-list-{order.place.kind.value}")
    return ((ctx.text("label-order-list"), ": ".join((kind, ", ".join(names))) if names else kind),)


def card_buttons(order: OrderRecord, ctx: Context) -> tuple[Block, ...]:
    """Returns the buttons of a card: Amend, Cancel and Alert while the order is open, and Chart."""
    number = str(order.order_id)
    change = (
        [
            button(ctx.text("button-order-amend"), "amend", number),
            button(ctx.text("button-order-cancel"), "cancel_order", number),
            None if order.terms.trailing_delta else button(ctx.text("button-order-alert"), "alert_order", number),
        ]
        if order.status.open
        else []
    )
    receipts: list[Button | None] = [
        button(ctx.text("button-receipt", order_id=str(event.execution_id)), "receipt", str(event.execution_id))
        for event in order.events
        if event.execution_id is not None
    ]
    return rows([*change, chart_button(order.terms.symbol, ctx), orders_button(ctx)], receipts[-3:])


def events_table(order: OrderRecord, ctx: Context) -> tuple[Block, ...]:
    """Returns the last events of the order, oldest first; () if there are none."""
    if not order.events:
        return ()
    columns = (
        Column(ctx.text("label-time")),
        Column(ctx.text("label-order-event")),
        Column(ctx.text("label-quantity"), Align.RIGHT),
        Column(ctx.text("label-order-price"), Align.RIGHT),
    )
    return (Table(columns, tuple(_event_row(order, event, ctx) for event in order.events)),)


def _event_row(order: OrderRecord, event: OrderEvent, ctx: Context) -> tuple[str, ...]:
    quantity = "" if event.quantity is None else ctx.format.amount(event.quantity)
    price = "" if event.price is None else price_text(event.price, order.terms.symbol, ctx)
    moment = ctx.format.brief_moment(event.at, ctx.market.now())
    return (moment, ctx.text(f"order-event-{event.kind.value}"), quantity, price)


# -- the list ----------------------------------------------------------------------------------


def orders_table(orders: Sequence[OrderRecord], last: Mapping[Symbol, Decimal], ctx: Context) -> Table:
    """Returns the orders with what is left of each, its price, and the distance of that from the market."""
    columns = (
        Column(ctx.text("label-order-number"), Align.RIGHT),
        Column(ctx.text("label-order-trade")),
        Column(ctx.text("label-order-price"), Align.RIGHT),
        Column(ctx.text("label-order-distance"), Align.RIGHT),
    )
    return Table(columns, tuple(_row(order, last.get(order.terms.symbol), ctx) for order in orders[:SHOWN]))


def _row(order: OrderRecord, last: Decimal | None, ctx: Context) -> tuple[str, ...]:
    trade = f"{ctx.text(f'kind-{order.terms.side.value}')} {ctx.format.amount(_brief_left(order), order.base)}"
    price = deciding_price(order)
    far = None if price is None else distance(price, last)
    return (str(order.order_id), trade, _price_cell(order, price, ctx), _brief_distance(far, ctx))


def _brief_left(order: OrderRecord) -> Decimal:
    """Returns what is left, rounded down to as many digits as fit into the row of a phone; the card has all of them."""
    left = order.quantity - order.filled
    step = Decimal(1).scaleb(min(0, left.adjusted() + 1 - _DIGITS)) if left else Decimal(1)
    return down_to_step(left, step)


def _brief_distance(far: Decimal | None, ctx: Context) -> str:
    if far is None:
        return ctx.format.percent(None)
    step = _TENTH_OF_A_PERCENT if abs(far) >= _NEAR else _HUNDREDTH_OF_A_PERCENT
    rounded = far.quantize(step, context=ROUNDING)
    return f"{'+' if far > 0 else ''}{ctx.format.percent(far if rounded == -1 else rounded)}"


def _price_cell(order: OrderRecord, price: Decimal | None, ctx: Context) -> str:
    """Returns the price for which the order waits: `≤60,000` for a trigger, `70,000` for a limit."""
    terms = order.terms
    if price is None:
        return ctx.text("order-price-trail", distance=delta_words(terms.trailing_delta or 0, ctx))
    waits = terms.type.waits and not order.triggered
    sign = "" if not waits else "≤" if falls(terms) else "≥"
    tick = tick_of(terms.symbol, ctx)
    return f"{sign}{ctx.format.amount(price if tick is None else down_to_step(price, tick))}"


def orders_button(ctx: Context) -> Button | None:
    """Returns a button that lists the open orders."""
    return button(ctx.text("button-orders"), "orders")
