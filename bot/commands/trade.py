"""Buying and selling: preview, confirmation, receipt.

A confirmation's command id comes from the preview's token, so one preview makes at most one order however often its
button is pressed or delivered. The button also carries the order as it was typed, to offer it anew once expired.
"""

from decimal import Decimal

from bot.arguments.plain_words import Number, Token
from bot.arguments.sizes import typed_size
from bot.arguments.symbols import short_name
from bot.commands.shared import chart_button, enter
from bot.commands.tickets import preview_blocks, receipt_blocks
from bot.context import Context
from bot.errors import PreviewGone, UnknownOrder
from bot.layout import button, rows
from bot.push.seen import shows_answer
from bot.refusals import sentence
from bot.replies import Block, Button, Reply, Text, Tone
from pipeline.errors import Refused
from pipeline.market import Symbol
from trading.alerts.ports import Telling
from trading.errors import PriceMoved
from trading.orders import Preview, Receipt, Share, Side, Size
from trading.ports import Account

_TOKEN_BYTES = 9  # twelve characters, 72 bits
_ALL = Share(Decimal(1))


async def buy(ctx: Context, symbol: Symbol, size: Size) -> Reply:
    """A market order to buy."""
    return await _order(ctx, Side.BUY, symbol, size)


async def sell(ctx: Context, symbol: Symbol, size: Size) -> Reply:
    """A market order to sell."""
    return await _order(ctx, Side.SELL, symbol, size)


async def _order(ctx: Context, side: Side, symbol: Symbol, size: Size) -> Reply:
    account, opened = await enter(ctx)
    if ctx.person.confirm or ctx.inbound.doubtful:
        return Reply((*opened, *await _preview(ctx, account, side, symbol, size)))
    receipt = await ctx.desk.place(account, ctx.request_id, side, symbol, size, telling=await _telling(ctx))
    return Reply((*opened, *_receipt(receipt, ctx)))


async def _preview(ctx: Context, account: Account, side: Side, symbol: Symbol, size: Size) -> tuple[Block, ...]:
    preview = await ctx.desk.preview(account, side, symbol, size)
    token = ctx.services.tokens.token_urlsafe(_TOKEN_BYTES)
    await ctx.services.previews.keep(ctx.person.person_id, token, preview)
    order = (side.value, short_name(symbol, ctx), typed_size(size, account.quote_asset))
    label = ctx.say("button-confirm")
    confirm_button = button(label, "confirm", token, *order) or Button(label, f"confirm {token}")
    cancel_button = button(ctx.say("button-cancel"), "cancel", token)
    return (*preview_blocks(preview, ctx), *rows([confirm_button, cancel_button]))


async def confirm(
    ctx: Context, token: Token, side: Side | None = None, symbol: Symbol | None = None, size: Size | None = None
) -> Reply:
    """Places the previewed order at the price of now; `side`, `symbol` and `size` are what to preview anew."""
    preview = await ctx.services.previews.claim(ctx.person.person_id, token)
    if preview is None:
        again = () if side is None or symbol is None or size is None else _again(ctx, side, symbol, size)
        return _gone(ctx, *again)
    account, _ = await enter(ctx)
    command_id = f"confirm:{ctx.person.person_id}:{token}"
    try:
        placed = await ctx.desk.confirm(account, command_id, preview, telling=await _telling(ctx))
        return Reply(_receipt(placed, ctx))
    except PriceMoved as moved:
        await ctx.services.previews.drop(ctx.person.person_id, token)
        return await _anew(ctx, account, preview, moved)
    except Refused:
        await ctx.services.previews.drop(ctx.person.person_id, token)
        raise


async def _telling(ctx: Context) -> Telling | None:
    """Where else the order is told of: in the chat that was chosen for it, unless its answer is shown there."""
    telling = await ctx.services.notices.telling(ctx.person.person_id)
    return None if telling is None or shows_answer(telling.chat, ctx.inbound, ctx.person) else telling


async def _anew(ctx: Context, account: Account, preview: Preview, moved: PriceMoved) -> Reply:
    size: Size = _ALL if preview.whole_balance else preview.size
    fresh = await _preview(ctx, account, preview.side, preview.symbol, size)
    return Reply((Text(sentence(moved, ctx), Tone.WARNING), *fresh))


async def cancel(ctx: Context, token: Token | None = None) -> Reply:
    """Drops the preview, and says so only when it had not been confirmed. Typed, it says which question was closed: the
    adapter has closed it already, as it does for every command."""
    if token is None or not ctx.inbound.pressed:
        closed = ctx.inbound.closed
        return Reply((Text(ctx.say("cancel-question", line=closed) if closed else ctx.say("cancel-nothing")),))
    if not await ctx.services.previews.drop(ctx.person.person_id, token):
        return _gone(ctx)
    return Reply((Text(ctx.say("preview-cancelled")),))


def _gone(ctx: Context, *again: Button | None) -> Reply:
    history = button(ctx.say("button-history"), "history")
    return Reply((Text(sentence(PreviewGone(), ctx), Tone.WARNING), *rows([*again, history])))


def _again(ctx: Context, side: Side, symbol: Symbol, size: Size) -> tuple[Button | None, ...]:
    typed = typed_size(size, ctx.quote_asset)
    return (button(ctx.say("button-preview-again"), side.value, short_name(symbol, ctx), typed),)


async def receipt(ctx: Context, order_id: Number) -> Reply:
    """A stored receipt of the person's own account."""
    account, _ = await enter(ctx)
    stored = await ctx.desk.receipt(account, order_id)
    if stored is None:
        raise UnknownOrder(order_id)
    return Reply(_receipt(stored, ctx))


def _receipt(stored: Receipt, ctx: Context) -> tuple[Block, ...]:
    buttons = [
        button(ctx.say("button-portfolio"), "portfolio"),
        chart_button(stored.execution.symbol, ctx),
        button(ctx.say("button-history"), "history"),
    ]
    return (*receipt_blocks(stored, ctx), *rows(buttons))
