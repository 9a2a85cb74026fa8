"""Condition alerts: setting and listing them, and their part of the buttons of alerts."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.arguments.alert_conditions import ConditionLevel
from bot.arguments.alert_levels import AlertTimes
from bot.arguments.alert_options import AlertOption
from bot.arguments.order_prices import TrailingDistance
from bot.arguments.order_references import OrderNumber
from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.reachable_chats import chat_of
from bot.reply import Align, Block, Button, Column, Reply, Table, Text, Tone
from bot.views.alerts import alert_number, alerts_button, end_text, note_text, pause_of
from bot.views.buttons import ROW, button, rows
from bot.views.condition_alerts import (
    back_text,
    condition_text,
    conditions_button,
    figure_text,
)
from bot.views.prices import chart_button, enter, fresh_quote, refuse_delisted, source_note, status_notes
from bot.views.resting_terms import deciding_price
from core.decimals import EXACT
from core.errors import DeskError
from people.notifications.errors import NotALevel
from pipeline.errors import MarketUnavailable
from pipeline.market import Quote
from trading.alerts.condition_alerts import ConditionAlert, NewCondition, NewConditionAlert, check_condition
from trading.alerts.condition_figures import Figure, figure_now
from trading.alerts.errors import TrailingOrderWatched, UnknownAlert
from trading.alerts.ports import AlertState, check_level
from trading.orders.errors import OrderNotOpen, UnknownOrderId
from trading.rules.price_levels import price_levels
from trading.rules.rule import parse_condition
from trading.triggers.conditions import Condition, Measure
from trading.triggers.price_levels import Direction

_BASIS_POINTS = -4
_NEAR = TrailingDistance(100)


async def set_condition_alert(
    ctx: Context, quote: Quote, wanted: ConditionLevel, times: AlertTimes, options: AlertOption
) -> Reply:
    """Sets an alert on a condition. Raises TooManyConditionAlerts, SameAlert and LevelOutOfRange."""
    _check_levels(wanted.condition, quote)
    figure = await _figure(wanted.condition, quote, ctx)
    condition = _directed(wanted, figure)
    new = NewConditionAlert(
        command_id=ctx.request_id,
        person_id=ctx.person.person_id,
        chat=chat_of(ctx.inbound),
        market=ctx.market.info().market,
        symbol=quote.symbol,
        condition=condition,
        rearm=condition.rearm(ctx.services.settings.alert_distance),
        repeat=times is AlertTimes.EVERY,
        ready=not condition.reached(figure.value),
        market_time=ctx.market.now(),
        pause_ms=pause_of(options, ctx),
        note=options.note or "",
        expires_at=options.expires_at,
    )
    made = await ctx.services.condition_alerts.create(new)
    elsewhere = (Text(ctx.text("alert-elsewhere"), Tone.WARNING),) if ctx.inbound.elsewhere else ()
    return Reply((*_armed(made, figure, ctx), *elsewhere, *source_note(ctx), *_buttons(made, ctx)))


def _check_levels(condition: Condition, quote: Quote) -> None:
    """Raises LevelOutOfRange for a rule with a price that no alert can wait for."""
    if condition.measure is Measure.RULE:
        for level in price_levels(parse_condition(condition.rule)):
            check_level(quote.symbol, level, quote.price)


async def alert_order(ctx: Context, order_id: OrderNumber, distance: TrailingDistance = _NEAR) -> Reply:
    """Sets an alert for when the market comes near an open order. Raises UnknownOrderId, OrderNotOpen,
    TrailingOrderWatched.
    """
    account, _ = await enter(ctx)
    found = await ctx.orders.order(account, order_id)
    if found is None:
        raise UnknownOrderId(order_id)
    if not found.status.open:
        raise OrderNotOpen(order_id, found.status.value)
    price = deciding_price(found)
    if found.terms.trailing_delta is not None or price is None:
        raise TrailingOrderWatched(order_id)
    quote = await fresh_quote(found.terms.symbol, ctx)
    direction = Direction.BELOW if quote.price >= price else Direction.ABOVE
    level = EXACT.scaleb(Decimal(distance.delta), _BASIS_POINTS)
    condition = Condition(Measure.ORDER, direction, level, order_id=order_id, reference=price)
    check_condition(condition)
    return await set_condition_alert(ctx, quote, ConditionLevel(condition), AlertTimes.ONCE, AlertOption())


async def _figure(condition: Condition, quote: Quote, ctx: Context) -> Figure:
    """Returns the figure now; an unknown one if the candles cannot be read."""
    try:
        return await figure_now(condition, quote, ctx.market)
    except MarketUnavailable:
        return Figure(float("nan"))


def _directed(wanted: ConditionLevel, figure: Figure) -> Condition:
    """Returns the condition; one that crosses is met on the side where the figure is not."""
    if not wanted.crosses or not figure.is_known:
        return wanted.condition
    return replace(wanted.condition, direction=Direction.BELOW if figure.value >= 0 else Direction.ABOVE)


def _armed(made: ConditionAlert, figure: Figure | None, ctx: Context) -> tuple[Text, ...]:
    condition, symbol = made.condition, made.symbol
    words = {"symbol": pair_of(symbol, ctx), "condition": condition_text(condition, symbol, ctx)}
    said = ctx.text("condition-set", times="every" if made.repeat else "once", **words)
    back = back_text(condition, made.awaited_return, symbol, ctx)
    again = (
        (Text(ctx.text("condition-again", back=back, pause=ctx.format.age(made.pause_ms)), Tone.NOTE),)
        if made.repeat
        else ()
    )
    met = figure is not None and condition.reached(figure.value)
    waits = Text(ctx.text("condition-beyond" if met else "condition-waits", back=back), Tone.NOTE)
    beyond = () if made.ready else (waits,)
    number = alert_number(made.alert_id, ctx)
    return (
        Text(said),
        *note_text(made.note, ctx),
        *_now(made, figure, ctx),
        *again,
        *beyond,
        *end_text(made.expires_at, ctx),
        *number,
    )


def _now(made: ConditionAlert, figure: Figure | None, ctx: Context) -> tuple[Text, ...]:
    """Returns the figure now, or how much of it is known."""
    if figure is None:
        return ()
    if figure.is_known:
        shown = figure_text(made.condition, figure.value, figure.base, made.symbol, ctx)
        return (Text(ctx.text("condition-now", figure=shown)),)
    if not made.condition.reads_candles:
        return (Text(ctx.text("condition-unknown"), Tone.NOTE),)
    needed = made.condition.warm_up
    known = ctx.text(
        "condition-warms-up", known=str(figure.known), needed=str(needed), interval=made.condition.interval.value
    )
    return (Text(known, Tone.NOTE),)


def _buttons(made: ConditionAlert, ctx: Context) -> tuple[Block, ...]:
    number = str(made.alert_id)
    cancel = button(ctx.text("button-alert-cancel"), "alert_cancel", number)
    edit = None if made.condition.order_id else button(ctx.text("button-condition-edit"), "alert_edit", number)
    mute = button(ctx.text("button-mute"), "alert_mute", number)
    return rows([chart_button(made.symbol, ctx), edit, mute, cancel], [conditions_button(ctx), alerts_button(ctx)])


# -- the list ----------------------------------------------------------------------------------


async def alerts_conditions(ctx: Context) -> Reply:
    """Lists the condition alerts, with buttons that cancel, change and resume them."""
    found = await waiting_conditions(ctx)
    title = Text(ctx.text("condition-title"), Tone.TITLE)
    if not found:
        return Reply((title, Text(ctx.text("condition-none")), *rows([alerts_button(ctx)])))
    cancels = [_numbered("button-alert-cancel-one", "alert_cancel", one, ctx) for one in found[: 2 * ROW]]
    changes = [_change_button(one, ctx) for one in found[: 2 * ROW]]
    halted = status_notes(list(dict.fromkeys(one.symbol for one in found)), ctx)
    buttons = rows(cancels[:ROW], cancels[ROW:], changes[:ROW], changes[ROW:], [alerts_button(ctx)])
    return Reply((title, conditions_table(found, ctx), *halted, *source_note(ctx), *buttons))


def _change_button(one: ConditionAlert, ctx: Context) -> Button | None:
    if one.state is AlertState.MUTED:
        return _numbered("button-alert-resume", "alert_repeat", one, ctx)
    return None if one.condition.order_id else _numbered("button-alert-edit-one", "alert_edit", one, ctx)


def _numbered(label: str, command: str, one: ConditionAlert, ctx: Context) -> Button | None:
    return button(ctx.text(label, alert_id=str(one.alert_id)), command, str(one.alert_id))


async def waiting_conditions(ctx: Context) -> Sequence[ConditionAlert]:
    """Returns the user's own waiting condition alerts, the newest first."""
    return await ctx.services.condition_alerts.waiting(ctx.person.person_id, ctx.market.info().market)


