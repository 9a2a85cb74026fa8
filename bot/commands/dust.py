"""Dust: balances below the exchange's minimum, sold all at once."""

from decimal import Decimal

from bot.arguments.plain_words import Token
from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Align, Block, Button, Column, Reply, Table, Text, Tone
from bot.views.buttons import button, rows
from bot.views.prices import TOKEN_BYTES, enter, notification_target, preview_gone, source_note
from core.errors import Refused
from pipeline.errors import UnknownSymbol
from trading.dust import DustPosition, DustSale, DustSold, UnsellableDust, is_dust, leftover
from trading.errors import NoDust
from trading.orders.types import Balance, Execution
from trading.portfolio.positions import Position
from trading.ports import Account


async def dust(ctx: Context) -> Reply:
    """Shows the balances that can be sold together, and sells them after one confirmation."""
    account, opened = await enter(ctx)
    if not ctx.person.confirm:
        try:
            return Reply((*opened, *_sold(await _sell(account, ctx.request_id, None, ctx), ctx)))
        except NoDust:
            return Reply((*opened, *_none((), ctx)))
    sale = await ctx.desk.preview_dust(account)
    if not sale.crumbs:
        return Reply((*opened, *_none(sale.kept, ctx)))
    token = ctx.services.tokens.token_urlsafe(TOKEN_BYTES)
    await ctx.services.previews.save(ctx.person.person_id, token, sale.crumbs)
    buttons = [
        button(ctx.text("button-confirm"), "dust_sell", token),
        button(ctx.text("button-cancel"), "cancel", token),
    ]
    return Reply((*opened, *_preview(sale, account.quote_asset, ctx), *rows(buttons)))


async def dust_sell(ctx: Context, token: Token) -> Reply:
    """Sells the balances of the preview at the current prices."""
    agreed = await ctx.services.previews.claim(ctx.person.person_id, token)
    if not isinstance(agreed, tuple):
        return preview_gone(ctx, button(ctx.text("button-preview-again"), "dust"))
    account, _ = await enter(ctx)
    try:
        sold = await _sell(account, f"dust:{ctx.person.person_id}:{token}", agreed, ctx)
    except Refused:
        await ctx.services.previews.drop(ctx.person.person_id, token)
        raise
    return Reply(_sold(sold, ctx))


async def _sell(account: Account, command_id: str, agreed: tuple[DustPosition, ...] | None, ctx: Context) -> DustSold:
    return await ctx.desk.sell_dust(account, command_id, agreed, notify=await notification_target(ctx))


def _none(kept: tuple[UnsellableDust, ...], ctx: Context) -> tuple[Block, ...]:
    said = _kept(kept, ctx) or (Text(ctx.text("dust-none")),)
    return (*said, *rows([_portfolio(ctx)]))


def _preview(sale: DustSale, quote_asset: str, ctx: Context) -> tuple[Block, ...]:
    title = ctx.text("dust-title", count=len(sale.crumbs), amount=ctx.format.money(sale.received, quote_asset))
    lines = [(each.asset, each.quantity, each.received) for each in sale.crumbs]
    more = (Text(ctx.text("dust-more", count=sale.more), Tone.NOTE),) if sale.more else ()
    seconds = ctx.services.settings.preview_seconds
    return (
        Text(title, Tone.TITLE),
        _table(lines, ctx),
        *more,
        *_kept(sale.kept, ctx),
        *source_note(ctx),
        Text(ctx.text("dust-explained", seconds=seconds), Tone.NOTE),
    )


def _sold(sold: DustSold, ctx: Context) -> tuple[Block, ...]:
    if not sold.receipts:
        again = button(ctx.text("button-preview-again"), "dust")
        return (Text(ctx.text("dust-not-sold"), Tone.WARNING), *_kept(sold.kept, ctx), *rows([again, _portfolio(ctx)]))
    quote = sold.receipts[0].balances[1].asset
    amount = ctx.format.money(sold.received, quote)
    realised = ctx.format.money(sold.realised, quote, signed=True)
    lines = [(each.balances[0].asset, each.execution.quantity, each.execution.received) for each in sold.receipts]
    return (
        Text(ctx.text("dust-sold", count=len(sold.receipts), amount=amount), Tone.TITLE),
        _table(lines, ctx),
        Text(ctx.text("dust-realised", amount=realised)),
        *_kept(sold.kept, ctx),
        *source_note(ctx),
        *rows([_portfolio(ctx), button(ctx.text("button-history"), "history")]),
    )


def _table(lines: list[tuple[str, Decimal, Decimal]], ctx: Context) -> Table:
    columns = (
        Column(ctx.text("label-asset")),
        Column(ctx.text("label-quantity"), Align.RIGHT),
        Column(ctx.text("label-received-sell"), Align.RIGHT),
    )
    write = ctx.format
    return Table(columns, tuple((asset, write.amount(sold), write.amount(got)) for asset, sold, got in lines))


def _kept(kept: tuple[UnsellableDust, ...], ctx: Context) -> tuple[Text, ...]:
    return tuple(
        Text(ctx.text("dust-kept", asset=each.asset, reason=each.reason.code()), Tone.WARNING) for each in kept
    )


def _portfolio(ctx: Context) -> Button | None:
    return button(ctx.text("button-portfolio"), "portfolio")


# -- in other answers --------------------------------------------------------------------------


def dust_button(positions: list[Position], ctx: Context) -> Button | None:
    """Returns a button for /dust if one of the positions is dust."""
    there = any(is_dust_position(position, ctx) for position in positions)
    return button(ctx.text("button-dust"), "dust") if there else None


def is_dust_position(position: Position, ctx: Context) -> bool:
    """Returns whether the position is dust; not if the running market does not know its symbol."""
    try:
        rules = ctx.market.rules(position.symbol)
    except UnknownSymbol:
        return False
    return is_dust(position.quantity, rules, position.price)


def leftover_note(execution: Execution, base: Balance, ctx: Context) -> tuple[Text, ...]:
    """Returns a note if the order leaves less than can be sold in part; `base` is the balance after it."""
    left = _left(execution, base, ctx)
    if left is None:
        return ()
    said = ctx.text(f"dust-left-{execution.side}", left=left, asset=base.asset, short=short_name(execution.symbol, ctx))
    return (Text(said, Tone.WARNING),)


def sell_all_button(execution: Execution, base: Balance, ctx: Context) -> Button | None:
    """Returns a button that sells the whole balance if the order would leave dust."""
    if _left(execution, base, ctx) is None:
        return None
    return button(ctx.text("button-sell-all", asset=base.asset), "sell", short_name(execution.symbol, ctx), "max")


def _left(execution: Execution, base: Balance, ctx: Context) -> str | None:
    try:
        rules = ctx.market.rules(execution.symbol)
    except UnknownSymbol:
        return None
    left = leftover(execution, base.available, rules)
    return None if left is None else ctx.format.amount(left, base.asset)
