"""Texts and buttons of alerts, shared by answers and notifications."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.arguments.alert_options import AlertOption
from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.reply import Align, Block, Button, Column, Reply, Table, Text, Tone
from bot.views.buttons import button, rows
from bot.views.prices import level_text, price_text
from pipeline.market import Quote, Symbol
from trading.alerts.notices import AlertFired
from trading.triggers.price_levels import Direction

_SIGNS = {Direction.ABOVE: "≥", Direction.BELOW: "≤"}


def condition(direction: Direction, level: Decimal, symbol: Symbol, ctx: Context) -> str:
    """Returns the condition as text: `≥ 70,000.00`."""
    return f"{_SIGNS[direction]} {level_text(level, symbol, ctx)}"


def alert_number(alert_id: int, ctx: Context) -> tuple[Text, ...]:
    """Returns the number of the alert in a public chat, to distinguish it from alerts of other users without naming
    one.
    """
    said = ctx.text("alert-number", alert_id=str(alert_id))
    return (Text(said, Tone.NOTE),) if ctx.inbound.public else ()


def note_text(note: str, ctx: Context) -> tuple[Text, ...]:
    """Returns the user's note, if there is one."""
    return (Text(ctx.text("alert-note", note=note)),) if note else ()


def end_text(expires_at: int | None, ctx: Context) -> tuple[Text, ...]:
    """Returns when the alert ends, if it does. `expires_at` is UTC ms."""
    if expires_at is None:
        return ()
    return (Text(ctx.text("alert-expires", time=ctx.format.moment(expires_at)), Tone.NOTE),)


def pause_of(options: AlertOption, ctx: Context) -> int:
    """Returns the least time between two messages of a repeating alert, ms: the chosen one, else the operator's."""
    usual = ctx.services.settings.alert_pause_seconds * 1000
    return usual if options.pause_ms is None else options.pause_ms


def alerts_button(ctx: Context) -> Button | None:
    """Returns a button that lists the waiting alerts."""
    return button(ctx.text("button-alerts"), "alerts")


def several_reached(
    notices: Sequence[AlertFired], quotes: Mapping[Symbol, Quote], notes: Sequence[Block], ctx: Context
) -> Reply:
    """Returns a table with one row for each level that was reached."""
    columns = (
        *((Column(ctx.text("label-alert"), Align.RIGHT),) if ctx.inbound.public else ()),
        Column(ctx.text("label-symbol")),
        Column(ctx.text("label-level"), Align.RIGHT),
        Column(ctx.text("label-price-now"), Align.RIGHT),
        Column(ctx.text("label-time")),
    )
    table = Table(columns, tuple(_row(notice, quotes.get(notice.symbol), ctx) for notice in notices))
    symbols = dict.fromkeys(notice.symbol for notice in notices)
    charts: list[Button | None] = [button(pair_of(symbol, ctx), "chart", symbol) for symbol in symbols]
    title = Text(ctx.text("push-alerts-title", count=len(notices)), Tone.TITLE)
    return Reply((title, table, *notes, *rows(charts, [alerts_button(ctx)])))


def _row(notice: AlertFired, quote: Quote | None, ctx: Context) -> tuple[str, ...]:
    return (
        *((str(notice.alert_id),) if ctx.inbound.public else ()),
        pair_of(notice.symbol, ctx),
        condition(notice.direction, notice.level, notice.symbol, ctx),
        price_text(None if quote is None else quote.price, notice.symbol, ctx),
        ctx.format.brief_moment(notice.time, notice.time),
    )


def announcement(text: str, ctx: Context) -> tuple[Text, ...]:
    """Returns a broadcast as every user sees it."""
    return (Text(ctx.text("push-broadcast-title"), Tone.TITLE), Text(text))
