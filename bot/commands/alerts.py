"""Price alerts: setting and listing them, and their buttons."""

from collections.abc import Sequence
from decimal import Decimal

from bot.arguments.alert_levels import AbsoluteLevel, AlertLevel, AlertTimes, PriceLevel, RelativeLevel, level_from
from bot.arguments.plain_words import Number
from bot.arguments.price_ranges import RangeLevel
from bot.arguments.symbols import pair_of, short_name
from bot.arguments.table import READERS
from bot.commands.forecast_alerts import forecasts_table, waiting_forecasts
from bot.commands.range_alerts import (
    cancel_range_alert,
    ranges_section,
    repeat_range_alert,
    set_range_alert,
    waiting_ranges,
)
from bot.context import Context
from bot.reachable_chats import chat_of
from bot.reply import Align, Block, Button, Column, Reply, Table, Text, Tone
from bot.views.alerts import alert_number, alerts_button, condition
from bot.views.buttons import ROW, button, rows
from bot.views.forecast_notices import foreseen_button
from bot.views.prices import chart_button, price_text, refuse_delisted, source_note, status_notes
from bot.views.range_alerts import range_condition, ranges_button
from core.decimals import EXACT
from core.errors import DeskError
from people.notifications.errors import NoAlertsToCancel, NotALevel
from pipeline.errors import StalePrice
from pipeline.market import Quote, Symbol
from trading.alerts.errors import UnknownAlert
from trading.alerts.forecast_alerts import ForecastAlert
from trading.alerts.ports import Alert, AlertPage, AlertState, NewAlert, NewLevel, check_level, direction_of, rearm_of
from trading.triggers.price_levels import Direction, reached

PAGE = 2 * ROW


async def alert(ctx: Context, symbol: Symbol, level: AlertLevel, times: AlertTimes = AlertTimes.ONCE) -> Reply:
    """Sets an alert on a price or a range; the notification goes to the chat of the request."""
    quote = await _fresh_quote(symbol, ctx)
    if isinstance(level, RangeLevel):
        return await set_range_alert(ctx, quote, level, times)
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
        pause_ms=ctx.services.settings.alert_pause_seconds * 1000,
    )
    made = await ctx.alerts.create(new)
    elsewhere = (Text(ctx.text("alert-elsewhere"), Tone.WARNING),) if inbound.elsewhere else ()
    return Reply((*_armed(made, quote, ctx), *elsewhere, *source_note(ctx), *_buttons(made, ctx)))


async def _fresh_quote(symbol: Symbol, ctx: Context) -> Quote:
    """Returns a quote that is not stale. Raises StalePrice and SymbolHalted."""
    refuse_delisted(symbol, ctx)
    quote = await ctx.market.quote(symbol)
    if quote.stale:
        ctx.market.rules(symbol).check_trading()
        raise StalePrice(symbol, quote.age_ms // 1000, quote.stale_after_ms // 1000)
    return quote


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
        level=price_text(made.level, made.symbol, ctx),
    )
    now = () if quote is None else (Text(ctx.text("alert-now", price=price_text(quote.price, made.symbol, ctx))),)
    back = price_text(_back(made), made.symbol, ctx)
    beyond = () if made.ready else (Text(ctx.text(f"alert-beyond-{made.direction.value}", back=back), Tone.NOTE),)
    return (Text(said), *now, *_again(made, ctx), *beyond, *alert_number(made.alert_id, ctx))


def _back(made: Alert) -> Decimal:
    """Returns the price that must be crossed back before the alert can fire."""
    return made.trigger.rearm or made.level


def _again(made: Alert, ctx: Context) -> tuple[Text, ...]:
    """Returns the conditions between two messages of a repeating alert: the price to cross back and the pause."""
    if not made.repeat:
        return ()
    back, pause = price_text(_back(made), made.symbol, ctx), ctx.format.age(made.pause_ms)
    return (Text(ctx.text(f"alert-again-{made.direction.value}", back=back, pause=pause), Tone.NOTE),)


def _buttons(made: Alert, ctx: Context) -> tuple[Block, ...]:
    cancel = button(ctx.text("button-alert-cancel"), "alert_cancel", str(made.alert_id))
    edit = button(ctx.text("button-alert-edit"), "alert_edit", str(made.alert_id))
    share = button(ctx.text("button-alert-share"), "alert_share", str(made.alert_id)) if _link(made, ctx) else None
    return rows([chart_button(made.symbol, ctx), edit, cancel], [alerts_button(ctx), share])