def conditions_section(found: Sequence[ConditionAlert], ctx: Context) -> tuple[Block, ...]:
    """Returns the section of condition alerts in a list of all alerts."""
    return (Text(ctx.text("condition-title"), Tone.TITLE), conditions_table(found, ctx)) if found else ()


def conditions_table(found: Sequence[ConditionAlert], ctx: Context) -> Table:
    """Returns a table with one row for each alert; a note has a column if one is there."""
    noted = any(one.note for one in found)
    columns = (
        Column(ctx.text("label-alert"), Align.RIGHT),
        Column(ctx.text("label-symbol")),
        Column(ctx.text("label-condition")),
        Column(ctx.text("label-alert-state")),
        *((Column(ctx.text("label-note")),) if noted else ()),
    )
    return Table(columns, tuple((*_row(one, ctx), *((one.note,) if noted else ())) for one in found))


def _row(one: ConditionAlert, ctx: Context) -> tuple[str, ...]:
    back = back_text(one.condition, one.awaited_return, one.symbol, ctx)
    state = ctx.text("condition-every", back=back) if one.repeat else ctx.text("choice-once")
    shown = ctx.text("choice-muted") if one.state is AlertState.MUTED else state
    return (str(one.alert_id), pair_of(one.symbol, ctx), condition_text(one.condition, one.symbol, ctx), shown)


