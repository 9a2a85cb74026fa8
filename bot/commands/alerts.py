"""Price alerts: setting and listing them, and their buttons."""

from contextlib import suppress
from decimal import Decimal

from bot.arguments.alert_conditions import ConditionLevel
from bot.arguments.alert_levels import AbsoluteLevel, AlertLevel, AlertTimes, PriceLevel, RelativeLevel, level_from
from bot.arguments.alert_options import AlertOption, options_of
from bot.arguments.plain_words import Number
from bot.arguments.price_ranges import RangeLevel
from bot.arguments.symbols import pair_of, short_name
from bot.arguments.table import READERS
from bot.command import OneOrMore
from bot.commands.condition_alerts import (
    cancel_condition_alert,
    edit_condition_alert,
    mute_condition_alert,
    repeat_condition_alert,
    set_condition_alert,
)
from bot.commands.range_alerts import cancel_range_alert, repeat_range_alert, set_range_alert
from bot.commands.waiting_alerts import numbered, price_back
from bot.context import Context
from bot.reachable_chats import chat_of
from bot.reply import Block, Button, Reply, Text, Tone
from bot.views.alerts import alert_number, alerts_button, condition, end_text, note_text, pause_of
from bot.views.buttons import button, rows
from bot.views.condition_alerts import condition_text
from bot.views.prices import chart_button, fresh_quote, level_text, price_text, refuse_delisted, source_note
from bot.views.range_alerts import range_condition
from core.decimals import EXACT
from core.errors import DeskError
from people.notifications.errors import NotALevel
from pipeline.market import Quote, Symbol
from trading.alerts.errors import UnknownAlert
from trading.alerts.ports import Alert, AlertState, NewAlert, NewLevel, check_level, direction_of, rearm_of
from trading.triggers.price_levels import Direction, reached


async def alert(
    ctx: Context,
    symbol: Symbol,
    level: AlertLevel,
    times: AlertTimes = AlertTimes.ONCE,
    extras: OneOrMore[AlertOption] = OneOrMore(),  # noqa: B008 - an empty tuple
) -> Reply:
    """Sets an alert on a price, a range or a condition; the notification goes to the chat of the request."""
    quote, options = await fresh_quote(symbol, ctx), options_of(extras)
    if isinstance(level, ConditionLevel):
        return await set_condition_alert(ctx, quote, level, times, options)
    if isinstance(level, RangeLevel):
        return await set_range_alert(ctx, quote, level, times, options)
    direction, price = _wanted(level, quote, ctx)
    inbound = ctx.inbound
    new = NewAlert(
        command_id=ctx.request_id,
        person_id=ctx.person.person_id,
        chat=chat_of(inbound),
        market=ctx.market.info().market,
        symbol=symbol,
        direction=direction,
        level=price,
        repeat=times is AlertTimes.EVERY,
        ready=not reached(direction, price, quote.price),
        market_time=ctx.market.now(),
        rearm=_rearm(symbol, direction, price, ctx),
        pause_ms=pause_of(options, ctx),
        note=options.note or "",
        expires_at=options.expires_at,
    )
    made = await ctx.alerts.create(new)
    elsewhere = (Text(ctx.text("alert-elsewhere"), Tone.WARNING),) if inbound.elsewhere else ()
    return Reply((*_armed(made, quote, ctx), *elsewhere, *source_note(ctx), *_buttons(made, ctx)))


def _wanted(level: PriceLevel, quote: Quote, ctx: Context) -> tuple[Direction, Decimal]:
    """Returns the direction and the level. Raises LevelOutOfRange and LevelAtPrice."""
    symbol, price = quote.symbol, quote.price
    match level:
        case RelativeLevel(fraction):
            chosen, wanted = None, level_from(price, fraction, ctx.market.rules(symbol).tick_size)
        case AbsoluteLevel(chosen, wanted):
            pass
    check_level(symbol, wanted, price)
    return chosen or direction_of(symbol, wanted, price), wanted


def _rearm(symbol: Symbol, direction: Direction, level: Decimal, ctx: Context) -> Decimal:
    return rearm_of(direction, level, ctx.services.settings.alert_distance, ctx.market.rules(symbol).tick_size)


def _armed(made: Alert, quote: Quote | None, ctx: Context) -> tuple[Text, ...]:
    times = "every" if made.repeat else "once"
    said = ctx.text(
        f"alert-set-{made.direction.value}",
        times=times,
        symbol=pair_of(made.symbol, ctx),
        level=level_text(made.level, made.symbol, ctx),
    )
    now = () if quote is None else (Text(ctx.text("alert-now", price=price_text(quote.price, made.symbol, ctx))),)
    back = level_text(price_back(made), made.symbol, ctx)
    beyond = () if made.ready else (Text(ctx.text(f"alert-beyond-{made.direction.value}", back=back), Tone.NOTE),)
    own = (*note_text(made.note, ctx), *now, *_again(made, ctx), *beyond, *end_text(made.expires_at, ctx))
    return (Text(said), *own, *alert_number(made.alert_id, ctx))


def _again(made: Alert, ctx: Context) -> tuple[Text, ...]:
    """Returns the conditions between two messages of a repeating alert: the price to cross back and the pause."""
    if not made.repeat:
        return ()
    back, pause = level_text(price_back(made), made.symbol, ctx), ctx.format.age(made.pause_ms)
    return (Text(ctx.text(f"alert-again-{made.direction.value}", back=back, pause=pause), Tone.NOTE),)


def _buttons(made: Alert, ctx: Context) -> tuple[Block, ...]:
    cancel = button(ctx.text("button-alert-cancel"), "alert_cancel", str(made.alert_id))
    edit = button(ctx.text("button-alert-edit"), "alert_edit", str(made.alert_id))
    share = button(ctx.text("button-alert-share"), "alert_share", str(made.alert_id)) if _link(made, ctx) else None
    return rows([chart_button(made.symbol, ctx), edit, cancel], [alerts_button(ctx), share])


