"""Texts and buttons of range alerts, shared by answers and notifications."""

from collections.abc import Sequence
from decimal import Decimal

from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.reply import Align, Block, Button, Column, Fields, Reply, Table, Text, Tone
from bot.views.alerts import alert_number, alerts_button, note_text
from bot.views.buttons import button, rows
from bot.views.forecasts import span_words
from bot.views.prices import buy_button, chart_button, price_text
from pipeline.market import Symbol
from trading.alerts.notices import RangeFired
from trading.triggers.price_ranges import PriceRange


def range_condition(fraction: Decimal, minutes: int, ctx: Context) -> str:
    """Returns the condition as text: `↕ ≥ 3%, 1 hour`."""
    return ctx.text("range-condition", range=ctx.format.percent(fraction), window=span_words(minutes, ctx))


def ranges_button(ctx: Context) -> Button | None:
    """Returns a button that lists the range alerts."""
    return button(ctx.text("button-ranges"), "alerts_ranges")


def ends_text(found: PriceRange, symbol: Symbol, ctx: Context) -> tuple[str, str]:
    """Returns the lowest and the highest price as text."""
    return price_text(found.low, symbol, ctx), price_text(found.high, symbol, ctx)


def ranged(notice: RangeFired, now: tuple[tuple[str, str], ...], middle: Sequence[Block], ctx: Context) -> Reply:
    """Returns the message of one range: its prices, those of now, and the picture with its notes."""
    found = PriceRange(notice.low, notice.high)
    low, high = ends_text(found, notice.symbol, ctx)
    fields = Fields(
        (
            (ctx.text("label-asked"), range_condition(notice.fraction, notice.window, ctx)),
            (ctx.text("label-lowest"), low),
            (ctx.text("label-highest"), high),
            (ctx.text("label-time"), ctx.format.moment(notice.time)),
            *now,
        )
    )
    title = Text(ctx.text("push-range", **_words(notice, ctx)), Tone.TITLE)
    whose = (*alert_number(notice.alert_id, ctx), *note_text(notice.note, ctx))
    return Reply((title, *whose, fields, *middle, *_buttons(notice, ctx)))


def several_ranged(notices: Sequence[RangeFired], notes: Sequence[Block], ctx: Context) -> Reply:
    """Returns a table with one row for each range."""
    columns = (
        *((Column(ctx.text("label-alert"), Align.RIGHT),) if ctx.inbound.public else ()),
        Column(ctx.text("label-symbol")),
        Column(ctx.text("label-price-range"), Align.RIGHT),
        Column(ctx.text("label-window")),
        Column(ctx.text("label-lowest"), Align.RIGHT),
        Column(ctx.text("label-highest"), Align.RIGHT),
        Column(ctx.text("label-time")),
    )
    title = Text(ctx.text("push-ranges-title", count=len(notices)), Tone.TITLE)
    table = Table(columns, tuple(_row(notice, ctx) for notice in notices))
    symbols = dict.fromkeys(notice.symbol for notice in notices)
    charts: list[Button | None] = [button(pair_of(symbol, ctx), "chart", symbol) for symbol in symbols]
    return Reply((title, table, *notes, *rows(charts, [ranges_button(ctx), alerts_button(ctx)])))


def _row(notice: RangeFired, ctx: Context) -> tuple[str, ...]:
    found = PriceRange(notice.low, notice.high)
    return (
        *((str(notice.alert_id),) if ctx.inbound.public else ()),
        pair_of(notice.symbol, ctx),
        ctx.format.percent(found.fraction),
        span_words(notice.window, ctx),
        *ends_text(found, notice.symbol, ctx),
        ctx.format.brief_moment(notice.time, notice.time),
    )


def _words(notice: RangeFired, ctx: Context) -> dict[str, str]:
    return {
        "symbol": pair_of(notice.symbol, ctx),
        "range": ctx.format.percent(PriceRange(notice.low, notice.high).fraction),
        "window": span_words(notice.window, ctx),
    }


def _buttons(notice: RangeFired, ctx: Context) -> tuple[Block, ...]:
    number = str(notice.alert_id)
    again = (
        button(ctx.text("button-alert-cancel"), "alert_cancel", number)
        if notice.repeat
        else button(ctx.text("button-repeat"), "alert_repeat", number)
    )
    symbol = notice.symbol
    return rows([chart_button(symbol, ctx), buy_button(symbol, ctx), again], [ranges_button(ctx), alerts_button(ctx)])
