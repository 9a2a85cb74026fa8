"""Texts and buttons of condition alerts, shared by answers and notifications."""

from collections.abc import Sequence
from decimal import Decimal
from math import isfinite

from bot.arguments.alert_conditions import span_name
from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.reply import Align, Block, Button, Column, Fields, Reply, Table, Text, Tone
from bot.views.alerts import alert_number, alerts_button, note_text
from bot.views.buttons import button, rows
from bot.views.prices import buy_button, chart_button, price_text
from pipeline.market import MINUTE_MS, Interval, Symbol
from trading.alerts.condition_alerts import window_minutes
from trading.alerts.notices import ConditionFired
from trading.triggers.conditions import EXTREMES, Condition, Measure
from trading.triggers.price_levels import Direction

_SIGNS = {Direction.ABOVE: "≥", Direction.BELOW: "≤"}
_INTERVALS = {interval.ms // MINUTE_MS: interval for interval in Interval}
_SHARES = frozenset((Measure.CHANGE, Measure.VOLATILITY, Measure.SMA, Measure.EMA))
_SIGNED = frozenset((Measure.CHANGE, Measure.SMA, Measure.EMA))


def condition_text(condition: Condition, symbol: Symbol, ctx: Context) -> str:
    """Returns the condition as text: `RSI(14) ≤ 30 (1h)`."""
    measure = condition.measure
    crossing = measure in {Measure.SMA, Measure.EMA} and condition.level == 0
    key = f"condition-{measure.value}-{condition.direction.value}" if crossing else f"condition-{measure.value}"
    return ctx.text(
        key,
        sign=_SIGNS[condition.direction],
        level=_level_text(measure, condition.level, ctx),
        length=str(condition.length),
        interval=condition.interval.value,
        window="24h" if condition.of_the_day else span_name(window_minutes(condition)),
        order_id=str(condition.order_id or 0),
        price=price_text(condition.reference, symbol, ctx),
        rule=condition.rule,
    )


def _level_text(measure: Measure, level: Decimal, ctx: Context) -> str:
    if measure in _SHARES or measure is Measure.ORDER:
        return ctx.format.percent(level, signed=measure in _SIGNED)
    return ctx.format.quantity(level)


def figure_text(condition: Condition, figure: float, base: float, symbol: Symbol, ctx: Context) -> str:
    """Returns the figure as text: `RSI 45.2`, `+1.20% (from 58,000.00)`."""
    measure = condition.measure
    if measure is Measure.RULE:
        return ctx.text("figure-rule", figure=int(figure))
    value = Decimal(str(round(figure, 6)))
    shown = ctx.format.percent(value, signed=measure in _SIGNED or measure in EXTREMES)
    if measure is Measure.ORDER:
        shown = price_text(value, symbol, ctx)
    elif measure not in _SHARES | EXTREMES:
        shown = ctx.format.quantity(round(value, 1 if measure is Measure.RSI else 2))
    against = price_text(Decimal(str(base)), symbol, ctx) if isfinite(base) and base > 0 else ctx.format.price(None)
    return ctx.text(f"figure-{measure.value}", figure=shown, base=against)


def back_text(condition: Condition, rearm: Decimal, symbol: Symbol, ctx: Context) -> str:
    """Returns the figure to which it must return before the alert is ready: `28`, `1% below the highest price`."""
    measure = condition.measure
    if measure is Measure.ORDER:
        return price_text(rearm, symbol, ctx)
    if measure is Measure.RULE:
        return ctx.text("back-rule")
    if measure in EXTREMES:
        return ctx.text(f"back-{measure.value}", share=ctx.format.percent(abs(rearm)))
    return _level_text(measure, rearm, ctx)


def conditions_button(ctx: Context) -> Button | None:
    """Returns a button that lists the condition alerts."""
    return button(ctx.text("button-conditions"), "alerts_conditions")


def condition_of(notice: ConditionFired) -> Condition:
    """Returns the condition that was met."""
    return Condition(
        notice.measure,
        notice.direction,
        notice.level,
        _INTERVALS[notice.minutes],
        notice.length,
        notice.order_id,
        notice.reference,
        notice.rule,
    )


def met(notice: ConditionFired, now: tuple[tuple[str, str], ...], middle: Sequence[Block], ctx: Context) -> Reply:
    """Returns the message of one condition: its figure and price, those of now, and the picture with its notes."""
    condition, symbol = condition_of(notice), notice.symbol
    fields = Fields(
        (
            (ctx.text("label-figure"), figure_text(condition, notice.figure, notice.base, symbol, ctx)),
            (ctx.text("label-alert-price"), price_text(Decimal(str(notice.price)), symbol, ctx)),
            (ctx.text("label-time"), ctx.format.moment(notice.time)),
            *now,
        )
    )
    words = {"symbol": pair_of(symbol, ctx), "condition": condition_text(condition, symbol, ctx)}
    title = Text(ctx.text("push-condition", **words), Tone.TITLE)
    whose = alert_number(notice.alert_id, ctx)
    return Reply((title, *whose, *note_text(notice.note, ctx), fields, *middle, *_buttons(notice, ctx)))


def several_met(notices: Sequence[ConditionFired], notes: Sequence[Block], ctx: Context) -> Reply:
    """Returns a table with one row for each condition."""
    columns = (
        *((Column(ctx.text("label-alert"), Align.RIGHT),) if ctx.inbound.public else ()),
        Column(ctx.text("label-symbol")),
        Column(ctx.text("label-condition")),
        Column(ctx.text("label-figure"), Align.RIGHT),
        Column(ctx.text("label-time")),
    )
    title = Text(ctx.text("push-conditions-title", count=len(notices)), Tone.TITLE)
    table = Table(columns, tuple(_row(notice, ctx) for notice in notices))
    symbols = dict.fromkeys(notice.symbol for notice in notices)
    charts: list[Button | None] = [button(pair_of(symbol, ctx), "chart", symbol) for symbol in symbols]
    return Reply((title, table, *notes, *rows(charts, [conditions_button(ctx), alerts_button(ctx)])))


def _row(notice: ConditionFired, ctx: Context) -> tuple[str, ...]:
    condition = condition_of(notice)
    return (
        *((str(notice.alert_id),) if ctx.inbound.public else ()),
        pair_of(notice.symbol, ctx),
        condition_text(condition, notice.symbol, ctx),
        figure_text(condition, notice.figure, notice.base, notice.symbol, ctx),
        ctx.format.brief_moment(notice.time, notice.time),
    )


def _buttons(notice: ConditionFired, ctx: Context) -> tuple[Block, ...]:
    number, symbol = str(notice.alert_id), notice.symbol
    again = (
        button(ctx.text("button-mute"), "alert_mute", number)
        if notice.repeat
        else button(ctx.text("button-repeat"), "alert_repeat", number)
    )
    order = (
        button(ctx.text("button-order", order_id=str(notice.order_id)), "order", str(notice.order_id))
        if notice.order_id
        else buy_button(symbol, ctx)
    )
    return rows([chart_button(symbol, ctx), order, again], [conditions_button(ctx), alerts_button(ctx)])