def _link(made: Alert, ctx: Context) -> str:
    level = f"{made.level.normalize(EXACT):f}"
    return ctx.inbound.link("alert", short_name(made.symbol, ctx), made.direction.value, level)


# -- the list ----------------------------------------------------------------------------------


async def alerts(ctx: Context) -> Reply:
    """Shows the newest page of waiting alerts."""
    return await _page(ctx, None)


async def alerts_before(ctx: Context, cursor: Number) -> Reply:
    """Shows an older page."""
    return await _page(ctx, cursor)


async def _page(ctx: Context, before: int | None) -> Reply:
    page = await ctx.alerts.waiting(ctx.person.person_id, ctx.market.info().market, PAGE, before)
    title = Text(ctx.text("alerts-title"), Tone.TITLE)
    newest = button(ctx.text("button-newest"), "alerts") if before is not None else None
    found = await waiting_forecasts(ctx) if before is None else ()
    ranges = await waiting_ranges(ctx) if before is None else ()
    more = (*ranges_section(ranges, ctx), *_foreseen(found, ctx))
    older = button(ctx.text("button-older"), "alerts_before", str(page.older)) if page.older is not None else None
    turns = [older, newest, ranges_button(ctx) if ranges else None, foreseen_button(ctx) if found else None]
    listed = await _table(page, ctx) if page.alerts else Text(ctx.text("alerts-none"))
    prices = (title, listed) if page.alerts or not more else ()
    halted = status_notes(list(dict.fromkeys(entry.symbol for entry in page.alerts)), ctx)
    notes = (*halted, *source_note(ctx)) if page.alerts else ()
    return Reply((*prices, *more, *notes, *_list_buttons(page, turns, len(found) + len(ranges), ctx)))


def _foreseen(found: Sequence[ForecastAlert], ctx: Context) -> tuple[Block, ...]:
    """Returns the section of forecast alerts, which follows the alerts on prices."""
    return (Text(ctx.text("foresee-title"), Tone.TITLE), forecasts_table(found, ctx)) if found else ()


async def _table(page: AlertPage, ctx: Context) -> Table:
    known = set(ctx.market.symbols())
    quotes = await ctx.market.quotes(sorted({entry.symbol for entry in page.alerts} & known))
    columns = (
        Column(ctx.text("label-alert"), Align.RIGHT),
        Column(ctx.text("label-symbol")),
        Column(ctx.text("label-level"), Align.RIGHT),
        Column(ctx.text("label-price-now"), Align.RIGHT),
        Column(ctx.text("label-alert-state")),
    )
    return Table(columns, tuple(_row(entry, quotes.get(entry.symbol), ctx) for entry in page.alerts))


def _row(entry: Alert, quote: Quote | None, ctx: Context) -> tuple[str, ...]:
    return (
        str(entry.alert_id),
        pair_of(entry.symbol, ctx),
        condition(entry.direction, entry.level, entry.symbol, ctx),
        price_text(None if quote is None else quote.price, entry.symbol, ctx),
        _state(entry, ctx),
    )


def _state(entry: Alert, ctx: Context) -> str:
    if entry.state is AlertState.MUTED:
        return ctx.text("choice-muted")
    if not entry.repeat:
        return ctx.text("choice-once")
    return ctx.text(f"alert-every-{entry.direction.value}", back=price_text(_back(entry), entry.symbol, ctx))


def _list_buttons(page: AlertPage, turns: list[Button | None], more: int, ctx: Context) -> tuple[Block, ...]:
    """Returns the buttons of a page. Every alert can be cancelled, and edited or, while it is muted, resumed; a short
    page has room for both. `more` is the number of alerts of other kinds that are listed too.
    """
    cancels = [_numbered("button-alert-cancel-one", "alert_cancel", entry, ctx) for entry in page.alerts]
    edits = [_numbered("button-alert-edit-one", "alert_edit", entry, ctx) for entry in page.alerts]
    again = {
        at: _numbered("button-alert-resume", "alert_repeat", entry, ctx)
        for at, entry in enumerate(page.alerts)
        if entry.state is AlertState.MUTED
    }
    every = button(ctx.text("button-alerts-cancel"), "alerts_cancel") if len(page.alerts) + more > 1 else None
    if len(page.alerts) <= ROW:
        return rows(cancels, edits, list(again.values()), [*turns, every])
    changes = [again.get(at, edit) for at, edit in enumerate(edits)]
    return rows(cancels[:ROW], cancels[ROW:], changes[:ROW], changes[ROW:], [*turns, every])


def _numbered(label: str, command: str, entry: Alert, ctx: Context) -> Button | None:
    return button(ctx.text(label, alert_id=str(entry.alert_id)), command, str(entry.alert_id))