# -- buttons -----------------------------------------------------------------------------------


async def cancel_condition_alert(ctx: Context, alert_id: int) -> Reply:
    """Cancels a condition alert. Raises UnknownAlert."""
    return _done("alert-cancelled", await ctx.services.condition_alerts.cancel(ctx.person.person_id, alert_id), ctx)


async def mute_condition_alert(ctx: Context, alert_id: int) -> Reply:
    """Mutes a condition alert until it is resumed. Raises UnknownAlert."""
    return _muted(await ctx.services.condition_alerts.mute(ctx.person.person_id, alert_id), ctx)


def _muted(muted: ConditionAlert, ctx: Context) -> Reply:
    return _done("alert-muted", muted, ctx, _numbered("button-alert-resume", "alert_repeat", muted, ctx))


def _done(text: str, one: ConditionAlert, ctx: Context, *more: Button | None) -> Reply:
    said = ctx.text(text, symbol=pair_of(one.symbol, ctx), condition=condition_text(one.condition, one.symbol, ctx))
    return Reply((Text(said), *rows([*more, conditions_button(ctx), alerts_button(ctx)])))


async def edit_condition_alert(ctx: Context, alert_id: int, wanted: object) -> Reply:
    """Changes the condition of an alert, or asks for the new one if `wanted` is None. Raises UnknownAlert and
    NotALevel.
    """
    one = await ctx.services.condition_alerts.find(ctx.person.person_id, alert_id)
    words = {"symbol": pair_of(one.symbol, ctx), "condition": condition_text(one.condition, one.symbol, ctx)}
    if one.state not in (AlertState.ARMED, AlertState.MUTED) or one.condition.order_id is not None:
        raise UnknownAlert(alert_id)
    if wanted is None:
        asked = Text(ctx.text("condition-edit-ask", **words))
        return Reply((asked, *rows([conditions_button(ctx), alerts_button(ctx)])), asks=f"alert_edit {alert_id}")
    if not isinstance(wanted, ConditionLevel):
        raise NotALevel(words["condition"])
    quote = await fresh_quote(one.symbol, ctx)
    _check_levels(wanted.condition, quote)
    figure = await _figure(wanted.condition, quote, ctx)
    condition = _directed(wanted, figure)
    rearm, ready = condition.rearm(ctx.services.settings.alert_distance), not condition.reached(figure.value)
    await ctx.services.condition_alerts.bring(ctx.person.person_id, alert_id, chat_of(ctx.inbound))
    change = NewCondition(condition, rearm, ready, ctx.market.now())
    changed = await ctx.services.condition_alerts.edit(ctx.person.person_id, alert_id, change)
    if changed.state is AlertState.MUTED:
        return _muted(changed, ctx)
    return Reply((*_armed(changed, figure, ctx), *source_note(ctx), *_buttons(changed, ctx)))


async def repeat_condition_alert(ctx: Context, alert_id: int) -> Reply:
    """Makes a condition alert a repeating one. Raises UnknownAlert, TooManyConditionAlerts, SymbolHalted."""
    one = await ctx.services.condition_alerts.find(ctx.person.person_id, alert_id)
    refuse_delisted(one.symbol, ctx)
    figure = await _figure_or_none(one, ctx)
    ready = figure is not None and figure.is_known and not one.condition.reached(figure.value)
    person, store = ctx.person.person_id, ctx.services.condition_alerts
    await store.bring(person, alert_id, chat_of(ctx.inbound))
    again = await store.repeat(person, alert_id, ready=ready, market_time=ctx.market.now())
    return Reply((*_armed(again, figure, ctx), *source_note(ctx), *_buttons(again, ctx)))


async def _figure_or_none(one: ConditionAlert, ctx: Context) -> Figure | None:
    """Returns the figure now; None without a fresh price. Then the alert waits until a figure shows its side."""
    try:
        return await _figure(one.condition, await fresh_quote(one.symbol, ctx), ctx)
    except DeskError:
        return None
