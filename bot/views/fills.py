"""Notifications about the user's own money: fills, expiries, digests."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bot.arguments.symbols import pair_of, short_name
from bot.context import Context
from bot.reply import Align, Button, Column, Fields, Picture, Reply, Table, Text, Tone
from bot.views.alerts import alerts_button
from bot.views.buttons import button, rows
from bot.views.prices import buy_button, chart_button, price_text, source_note
from pipeline.errors import MarketUnavailable
from pipeline.market import Symbol
from trading.orders.notices import OrderExpired, OrderFilled
from trading.orders.types import Side
from trading.portfolio.notices import Digest, DigestPosition

# -- orders ------------------------------------------------------------------------------------


def filled(notice: OrderFilled, picture: tuple[Picture, ...], ctx: Context) -> Reply:
    """Returns the message about one fill, with the figures of its receipt and a button for the receipt."""
    quantity = ctx.format.quantity(notice.quantity, notice.base)
    price = f"{price_text(notice.price, notice.symbol, ctx)} {notice.quote}"
    resting = notice.parent_id is not None
    named = {"order_id": str(notice.parent_id)} if resting else {}
    stem = "push-order-fill" if resting else "push-fill"
    title = Text(ctx.text(f"{stem}-{notice.side.value}", quantity=quantity, price=price, **named), Tone.TITLE)
    receipt = button(ctx.text("button-receipt", order_id=str(notice.order_id)), "receipt", str(notice.order_id))
    ways = rows(
        [chart_button(notice.symbol, ctx), _trade_button(notice.side, notice.symbol, ctx), receipt], _more(notice, ctx)
    )
    return Reply((title, Fields(_fill_rows(notice, ctx)), *picture, *_source(ctx), *ways))


def _number_rows(notice: OrderFilled, ctx: Context) -> tuple[tuple[str, str], ...]:
    """Returns the number of the order; of a resting one also that of this fill, and what remains of it."""
    if notice.parent_id is None:
        return ((ctx.text("label-order"), str(notice.order_id)),)
    left = (
        ((ctx.text("label-order-remaining"), ctx.format.amount(notice.remaining, notice.base)),)
        if notice.remaining
        else ()
    )
    return (
        (ctx.text("label-order"), str(notice.parent_id)),
        (ctx.text("label-order-execution"), str(notice.order_id)),
        *left,
    )


def _fill_rows(notice: OrderFilled, ctx: Context) -> tuple[tuple[str, str], ...]:
    received_in = notice.base if notice.side is Side.BUY else notice.quote
    realised = () if notice.realised is None else (_realised(notice, ctx),)
    return (
        *_number_rows(notice, ctx),
        (ctx.text("label-time"), ctx.format.moment(notice.time)),
        (ctx.text(f"label-done-amount-{notice.side.value}"), ctx.format.money(notice.quote_amount, notice.quote)),
        (ctx.text("label-fee"), _brief(notice.fee, notice.fee_asset, notice, ctx)),
        (ctx.text(f"label-done-received-{notice.side.value}"), _brief(notice.received, received_in, notice, ctx)),
        *realised,
    )


def _brief(value: Decimal, asset: str, notice: OrderFilled, ctx: Context) -> str:
    return ctx.format.money(value, asset) if asset == notice.quote else ctx.format.quantity(value, asset)


def _realised(notice: OrderFilled, ctx: Context) -> tuple[str, str]:
    return ctx.text("label-realised"), ctx.format.money(notice.realised, notice.quote, signed=True)


def fills(notices: Sequence[OrderFilled], ctx: Context) -> Reply:
    """Returns the message about several fills, in their order."""
    columns = (
        Column(ctx.text("label-order"), Align.RIGHT),
        Column(ctx.text("label-trade")),
        Column(ctx.text("label-fill-price"), Align.RIGHT),
        Column(ctx.text("label-amount"), Align.RIGHT),
        Column(ctx.text("label-time")),
    )
    table = Table(columns, tuple(_fill_row(notice, ctx) for notice in notices))
    title = Text(ctx.text("push-fills-title", count=len(notices)), Tone.TITLE)
    return Reply((title, table, *_source(ctx), *rows(_more(None, ctx))))


def _fill_row(notice: OrderFilled, ctx: Context) -> tuple[str, ...]:
    return (
        str(notice.parent_id or notice.order_id),
        f"{ctx.text(f'kind-{notice.side.value}')} {ctx.format.amount(notice.quantity, notice.base)}",
        price_text(notice.price, notice.symbol, ctx),
        ctx.format.money(notice.quote_amount, notice.quote),
        ctx.format.brief_moment(notice.time, notice.time),
    )


def expired(notices: Sequence[OrderExpired], ctx: Context) -> Reply:
    """Returns the message about the unfilled quantities of one or several expired orders."""
    title = Text(ctx.text("push-expiry-title", count=len(notices)), Tone.TITLE)
    said = tuple(Text(_expiry(notice, ctx)) for notice in notices)
    trades = {notice.symbol: _trade_button(notice.side, notice.symbol, ctx) for notice in notices}
    charts = [chart_button(symbol, ctx) for symbol in trades] if len(trades) == 1 else []
    return Reply((title, *said, *rows([*charts, *trades.values()], _more(None, ctx))))


def _expiry(notice: OrderExpired, ctx: Context) -> str:
    return ctx.text(
        f"push-expiry-{notice.side.value}",
        order_id=str(notice.order_id),
        filled=ctx.format.amount(notice.filled, notice.base),
        unfilled=ctx.format.amount(notice.unfilled, notice.base),
    )


def _trade_button(side: Side, symbol: Symbol, ctx: Context) -> Button | None:
    if side is Side.BUY:
        return buy_button(symbol, ctx)
    base = short_name(symbol, ctx)
    return button(ctx.text("button-sell", asset=base), "sell", base)


def _more(notice: OrderFilled | None, ctx: Context) -> list[Button | None]:
    """Returns buttons for the account, and one for the resting order of a fill."""
    parent = None if notice is None or notice.parent_id is None else str(notice.parent_id)
    return [
        button(ctx.text("button-portfolio"), "portfolio"),
        button(ctx.text("button-history"), "history"),
        None if parent is None else button(ctx.text("button-order", order_id=parent), "order", parent),
    ]


def _source(ctx: Context) -> tuple[Text, ...]:
    try:
        return source_note(ctx)
    except MarketUnavailable:
        return ()


# -- digests -----------------------------------------------------------------------------------


def digest(notice: Digest, picture: tuple[Picture, ...], ctx: Context) -> Reply:
    """Returns the message about the state of the account and its change."""
    days = ctx.format.days(date.fromisoformat(notice.date), notice.days)
    title = Text(ctx.text("push-digest-title", every=notice.every, date=days), Tone.TITLE)
    choose = button(ctx.text("button-digest"), "notifications", "digest")
    ways = rows(_more(None, ctx), [alerts_button(ctx), choose])
    return Reply((title, Fields(_digest_rows(notice, ctx)), *picture, *_source(ctx), *ways))


def _digest_rows(notice: Digest, ctx: Context) -> tuple[tuple[str, str], ...]:
    write, quote = ctx.format, notice.quote
    profit = notice.equity - notice.granted
    share = write.percent(profit / notice.granted if notice.granted else None, signed=True)
    found = (
        (ctx.text("label-equity"), write.money(notice.equity, quote)),
        *_change(notice, ctx),
        (ctx.text("label-profit"), f"{write.money(profit, quote, signed=True)} ({share})"),
        (ctx.text("label-cash"), write.money(notice.cash, quote)),
        (ctx.text("label-positions"), write.count(notice.positions)),
        *_extremes(notice, ctx),
    )
    return (*found, (ctx.text("label-alerts-waiting"), write.count(notice.alerts)))


def _change(notice: Digest, ctx: Context) -> tuple[tuple[str, str], ...]:
    if notice.before is None or notice.since is None:
        return ()
    change = notice.equity - notice.before
    share = ctx.format.percent(change / notice.before if notice.before else None, signed=True)
    label = ctx.text("label-change-since", since=ctx.format.brief_moment(notice.since, notice.since))
    return ((label, f"{ctx.format.money(change, notice.quote, signed=True)} ({share})"),)


def _extremes(notice: Digest, ctx: Context) -> tuple[tuple[str, str], ...]:
    """Returns the best position if it gains, and the worst if it loses; neither if there is only one."""
    best, worst = notice.best, notice.worst
    if best is None or worst is None:
        return ()
    gains = _position("label-best", best if best.profit > 0 else None, notice, ctx)
    return (*gains, *_position("label-worst", worst if worst.profit < 0 else None, notice, ctx))


def _position(label: str, held: DigestPosition | None, notice: Digest, ctx: Context) -> tuple[tuple[str, str], ...]:
    if held is None:
        return ()
    profit = ctx.format.money(held.profit, notice.quote, signed=True)
    return ((ctx.text(label), f"{pair_of(held.symbol, ctx)} {profit}"),)
