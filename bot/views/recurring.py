"""Texts and buttons of recurring buys, shared by answers and notifications."""

from decimal import Decimal

from bot.arguments.recurrence import WEEKDAYS
from bot.arguments.symbols import pair_of
from bot.arguments.times import time_text
from bot.context import Context
from bot.reply import Button
from bot.views.buttons import button
from core.recurrence import LAST_DAY, Frequency, Recurrence
from pipeline.errors import UnknownSymbol
from pipeline.market import Symbol
from trading.orders.types import Size
from trading.recurring.ports import size_parts


def order_words(symbol: Symbol, size: Size, ctx: Context) -> str:
    """Returns the order in words: `50 USDC of BTC`, `0.01 BTC`, `5% of your free USDC, of BTC`."""
    return order_parts_words(symbol, *size_parts(size), ctx)


def order_parts_words(symbol: Symbol, kind: str, figure: Decimal, ctx: Context) -> str:
    """Returns the order in words for a size that is given in its parts."""
    base, quote = _assets(symbol, ctx)
    shown = (
        ctx.format.percent(figure) if kind == "share" else ctx.format.amount(figure, base if kind == "base" else quote)
    )
    return ctx.text("repeat-order", kind=kind, size=shown, base=base, quote=quote)


def rhythm_words(rhythm: Recurrence, ctx: Context) -> str:
    """Returns the rhythm in words: `every day at 09:00`."""
    weekday = WEEKDAYS[rhythm.day] if rhythm.every is Frequency.WEEKLY else WEEKDAYS[0]
    day = "last" if rhythm.day == LAST_DAY else str(rhythm.day)
    named = ctx.text("repeat-weekday", day=weekday)
    return ctx.text("repeat-rhythm", every=rhythm.every.value, weekday=named, day=day, time=time_text(rhythm.minute))


def _assets(symbol: Symbol, ctx: Context) -> tuple[str, str]:
    try:
        rules = ctx.market.rules(symbol)
    except UnknownSymbol:
        return symbol, pair_of(symbol, ctx)
    return rules.base, rules.quote


def repeats_button(ctx: Context) -> Button | None:
    """Returns a button that lists the recurring buys."""
    return button(ctx.text("button-repeats"), "dca")


def plan_button(command: str, plan_id: int, ctx: Context) -> Button | None:
    """Returns a button such as `Pause 3`; `command` is pause, resume or remove."""
    return button(ctx.text(f"button-repeat-{command}", plan_id=str(plan_id)), f"dca_{command}", str(plan_id))
