"""Orders that rest until the market fills them: preview, confirmation, and the card of what was placed.

A confirmed preview is placed with the prices and the quantity that it showed. The command id is derived from the
preview's token, so one preview leads to at most one order, however often its button is pressed or delivered.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.arguments.bare_sizes import is_doubtful
from bot.arguments.order_options import OrderOption, life_of
from bot.arguments.order_prices import AtPrice, FromPrice, StopLoss, TakeProfit, TrailingDistance, TypedPrice, WithLimit
from bot.arguments.plain_words import LongText, Token
from bot.command import OneOrMore
from bot.commands.open_orders import amended
from bot.context import Context
from bot.reply import Block, Button, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.errors import sentence
from bot.views.far_prices import far_price, swapped_button
from bot.views.orders import receipt_blocks
from bot.views.prices import TOKEN_BYTES, chart_button, enter, notification_target, preview_gone, source_note
from bot.views.resting import card_blocks, card_buttons, list_blocks, plan_blocks
from bot.views.resting_terms import last_prices
from core.errors import Refused
from pipeline.market import Symbol
from trading.errors import PriceMoved
from trading.order_groups.types import OrderGroup
from trading.order_previews import AmendmentWish
from trading.orders.open_orders import OrderStatus
from trading.orders.records import OrderPlan, PlacedOrders
from trading.orders.requests import AnyOrderRequest, BracketRequest, OcoRequest, OrderRequest
from trading.orders.terms import OrderType, PriceWish, TimeInForce
from trading.orders.types import BaseQuantity, Preview, Share, Side, Size
from trading.ports import Account
from trading.strategies.robots import RobotWish

PLACING = ("limit", "stop", "tp", "trail", "oco", "bracket")
"""Names of the commands that place a resting order."""

_ANY_LIFE = tuple(TimeInForce)
_UNTIL_TRIGGERED = (TimeInForce.GTC, TimeInForce.GTD)
_MARKET = {False: OrderType.STOP_LOSS, True: OrderType.TAKE_PROFIT}
_LIMITED = {False: OrderType.STOP_LOSS_LIMIT, True: OrderType.TAKE_PROFIT_LIMIT}


async def limit(  # noqa: PLR0917 - the signature declares the arguments
    ctx: Context,
    symbol: Symbol,
    side: Side,
    size: Size,
    price: AtPrice,
    life: OneOrMore[OrderOption] = OneOrMore(),  # noqa: B008 - an empty tuple
) -> Reply:
    """Places an order at a limit price, or shows its preview."""
    chosen = life_of(life, allowed=_ANY_LIFE)
    kind = OrderType.LIMIT_MAKER if chosen.maker else OrderType.LIMIT
    request = OrderRequest(symbol, side, kind, size, price.wish)
    return await _order(ctx, chosen.of(request))


async def stop(  # noqa: PLR0917 - the signature declares the arguments
    ctx: Context,
    symbol: Symbol,
    side: Side,
    size: Size,
    price: AtPrice,
    limit: WithLimit | None = None,
    life: OneOrMore[OrderOption] = OneOrMore(),  # noqa: B008
) -> Reply:
    """Places a stop loss, or shows its preview."""
    return await _triggered(ctx, (symbol, side, size), price, limit, life, profit=False)


async def tp(  # noqa: PLR0917 - the signature declares the arguments
    ctx: Context,
    symbol: Symbol,
    side: Side,
    size: Size,
    price: AtPrice,
    limit: WithLimit | None = None,
    life: OneOrMore[OrderOption] = OneOrMore(),  # noqa: B008
) -> Reply:
    """Places a take profit, or shows its preview."""
    return await _triggered(ctx, (symbol, side, size), price, limit, life, profit=True)


async def _triggered(
    ctx: Context,
    what: tuple[Symbol, Side, Size],
    price: AtPrice,
    limit: WithLimit | None,
    life: Sequence[OrderOption],
    *,
    profit: bool,
) -> Reply:
    symbol, side, size = what
    chosen = life_of(life, allowed=_UNTIL_TRIGGERED)
    kind = _MARKET[profit] if limit is None else _LIMITED[profit]
    request = OrderRequest(symbol, side, kind, size, _wish(limit), price.wish)
    return await _order(ctx, chosen.of(request))


async def trail(  # noqa: PLR0917 - the signature declares the arguments
    ctx: Context,
    symbol: Symbol,
    side: Side,
    size: Size,
    distance: TrailingDistance,
    activation: FromPrice | None = None,
    life: OneOrMore[OrderOption] = OneOrMore(),  # noqa: B008
) -> Reply:
    """Places a stop loss that follows the price, or shows its preview."""
    chosen = life_of(life, allowed=_UNTIL_TRIGGERED)
    request = OrderRequest(
        symbol,
        side,
        OrderType.STOP_LOSS,
        size,
        stop_price=_wish(activation),
        trailing_delta=distance.delta,
    )
    return await _order(ctx, chosen.of(request))


async def oco(  # noqa: PLR0917 - the signature declares the arguments
    ctx: Context,
    symbol: Symbol,
    side: Side,
    size: Size,
    take_profit: TakeProfit,
    stop_loss: StopLoss,
    limit: WithLimit | None = None,
) -> Reply:
    """Places a take profit and a stop loss of which one cancels the other, or shows their preview."""
    return await _order(ctx, OcoRequest(symbol, side, size, take_profit.wish, stop_loss.wish, _wish(limit)))


async def bracket(  # noqa: PLR0917 - the signature declares the arguments
    ctx: Context,
    symbol: Symbol,
    side: Side,
    size: Size,
    take_profit: TakeProfit,
    stop_loss: StopLoss,
    entry: AtPrice | None = None,
    limit: WithLimit | None = None,
) -> Reply:
    """Places an entry with its take profit and stop loss, or shows their preview."""
    exits = (take_profit.wish, stop_loss.wish)
    return await _order(ctx, BracketRequest(symbol, side, size, *exits, _wish(entry), _wish(limit)))


def _wish(typed: TypedPrice | None) -> PriceWish | None:
    return None if typed is None else typed.wish


# -- previews ----------------------------------------------------------------------------------


async def _order(ctx: Context, request: AnyOrderRequest) -> Reply:
    account, opened = await enter(ctx)
    last = (await last_prices({request.symbol}, ctx)).get(request.symbol)
    if not (ctx.person.confirm or is_doubtful(ctx) or far_price(request, last) is not None):
        telling = await notification_target(ctx)
        placed = await ctx.orders.place(account, ctx.request_id, request, notify=telling)
        return Reply((*opened, *await _placed(placed, ctx)))
    return Reply((*opened, *await _preview(account, request, ctx)))


async def _preview(account: Account, request: AnyOrderRequest, ctx: Context) -> tuple[Block, ...]:
    plan = await ctx.orders.preview(account, request)
    token = ctx.services.tokens.token_urlsafe(TOKEN_BYTES)
    await ctx.services.previews.save(ctx.person.person_id, token, settled(plan))
    line = _line(request, ctx)
    label = ctx.text("button-confirm")
    confirm = button(label, "confirm_order", token, *line) or button(label, "confirm_order", token)
    cancel = button(ctx.text("button-cancel"), "cancel", token)
    instead = (
        None if far_price(request, plan.reference_price) is None else swapped_button(request, plan.reference_price, ctx)
    )
    return (*plan_blocks(plan, ctx), *rows([confirm, cancel], [instead]))


def settled(plan: OrderPlan) -> AnyOrderRequest:
    """Returns the request with the prices, the quantity and the date of the plan, so that what is confirmed is what was
    shown. A sale of everything stays one. An entry at the market keeps its size and the percentages that count from it,
    and remembers its price.
    """
    request, first = plan.request, plan.terms[0]
    whole = request.side is Side.SELL and request.size == Share(Decimal(1))
    size: Size = request.size if whole else BaseQuantity(first.quantity)
    match request:
        case OrderRequest():
            return OrderRequest(
                request.symbol,
                request.side,
                first.type,
                size,
                first.limit_price,
                first.stop_price,
                first.trailing_delta,
                first.time_in_force,
                expires_at=first.expires_at,
            )
        case OcoRequest():
            above, below = plan.terms
            return OcoRequest(
                request.symbol,
                request.side,
                size,
                _known(above.limit_price, request.limit_price),
                _known(below.stop_price, request.stop_price),
                below.limit_price,
            )
        case BracketRequest(entry_price=None):
            return replace(request, previewed_price=None if plan.immediate is None else plan.immediate.average_price)
        case BracketRequest():
            _, above, below = plan.terms
            return replace(
                request,
                size=size,
                entry_price=first.limit_price,
                take_profit=_known(above.limit_price or above.stop_price, request.take_profit),
                stop_loss=_known(below.stop_price, request.stop_loss),
                stop_limit_price=below.limit_price,
            )


def _known(price: Decimal | None, otherwise: PriceWish) -> PriceWish:
    return otherwise if price is None else price


def _line(request: AnyOrderRequest, ctx: Context) -> tuple[str, ...]:
    """Returns the line as typed, to offer it again when the preview is gone."""
    match request:
        case OcoRequest():
            name = "oco"
        case BracketRequest():
            name = "bracket"
        case OrderRequest(trailing_delta=int()):
            name = "trail"
        case OrderRequest(type=OrderType.LIMIT | OrderType.LIMIT_MAKER):
            name = "limit"
        case OrderRequest(type=OrderType.STOP_LOSS | OrderType.STOP_LOSS_LIMIT):
            name = "stop"
        case _:
            name = "tp"
    return (name, *ctx.words)


async def confirm_order(ctx: Context, token: Token, line: LongText | None = None) -> Reply:
    """Places the previewed orders, or amends an order as previewed; `line` is offered for a new preview if it is
    gone.
    """
    person_id = ctx.person.person_id
    held = await ctx.services.previews.claim(person_id, token)
    if held is None or isinstance(held, Preview | tuple | RobotWish | OrderGroup):
        return preview_gone(ctx, *_again(line, ctx))
    account, _ = await enter(ctx)
    command_id = f"order:{person_id}:{token}"
    ctx.services.open_orders.forget(person_id)
    try:
        if isinstance(held, AmendmentWish):
            wish = held
            changed = await ctx.orders.amend(
                account, command_id, wish.order_id, price=wish.price, quantity=wish.quantity
            )
            return await amended(account, changed, ctx)
        placed = await ctx.orders.place(account, command_id, held, notify=await notification_target(ctx))
    except PriceMoved as moved:
        await ctx.services.previews.drop(person_id, token)
        return await _anew(account, held, line, moved, ctx)
    except Refused:
        await ctx.services.previews.drop(person_id, token)
        raise
    return Reply(await _placed(placed, ctx))


async def _anew(
    account: Account, held: AnyOrderRequest | AmendmentWish, line: LongText | None, moved: PriceMoved, ctx: Context
) -> Reply:
    """Returns a new preview of a bracket whose entry at the market would now cost more."""
    if not isinstance(held, BracketRequest):
        raise moved
    typed = replace(ctx, words=tuple((line or "").split()[1:]))
    fresh = await _preview(account, replace(held, previewed_price=None), typed)
    return Reply((Text(sentence(moved, ctx), Tone.WARNING), *fresh))


def _again(line: LongText | None, ctx: Context) -> tuple[Button | None, ...]:
    words = (line or "").split()
    return (button(ctx.text("button-preview-again"), *words),) if words[:1] and words[0] in PLACING else ()


async def _placed(placed: PlacedOrders, ctx: Context) -> tuple[Block, ...]:
    """Returns the receipt of what was filled at once, and the cards of the orders unless that was all."""
    ctx.services.open_orders.forget(ctx.person.person_id)
    first, receipt = placed.orders[0], placed.receipt
    if len(placed.orders) == 1 and receipt is not None and first.status is OrderStatus.FILLED:
        more = [
            button(ctx.text("button-portfolio"), "portfolio"),
            chart_button(first.terms.symbol, ctx),
            button(ctx.text("button-order", order_id=str(first.order_id)), "order", str(first.order_id)),
        ]
        return (*receipt_blocks(receipt, ctx), *rows(more))
    last = (await last_prices({first.terms.symbol}, ctx)).get(first.terms.symbol)
    said = Text(ctx.text("order-placed", count=len(placed.orders)))
    filled: tuple[Block, ...] = () if receipt is None else receipt_blocks(receipt, ctx, brief=True)
    cards = list_blocks(placed.orders, last, ctx) if len(placed.orders) > 1 else card_blocks(first, (), last, ctx)
    shown = next((order for order in placed.orders if order.status.open), first)
    return (said, *filled, *cards, *source_note(ctx), *card_buttons(shown, ctx))
