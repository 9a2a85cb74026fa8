"""Open orders: the list, the card of one, changing and cancelling them."""

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

from bot.arguments.bare_sizes import is_doubtful
from bot.arguments.order_prices import NewPrice, NewQuantity
from bot.arguments.order_references import CancelSubject, EveryOrder, OrderNumber, is_order_number
from bot.arguments.plain_words import Number, Token
from bot.arguments.symbols import pair_of, short_name
from bot.context import Context
from bot.errors import MissingArgument
from bot.reply import Block, Button, Fields, Reply, Text, Tone
from bot.views.buttons import ROW, button, rows
from bot.views.far_prices import amended_otherwise, far_amendment, far_note
from bot.views.prices import TOKEN_BYTES, enter, preview_gone, price_text, source_note
from bot.views.resting import (
    SHOWN,
    card_blocks,
    card_buttons,
    events_table,
    orders_button,
    orders_table,
)
from bot.views.resting_terms import last_prices, price_words
from pipeline.errors import MarketUnavailable
from pipeline.market import Symbol
from trading.errors import NoAccount
from trading.order_previews import AmendmentWish
from trading.orders.errors import OrderNotOpen, UnknownOrderId
from trading.orders.open_orders import OrderStatus
from trading.orders.records import OrderRecord
from trading.ports import Account

_BUTTONS = 2 * ROW

# -- the list ----------------------------------------------------------------------------------


async def orders(ctx: Context, symbol: Symbol | None = None) -> Reply:
    """Lists the open orders."""
    account, opened = await enter(ctx)
    found = await ctx.orders.open_orders(account, symbol)
    named = {} if symbol is None else {"symbol": pair_of(symbol, ctx)}
    title = Text(
        ctx.text("orders-title" if symbol is None else "orders-title-symbol", count=len(found), **named), Tone.TITLE
    )
    if not found:
        unit = ctx.quote_asset.lower()
        none = ctx.text("orders-none", unit=unit) if symbol is None else ctx.text("orders-none-symbol", **named)
        buttons = [] if symbol is None else [orders_button(ctx)]
        return Reply((*opened, title, Text(none), *rows(buttons)))
    return Reply((*opened, title, *await _listed(found, ctx), *source_note(ctx), *_list_buttons(found, symbol, ctx)))


async def _listed(found: Sequence[OrderRecord], ctx: Context) -> tuple[Block, ...]:
    """Returns the table of the orders, the orders that are left out of it, and those that wait for another."""
    shown = found[:SHOWN]
    last = await last_prices({order.terms.symbol for order in shown}, ctx)
    more = len(found) - len(shown)
    left_out = (Text(ctx.text("orders-more", count=more), Tone.NOTE),) if more else ()
    waiting = [str(order.order_id) for order in shown if order.status is OrderStatus.PENDING_NEW]
    pending = (Text(ctx.text("orders-pending", orders=", ".join(waiting)), Tone.NOTE),) if waiting else ()
    return (orders_table(shown, last, ctx), *left_out, *pending)


def _list_buttons(found: Sequence[OrderRecord], symbol: Symbol | None, ctx: Context) -> tuple[Block, ...]:
    cards = [
        button(ctx.text("button-order", order_id=str(order.order_id)), "order", str(order.order_id))
        for order in found[:_BUTTONS]
    ]
    of_symbol = () if symbol is None else (short_name(symbol, ctx),)
    refresh = button(ctx.text("button-refresh"), "orders", *of_symbol)
    every = button(ctx.text("button-orders-cancel"), "cancel_orders", *of_symbol) if len(found) > 1 else None
    return rows(cards[:ROW], cards[ROW:], [refresh, every])


# -- one order ---------------------------------------------------------------------------------


async def order(ctx: Context, order: OrderNumber) -> Reply:
    """Shows the card of an order, open or ended, and its events."""
    account, opened = await enter(ctx)
    found = await _found(account, order, ctx)
    return Reply((*opened, *await _card(account, found, ctx), *events_table(found, ctx), *_below(found, ctx)))


async def _found(account: Account, order_id: int, ctx: Context) -> OrderRecord:
    found = await ctx.orders.order(account, order_id)
    if found is None:
        raise UnknownOrderId(order_id)
    return found


async def _card(account: Account, found: OrderRecord, ctx: Context) -> tuple[Block, ...]:
    symbol = found.terms.symbol
    last = (await last_prices({symbol}, ctx)).get(symbol)
    return card_blocks(found, await _partners(account, found, ctx), last, ctx)


async def _partners(account: Account, found: OrderRecord, ctx: Context) -> list[OrderRecord]:
    """Returns the open orders of the order's list."""
    if found.place is None:
        return []
    return [
        other
        for other in reversed(await ctx.orders.open_orders(account, found.terms.symbol))
        if other.place is not None and other.place.list_id == found.place.list_id and other.order_id != found.order_id
    ]


