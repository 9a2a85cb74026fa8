"""Texts and buttons of alerts, shared by answers and notifications."""

from decimal import Decimal

from bot.context import Context
from bot.reply import Button, Text, Tone
from bot.views.buttons import button
from bot.views.prices import price_text
from pipeline.market import Symbol
from trading.triggers.price_levels import Direction

_SIGNS = {Direction.ABOVE: "≥", Direction.BELOW: "≤"}


def condition(direction: Direction, level: Decimal, symbol: Symbol, ctx: Context) -> str:
    """Returns the condition as text: `≥ 70,000.00`."""
    return f"{_SIGNS[direction]} {price_text(level, symbol, ctx)}"


def alert_number(alert_id: int, ctx: Context) -> tuple[Text, ...]:
    """Returns the number of the alert in a public chat, to distinguish it from alerts of other users without naming
    one.
    """
    said = ctx.text("alert-number", alert_id=str(alert_id))
    return (Text(said, Tone.NOTE),) if ctx.inbound.public else ()


def alerts_button(ctx: Context) -> Button | None:
    """Returns a button that lists the waiting alerts."""
    return button(ctx.text("button-alerts"), "alerts")


def announcement(text: str, ctx: Context) -> tuple[Text, ...]:
    """Returns a broadcast as every user sees it."""
    return (Text(ctx.text("push-broadcast-title"), Tone.TITLE), Text(text))
