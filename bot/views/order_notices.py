"""Notifications about orders that rest: triggered and ended. Their fills are in `bot.views.fills`."""

from collections.abc import Sequence
from decimal import Decimal

from bot.context import Context
from bot.reply import Block, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.prices import chart_button, price_text, source_note
from bot.views.resting import orders_button
from bot.views.resting_terms import trade_words
from pipeline.errors import MarketUnavailable
from pipeline.market import Symbol
from trading.orders.notices import OrderEnded, OrderTriggered

_MOST_BUTTONS = 3


def triggered(notices: Sequence[OrderTriggered], ctx: Context) -> Reply:
    """Returns the message about one or several orders whose stop price was reached."""
    title = Text(ctx.text("push-order-triggered", count=len(notices)), Tone.TITLE)
    said = tuple(Text(_triggered(notice, ctx)) for notice in notices)
    return Reply((title, *said, *_source(ctx), *_ways(notices, ctx)))


def _triggered(notice: OrderTriggered, ctx: Context) -> str:
    return ctx.text(
        "push-order-triggered-line",
        order_id=str(notice.order_id),
        trade=trade_words(notice.side, notice.quantity, notice.base, ctx),
        price=price_text(notice.price, notice.symbol, ctx),
    )


def ended(notices: Sequence[OrderEnded], ctx: Context) -> Reply:
    """Returns the message about one or several orders that ended before they were filled, with the reason."""
    title = Text(ctx.text("push-order-ended", count=len(notices)), Tone.TITLE)
    said = tuple(Text(_ended(notice, ctx)) for notice in notices)
    return Reply((title, *said, *_source(ctx), *_ways(notices, ctx)))


def _ended(notice: OrderEnded, ctx: Context) -> str:
    return ctx.text(
        "push-order-ended-line",
        reason=notice.reason.value,
        order_id=str(notice.order_id),
        trade=trade_words(notice.side, notice.quantity, notice.base, ctx),
        progress=_progress(notice.filled, notice.base, ctx),
    )


def _progress(filled: Decimal, base: str, ctx: Context) -> str:
    return ctx.text("push-order-progress", filled=ctx.format.amount(filled, base) if filled else "none")


def _ways(notices: Sequence[OrderTriggered | OrderEnded], ctx: Context) -> tuple[Block, ...]:
    cards = [
        button(ctx.text("button-order", order_id=str(notice.order_id)), "order", str(notice.order_id))
        for notice in notices[:_MOST_BUTTONS]
    ]
    symbols: dict[Symbol, None] = dict.fromkeys(notice.symbol for notice in notices)
    charts = [chart_button(symbol, ctx) for symbol in symbols] if len(symbols) == 1 else []
    return rows([*cards, *charts, orders_button(ctx)])


def _source(ctx: Context) -> tuple[Text, ...]:
    try:
        return source_note(ctx)
    except MarketUnavailable:
        return ()