def _below(found: OrderRecord, ctx: Context) -> tuple[Block, ...]:
    return (*source_note(ctx), *card_buttons(found, ctx))


# -- changing ----------------------------------------------------------------------------------


async def amend(
    ctx: Context, order: OrderNumber, price: NewPrice | None = None, quantity: NewQuantity | None = None
) -> Reply:
    """Changes the price or the quantity of an open order, or shows what would change. A price that is far from the
    market is shown to every user first.
    """
    account, opened = await enter(ctx)
    if price is None and quantity is None:
        await _open(account, order, ctx)
        raise MissingArgument("amend", "price")
    wish = AmendmentWish(order, None if price is None else price.wish, None if quantity is None else quantity.amount)
    if not (ctx.person.confirm or is_doubtful(ctx) or await _is_far(account, wish, ctx)):
        changed = await ctx.orders.amend(account, ctx.request_id, order, price=wish.price, quantity=wish.quantity)
        return await amended(account, changed, ctx)
    found = await _open(account, order, ctx)
    after = await ctx.orders.preview_amendment(account, order, price=wish.price, quantity=wish.quantity)
    token = ctx.services.tokens.token_urlsafe(TOKEN_BYTES)
    await ctx.services.previews.save(ctx.person.person_id, token, _settled(wish, after))
    title = Text(ctx.text("amend-title", order_id=str(order)), Tone.TITLE)
    seconds = Text(ctx.text("amend-expires", seconds=ctx.services.settings.preview_seconds), Tone.NOTE)
    confirm = button(ctx.text("button-confirm"), "confirm_order", token)
    last = (await last_prices({found.terms.symbol}, ctx)).get(found.terms.symbol)
    far = far_amendment(found, wish, last)
    doubts = () if far is None or last is None else (far_note(far, found.terms.symbol, last, ctx),)
    otherwise = amended_otherwise(found, wish, last, ctx) if doubts else None
    buttons = rows([confirm, button(ctx.text("button-cancel"), "cancel", token)], [otherwise])
    changes = Fields(_changes(found, after, last, ctx))
    return Reply((*opened, title, changes, *doubts, *source_note(ctx), seconds, *buttons))


async def _is_far(account: Account, wish: AmendmentWish, ctx: Context) -> bool:
    """Returns whether the new price of an open order is far from the market."""
    found = await ctx.orders.order(account, wish.order_id)
    if found is None or not found.status.open:  # refused, or a change that was made before it was filled
        return False
    symbol = found.terms.symbol
    return far_amendment(found, wish, (await last_prices({symbol}, ctx)).get(symbol)) is not None


async def ask_change(ctx: Context, parameter: str) -> tuple[Block, ...]:
    """Returns the card of the order and the question for what should change; empty if the order is missing."""
    number = next(filter(is_order_number, ctx.words), None)
    if parameter != "price" or number is None:
        return ()
    account, _ = await enter(ctx)
    found = await _open(account, int("".join(filter(str.isdigit, number))), ctx)
    return (*await _card(account, found, ctx), Text(ctx.text("amend-ask")))


async def _open(account: Account, order_id: int, ctx: Context) -> OrderRecord:
    found = await _found(account, order_id, ctx)
    if not found.status.open:
        raise OrderNotOpen(order_id, found.status.value)
    return found


def _settled(wish: AmendmentWish, after: OrderRecord) -> AmendmentWish:
    """Returns the wish with the price and the quantity that were shown."""
    price = after.limit_price if after.limit_price is not None else after.present.stop_price
    return AmendmentWish(
        wish.order_id, None if wish.price is None else price, None if wish.quantity is None else after.quantity
    )


def _changes(found: OrderRecord, after: OrderRecord, last: Decimal | None, ctx: Context) -> tuple[tuple[str, str], ...]:
    """Returns the rows of what changes, from the present to the new value; `last` is the last price."""
    terms, now, then, changes = found.terms, found.present, after.present, []
    prices = (
        ("label-order-trigger", now.stop_price, then.stop_price),
        ("label-order-limit", now.limit_price, then.limit_price),
    )
    for label, before, wanted in prices:
        if wanted is not None and before != wanted:
            shown = price_words(wanted, terms.symbol, last, ctx)
            changes.append((label, price_text(before, terms.symbol, ctx), shown))
    if found.quantity != after.quantity:
        now_held = ctx.format.amount(found.quantity)
        changes.append(("label-quantity", now_held, ctx.format.amount(after.quantity, found.base)))
    if found.hold is not None and after.hold is not None and found.hold != after.hold:
        money = ctx.format.money if found.hold.asset == found.quote else ctx.format.amount
        held = money(after.hold.amount, after.hold.asset)
        changes.append(("label-order-held", money(found.hold.amount), held))
    return tuple(
        (ctx.text(label), ctx.text("amend-row", before=before, after=after)) for label, before, after in changes
    )


