"""Buying and selling: preview, confirmation, receipt.

The command id of a confirmation is derived from the preview's token, so one preview leads to at most one order, however
often its button is pressed or delivered. The button also carries the order as it was typed, to offer it again after the
preview expired.
"""

from decimal import Decimal

from bot.arguments.bare_sizes import bare_size, is_doubtful
from bot.arguments.plain_words import Token
from bot.arguments.sizes import typed_size
from bot.arguments.symbols import short_name
from bot.commands.dust import leftover_note, sell_all_button
from bot.context import Context
from bot.reply import Block, Button, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.errors import bare_size_label, bare_size_note, sentence
from bot.views.orders import (
    preview_blocks,
    preview_detail_blocks,
    receipt_blocks,
)
from bot.views.prices import TOKEN_BYTES, chart_button, enter, notification_target, preview_gone
from core.errors import Refused
from pipeline.market import Symbol
from trading.errors import PriceMoved
from trading.orders.types import BaseQuantity, Preview, Receipt, Share, Side, Size
from trading.ports import Account

_ALL = Share(Decimal(1))
_FAR = 10
"""Ratio of the order's value to the same number of the quote asset, from which a size without a unit is explained."""


async def buy(ctx: Context, symbol: Symbol, size: Size) -> Reply:
    """Places a market order to buy, or shows its preview."""
    return await _order(ctx, Side.BUY, symbol, size)


async def sell(ctx: Context, symbol: Symbol, size: Size) -> Reply:
    """Places a market order to sell, or shows its preview."""
    return await _order(ctx, Side.SELL, symbol, size)


async def _order(ctx: Context, side: Side, symbol: Symbol, size: Size) -> Reply:
    account, opened = await enter(ctx)
    guessed = is_doubtful(ctx) or (ctx.inbound.question and bare_size(ctx.words, ctx) is not None)
    if ctx.person.confirm or guessed:
        return Reply((*opened, *await _preview(ctx, account, side, symbol, size)))
    receipt = await ctx.desk.place(account, ctx.request_id, side, symbol, size, notify=await notification_target(ctx))
    return Reply((*opened, *_placed(receipt, ctx)))


async def _preview(ctx: Context, account: Account, side: Side, symbol: Symbol, size: Size) -> tuple[Block, ...]:
    preview = await ctx.desk.preview(account, side, symbol, size)
    token = ctx.services.tokens.token_urlsafe(TOKEN_BYTES)
    await ctx.services.previews.save(ctx.person.person_id, token, preview)
    order = (side.value, short_name(symbol, ctx), typed_size(size, account.quote_asset))
    label = ctx.text("button-details")
    details = button(label, "preview_details", token, *order) or Button(label, f"preview_details {token}")
    left = (preview.execution, preview.balances_after[0], ctx)
    note, instead = _in_doubt(preview, ctx)
    buttons = rows(_decide(token, order, ctx), [details, sell_all_button(*left), instead])
    return (*preview_blocks(preview, ctx, (*note, *leftover_note(*left))), *buttons)


def _in_doubt(preview: Preview, ctx: Context) -> tuple[tuple[Block, ...], Button | None]:
    """Returns a note and a button if a number without a unit may have been meant as an amount of money."""
    bare = bare_size(ctx.words, ctx) if isinstance(preview.size, BaseQuantity) else None
    if bare is None or preview.execution.quote_amount < _FAR * bare.amount:
        return (), None
    instead = button(bare_size_label(bare, ctx), preview.side.value, short_name(preview.symbol, ctx), bare.as_money)
    return (Text(bare_size_note(bare, ctx), Tone.WARNING),), instead


def _decide(token: str, order: tuple[str, ...], ctx: Context) -> list[Button | None]:
    label = ctx.text("button-confirm")
    confirm_button = button(label, "confirm", token, *order) or Button(label, f"confirm {token}")
    return [confirm_button, button(ctx.text("button-cancel"), "cancel", token)]


async def preview_details(
    ctx: Context, token: Token, side: Side | None = None, symbol: Symbol | None = None, size: Size | None = None
) -> Reply:
    """Shows every exact figure of a waiting preview; `side`, `symbol` and `size` are offered for a new one if it is
    gone.
    """
    preview = await ctx.services.previews.find(ctx.person.person_id, token)
    if not isinstance(preview, Preview):
        again = () if side is None or symbol is None or size is None else _again(ctx, side, symbol, size)
        return preview_gone(ctx, *again)
    order: tuple[str, ...] = ()
    if side is not None and symbol is not None and size is not None:
        order = (side.value, short_name(symbol, ctx), typed_size(size, ctx.quote_asset))
    return Reply((*preview_detail_blocks(preview, ctx), *rows(_decide(token, order, ctx))))


async def confirm(
    ctx: Context, token: Token, side: Side | None = None, symbol: Symbol | None = None, size: Size | None = None
) -> Reply:
    """Places the previewed order at the current price; `side`, `symbol` and `size` are offered for a new preview if it
    is gone.
    """
    preview = await ctx.services.previews.claim(ctx.person.person_id, token)
    if not isinstance(preview, Preview):
        again = () if side is None or symbol is None or size is None else _again(ctx, side, symbol, size)
        return preview_gone(ctx, *again)
    account, _ = await enter(ctx)
    command_id = f"confirm:{ctx.person.person_id}:{token}"
    try:
        placed = await ctx.desk.confirm(account, command_id, preview, notify=await notification_target(ctx))
        return Reply(_placed(placed, ctx))
    except PriceMoved as moved:
        await ctx.services.previews.drop(ctx.person.person_id, token)
        return await _anew(ctx, account, preview, moved)
    except Refused:
        await ctx.services.previews.drop(ctx.person.person_id, token)
        raise


async def _anew(ctx: Context, account: Account, preview: Preview, moved: PriceMoved) -> Reply:
    size: Size = _ALL if preview.whole_balance else preview.size
    fresh = await _preview(ctx, account, preview.side, preview.symbol, size)
    return Reply((Text(sentence(moved, ctx), Tone.WARNING), *fresh))


def _again(ctx: Context, side: Side, symbol: Symbol, size: Size) -> tuple[Button | None, ...]:
    typed = typed_size(size, ctx.quote_asset)
    return (button(ctx.text("button-preview-again"), side.value, short_name(symbol, ctx), typed),)


def _placed(placed: Receipt, ctx: Context) -> tuple[Block, ...]:
    """Returns the result of an order that was placed just now, with a note on what the order left."""
    left = (placed.execution, placed.balances[0], ctx)
    buttons = [
        button(ctx.text("button-portfolio"), "portfolio"),
        chart_button(placed.execution.symbol, ctx),
        button(ctx.text("button-history"), "history"),
    ]
    details = button(ctx.text("button-details"), "receipt", str(placed.order_id))
    return (*receipt_blocks(placed, ctx), *leftover_note(*left), *rows(buttons, [details, sell_all_button(*left)]))