def _link(made: Alert, ctx: Context) -> str:
    level = f"{EXACT.normalize(made.level):f}"
    return ctx.inbound.link("alert", short_name(made.symbol, ctx), made.direction.value, level)


# -- buttons -----------------------------------------------------------------------------------


async def alert_cancel(ctx: Context, alert_id: Number) -> Reply:
    """Cancels the price, range or condition alert of this number."""
    for cancel in (_cancel_price_alert, cancel_range_alert):
        with suppress(UnknownAlert):
            return await cancel(ctx, alert_id)
    return await cancel_condition_alert(ctx, alert_id)


async def _cancel_price_alert(ctx: Context, alert_id: int) -> Reply:
    return _done("alert-cancelled", await ctx.alerts.cancel(ctx.person.person_id, alert_id), ctx)


async def alert_share(ctx: Context, alert_id: Number) -> Reply:
    """Shows an address at which others can set the same alert for themselves."""
    entry = await ctx.alerts.find(ctx.person.person_id, alert_id)
    link = _link(entry, ctx)
    if not link:
        raise UnknownAlert(alert_id)
    symbol = pair_of(entry.symbol, ctx)
    said = ctx.text("alert-share", symbol=symbol, condition=condition(entry.direction, entry.level, entry.symbol, ctx))
    return Reply((Text(said), Text(link), *rows([alerts_button(ctx)])))


async def alert_edit(ctx: Context, alert_id: Number, level: AlertLevel | None = None) -> Reply:
    """Changes the level of a price or condition alert, or asks for the new level."""
    try:
        entry = await ctx.alerts.find(ctx.person.person_id, alert_id)
    except UnknownAlert:
        return await edit_condition_alert(ctx, alert_id, level)
    if level is None:
        return _ask_level(entry, ctx)
    if isinstance(level, RangeLevel):
        raise NotALevel(range_condition(level.fraction, level.minutes, ctx))
    if isinstance(level, ConditionLevel):
        raise NotALevel(condition_text(level.condition, entry.symbol, ctx))
    quote = await fresh_quote(entry.symbol, ctx)
    direction, price = _wanted(level, quote, ctx)
    ready = not reached(direction, price, quote.price)
    rearm = _rearm(entry.symbol, direction, price, ctx)
    change = NewLevel(direction, price, ready, ctx.market.now(), rearm)
    await ctx.alerts.bring(ctx.person.person_id, alert_id, chat_of(ctx.inbound))
    changed = await ctx.alerts.edit(ctx.person.person_id, alert_id, change)
    if changed.state is AlertState.MUTED:
        return _muted(changed, ctx)
    return Reply((*_armed(changed, quote, ctx), *source_note(ctx), *_buttons(changed, ctx)))


def _ask_level(entry: Alert, ctx: Context) -> Reply:
    if entry.state not in (AlertState.ARMED, AlertState.MUTED):
        raise UnknownAlert(entry.alert_id)
    number = str(entry.alert_id)
    said = ctx.text(
        "alert-edit-ask",
        symbol=pair_of(entry.symbol, ctx),
        condition=condition(entry.direction, entry.level, entry.symbol, ctx),
    )
    moves = [button(move.label, "alert_edit", number, move.text) for move in READERS[AlertLevel].suggest("", ctx)]
    return Reply((Text(said), *rows(moves[:3], moves[3:], [alerts_button(ctx)])), asks=f"alert_edit {number}")


async def alert_mute(ctx: Context, alert_id: Number) -> Reply:
    """Mutes an alert until it is resumed."""
    try:
        return _muted(await ctx.alerts.mute(ctx.person.person_id, alert_id), ctx)
    except UnknownAlert:
        return await mute_condition_alert(ctx, alert_id)


def _muted(muted: Alert, ctx: Context) -> Reply:
    return _done("alert-muted", muted, ctx, numbered("button-alert-resume", "alert_repeat", muted, ctx))


def _done(text: str, entry: Alert, ctx: Context, *more: Button | None) -> Reply:
    symbol = pair_of(entry.symbol, ctx)
    said = ctx.text(text, symbol=symbol, condition=condition(entry.direction, entry.level, entry.symbol, ctx))
    return Reply((Text(said), *rows([*more, alerts_button(ctx)])))


async def alert_repeat(ctx: Context, alert_id: Number) -> Reply:
    """Arms the alert of this number again, from now on as a repeating one."""
    try:
        entry = await ctx.alerts.find(ctx.person.person_id, alert_id)
    except UnknownAlert:
        with suppress(UnknownAlert):
            return await repeat_range_alert(ctx, alert_id)
        return await repeat_condition_alert(ctx, alert_id)
    refuse_delisted(entry.symbol, ctx)
    quote = await _quote(entry.symbol, ctx)
    ready = quote is not None and not reached(entry.direction, entry.level, quote.price)
    person = ctx.person.person_id
    await ctx.alerts.bring(person, alert_id, chat_of(ctx.inbound))
    again = await ctx.alerts.repeat(person, alert_id, ready=ready, market_time=ctx.market.now())
    return Reply((*_armed(again, quote, ctx), *source_note(ctx), *_buttons(again, ctx)))


async def _quote(symbol: Symbol, ctx: Context) -> Quote | None:
    """Returns the quote; None if it is stale or unavailable. Without it the side of the level is unknown, and the alert
    waits until a price shows it.
    """
    try:
        quote = await ctx.market.quote(symbol)
    except DeskError:
        return None
    return None if quote.stale else quote