async def amended(account: Account, changed: OrderRecord, ctx: Context) -> Reply:
    """Returns the answer to a change, with the card of the order."""
    ctx.services.open_orders.forget(ctx.person.person_id)
    said = Text(ctx.text("order-amended", order_id=str(changed.order_id)))
    return Reply((said, *await _card(account, changed, ctx), *_below(changed, ctx)))


# -- cancelling --------------------------------------------------------------------------------


async def cancel(ctx: Context, subject: CancelSubject | None = None, token: Token | None = None) -> Reply:
    """Cancels orders. With the `token` of a button, drops that preview, and confirms this only if it had not been
    confirmed. Alone, reports which question was closed (the adapter has closed it already, as it does for every
    command), drops the previews that wait, or asks which order to cancel.
    """
    if token is not None and ctx.inbound.pressed:
        if not await ctx.services.previews.drop(ctx.person.person_id, token):
            return preview_gone(ctx)
        return Reply((Text(ctx.text("preview-cancelled")),))
    if subject is None:
        return await _which_to_cancel(ctx)
    if not isinstance(subject, EveryOrder):
        return await cancel_order(ctx, Number(subject))
    if ctx.person.confirm or is_doubtful(ctx):
        return await cancel_orders(ctx, subject.symbol)
    account, _ = await enter(ctx)
    return _gone(await ctx.orders.cancel_all(account, ctx.request_id, subject.symbol), ctx)


async def _which_to_cancel(ctx: Context) -> Reply:
    """Returns which question was closed, that previews were dropped, or the open orders with their buttons."""
    if closed := ctx.inbound.closed:
        return Reply((Text(ctx.text("cancel-question", line=closed)),), aside=True)
    with suppress(MarketUnavailable):  # without their store, previews cannot be confirmed either
        if await ctx.services.previews.drop_all(ctx.person.person_id):
            return Reply((Text(ctx.text("preview-cancelled")),), aside=True)
    try:
        found = await ctx.orders.open_orders(await ctx.desk.account(ctx.person.person_id))
    except NoAccount:
        found = ()
    if not found:
        return Reply((Text(ctx.text("cancel-nothing")),), aside=True)
    numbers = [str(order.order_id) for order in found[:_BUTTONS]]
    each = [button(ctx.text("button-cancel-order", order_id=number), "cancel_order", number) for number in numbers]
    every = button(ctx.text("button-orders-cancel"), "cancel_orders") if len(found) > 1 else None
    shown = (Text(ctx.text("cancel-which")), *await _listed(found, ctx), *source_note(ctx))
    return Reply((*shown, *rows(each[:ROW], each[ROW:], [every])))


async def cancel_order(ctx: Context, order_id: Number) -> Reply:
    """Cancels the order and the other orders of its list."""
    account, _ = await enter(ctx)
    return _gone(await ctx.orders.cancel(account, ctx.request_id, order_id), ctx)


async def cancel_orders(ctx: Context, symbol: Symbol | None = None) -> Reply:
    """Shows the orders that would be cancelled, and asks for confirmation."""
    account, _ = await enter(ctx)
    found = await ctx.orders.open_orders(account, symbol)
    if not found:
        return _gone((), ctx)
    count, newest = len(found), str(max(order.order_id for order in found))
    token = ctx.services.tokens.token_urlsafe(TOKEN_BYTES)
    of_symbol = () if symbol is None else (short_name(symbol, ctx),)
    yes = button(ctx.text("button-orders-cancel-now", count=count), "cancel_orders_now", token, newest, *of_symbol)
    keep = button(ctx.text("button-as-it-is"), "orders")
    said = Text(ctx.text("orders-cancel-ask", count=count), Tone.WARNING)
    return Reply((said, *await _listed(found, ctx), *source_note(ctx), *rows([yes, keep])))


async def cancel_orders_now(ctx: Context, token: Token, newest: Number, symbol: Symbol | None = None) -> Reply:
    """Cancels the orders once, however often the button is pressed. Asks again if there are orders that are newer than
    those that were shown, of which `newest` is the newest.
    """
    account, _ = await enter(ctx)
    if any(order.order_id > newest for order in await ctx.orders.open_orders(account, symbol)):
        return await cancel_orders(ctx, symbol)
    command_id = f"cancel:{ctx.person.person_id}:{token}"
    return _gone(await ctx.orders.cancel_all(account, command_id, symbol), ctx)


def _gone(ended: Sequence[OrderRecord], ctx: Context) -> Reply:
    ctx.services.open_orders.forget(ctx.person.person_id)
    buttons: list[Button | None] = [orders_button(ctx), button(ctx.text("button-balance"), "balance")]
    if not ended:
        return Reply((Text(ctx.text("order-none-cancelled")), *rows([orders_button(ctx)])))
    numbers = ", ".join(str(each) for each in sorted(order.order_id for order in ended))
    return Reply((Text(ctx.text("order-cancelled", count=len(ended), orders=numbers)), *rows(buttons)))
