"""How alerts are put, in answers and in notices alike."""

from decimal import Decimal

from bot.context import Context
from bot.reply import Button, Text, Tone
from bot.views.buttons import button
from bot.views.prices import price_text
from pipeline.market import Symbol
from trading.triggers.price_levels import Direction

_SIGNS = {Direction.ABOVE: "≥", Direction.BELOW: "≤"}


def condition(direction: Direction, level: Decimal, symbol: Symbol, ctx: Context) -> str:
    """`≥ 70,000.00`."""
    return f"{_SIGNS[direction]} {price_text(level, symbol, ctx)}"


def alert_number(alert_id: int, ctx: Context) -> tuple[Text, ...]:
    """Tells the alert from those of others where others read along; it names nobody."""
    said = ctx.say("alert-number", alert_id=str(alert_id))
    return (Text(said, Tone.NOTE),) if ctx.inbound.public else ()


def alerts_button(ctx: Context) -> Button | None:
    """Lists the alerts that wait."""
    return button(ctx.say("button-alerts"), "alerts")


def announcement(text: str, ctx: Context) -> tuple[Text, ...]:
    """What everyone is told, as everyone sees it."""
    return (Text(ctx.say("push-broadcast-title"), Tone.TITLE), Text(text))