# -- buttons -----------------------------------------------------------------------------------


async def alert_cancel(ctx: Context, alert_id: Number) -> Reply:
    """Cancels the price or range alert of this number."""
    try:
        gone = await ctx.alerts.cancel(ctx.person.person_id, alert_id)
    except UnknownAlert:
        return await cancel_range_alert(ctx, alert_id)
    return _done("alert-cancelled", gone, ctx)


async def alert_share(ctx: Context, alert_id: Number) -> Reply:
    """Shows an address at which others can set the same alert for themselves."""
    entry = await ctx.alerts.find(ctx.person.person_id, alert_id)
    link = _link(entry, ctx)
    if not link:
        raise UnknownAlert(alert_id)
    symbol = pair_of(entry.symbol, ctx)
    said = ctx.text("alert-share", symbol=symbol, condition=condition(entry.direction, entry.level, entry.symbol, ctx))
    return Reply((Text(said), Text(link), *rows([alerts_button(ctx)])))


async def alerts_cancel(ctx: Context) -> Reply:
    """Shows the alerts of every kind that would be cancelled, and asks for confirmation."""
    market = ctx.market.info().market
    there = await ctx.alerts.count(ctx.person.person_id, market)
    found = await waiting_forecasts(ctx)
    ranges = await waiting_ranges(ctx)
    count = there.count + len(ranges) + len(found)
    if not count:
        return await _page(ctx, None)
    page = await ctx.alerts.waiting(ctx.person.person_id, market, PAGE)
    said = ctx.text("alerts-cancel-ask", count=count, muted=there.muted)
    more = there.count - len(page.alerts)
    rest = (Text(ctx.text("alerts-cancel-more", count=more), Tone.NOTE),) if more > 0 else ()
    listed = (await _table(page, ctx),) if page.alerts else ()
    last = max((there.newest, *(one.alert_id for one in ranges)))
    newest = (str(last), str(max((one.alert_id for one in found), default=0)))
    yes = button(ctx.text("button-alerts-cancel-now", count=count), "alerts_cancel_now", *newest)
    keep = button(ctx.text("button-as-it-is"), "alerts")
    shown = (*listed, *rest, *ranges_section(ranges, ctx), *_foreseen(found, ctx), *source_note(ctx))
    return Reply((Text(said, Tone.WARNING), *shown, *rows([yes, keep])))


async def alerts_cancel_now(ctx: Context, newest: Number, newest_forecast: Number | None = None) -> Reply:
    """Cancels the alerts that were counted; alerts that were set since stay."""
    person, market = ctx.person.person_id, ctx.market.info().market
    gone = await ctx.alerts.cancel_all(person, market, newest)
    gone += await ctx.services.range_alerts.cancel_all(person, market, newest)
    if newest_forecast:
        gone += await ctx.services.forecast_alerts.cancel_all(person, market, newest_forecast)
    if not gone:
        raise NoAlertsToCancel
    return Reply((Text(ctx.text("alerts-cancelled", count=gone)), *rows([alerts_button(ctx)])))


async def alert_edit(ctx: Context, alert_id: Number, level: AlertLevel | None = None) -> Reply:
    """Changes the level of an alert, or asks for the new level."""
    entry = await ctx.alerts.find(ctx.person.person_id, alert_id)
    if level is None:
        return _ask_level(entry, ctx)
    if isinstance(level, RangeLevel):
        raise NotALevel(range_condition(level.fraction, level.minutes, ctx))
    quote = await _fresh_quote(entry.symbol, ctx)
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
    return _muted(await ctx.alerts.mute(ctx.person.person_id, alert_id), ctx)


def _muted(muted: Alert, ctx: Context) -> Reply:
    return _done("alert-muted", muted, ctx, _numbered("button-alert-resume", "alert_repeat", muted, ctx))


def _done(text: str, entry: Alert, ctx: Context, *more: Button | None) -> Reply:
    symbol = pair_of(entry.symbol, ctx)
    said = ctx.text(text, symbol=symbol, condition=condition(entry.direction, entry.level, entry.symbol, ctx))
    return Reply((Text(said), *rows([*more, alerts_button(ctx)])))


async def alert_repeat(ctx: Context, alert_id: Number) -> Reply:
    """Arms the price or range alert of this number again, from now on as a repeating one."""
    try:
        entry = await ctx.alerts.find(ctx.person.person_id, alert_id)
    except UnknownAlert:
        return await repeat_range_alert(ctx, alert_id)
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
