"""Price alerts: setting one, listing them, and what their buttons do."""

from decimal import Decimal

from bot.arguments.alert_levels import AlertLevel, AlertTimes, AtLevel, FromPrice, level_from
from bot.arguments.plain_words import Number
from bot.arguments.symbols import short_name
from bot.arguments.table import READERS
from bot.commands.foresee import forecasts_table, foreseen_button, waiting_forecasts
from bot.commands.shared import chart_button, price_text, source_note
from bot.context import Context
from bot.layout import ROW, button, rows
from bot.push.errors import NoAlertsToCancel
from bot.push.seen import chat_of
from bot.push.words import alerts_button, condition, pair_of
from bot.replies import Align, Block, Button, Column, Reply, Table, Text, Tone
from pipeline.decimals import EXACT
from pipeline.errors import DeskError, StalePrice
from pipeline.market import Quote, Symbol
from trading.alerts.errors import UnknownAlert
from trading.alerts.ports import Alert, AlertPage, AlertState, NewAlert, NewLevel, check_level, direction_of
from trading.triggers import Direction, reached

PAGE = 2 * ROW


async def alert(ctx: Context, symbol: Symbol, level: AlertLevel, times: AlertTimes = AlertTimes.ONCE) -> Reply:
    """Waits for a price; the notice comes to the chat where it was asked for."""
    quote = await _fresh_quote(symbol, ctx)
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
    )
    made = await ctx.alerts.create(new)
    elsewhere = (Text(ctx.say("alert-elsewhere"), Tone.WARNING),) if inbound.elsewhere else ()
    return Reply((*_armed(made, quote, ctx), *elsewhere, *source_note(ctx), *_buttons(made, ctx)))


async def _fresh_quote(symbol: Symbol, ctx: Context) -> Quote:
    """Raises StalePrice."""
    quote = await ctx.market.quote(symbol)
    if quote.stale:
        ctx.market.rules(symbol).check_trading()
        raise StalePrice(symbol, quote.age_ms // 1000, quote.stale_after_ms // 1000)
    return quote


def _wanted(level: AlertLevel, quote: Quote, ctx: Context) -> tuple[Direction, Decimal]:
    """Raises LevelOutOfRange and LevelIsPrice."""
    symbol, price = quote.symbol, quote.price
    match level:
        case FromPrice(fraction):
            chosen, wanted = None, level_from(price, fraction, ctx.market.rules(symbol).tick_size)
        case AtLevel(chosen, wanted):
            pass
    check_level(symbol, wanted, price)
    return chosen or direction_of(symbol, wanted, price), wanted


def _armed(made: Alert, quote: Quote | None, ctx: Context) -> tuple[Text, ...]:
    times = "every" if made.repeat else "once"
    said = ctx.say(
        f"alert-set-{made.direction.value}",
        times=times,
        symbol=pair_of(made.symbol, ctx),
        level=price_text(made.level, made.symbol, ctx),
    )
    now = () if quote is None else (Text(ctx.say("alert-now", price=price_text(quote.price, made.symbol, ctx))),)
    beyond = () if made.ready else (Text(ctx.say(f"alert-beyond-{made.direction.value}"), Tone.NOTE),)
    return (Text(said), *now, *beyond)


def _buttons(made: Alert, ctx: Context) -> tuple[Block, ...]:
    cancel = button(ctx.say("button-alert-cancel"), "alert_cancel", str(made.alert_id))
    edit = button(ctx.say("button-alert-edit"), "alert_edit", str(made.alert_id))
    share = button(ctx.say("button-alert-share"), "alert_share", str(made.alert_id)) if _link(made, ctx) else None
    return rows([chart_button(made.symbol, ctx), edit, cancel], [alerts_button(ctx), share])


def _link(made: Alert, ctx: Context) -> str:
    level = f"{made.level.normalize(EXACT):f}"
    return ctx.inbound.link("alert", short_name(made.symbol, ctx), made.direction.value, level)


# -- the list ----------------------------------------------------------------------------------


async def alerts(ctx: Context) -> Reply:
    """The newest page of the alerts that wait."""
    return await _page(ctx, None)


async def alerts_before(ctx: Context, cursor: Number) -> Reply:
    """An older page."""
    return await _page(ctx, cursor)


async def _page(ctx: Context, before: int | None) -> Reply:
    page = await ctx.alerts.waiting(ctx.person.person_id, ctx.market.info().market, PAGE, before)
    title = Text(ctx.say("alerts-title"), Tone.TITLE)
    newest = button(ctx.say("button-newest"), "alerts") if before is not None else None
    foreseen = await _foreseen(ctx) if before is None else ()
    listed = foreseen_button(ctx) if foreseen else None
    if not page.alerts:
        return Reply((title, Text(ctx.say("alerts-none")), *foreseen, *rows([newest, listed])))
    older = button(ctx.say("button-older"), "alerts_before", str(page.older)) if page.older is not None else None
    turns = [older, newest, listed]
    return Reply((title, await _table(page, ctx), *foreseen, *source_note(ctx), *_list_buttons(page, turns, ctx)))


async def _foreseen(ctx: Context) -> tuple[Block, ...]:
    """Alerts on forecasts stand under the others."""
    found = await waiting_forecasts(ctx)
    return (Text(ctx.say("foresee-title"), Tone.TITLE), forecasts_table(found, ctx)) if found else ()


async def _table(page: AlertPage, ctx: Context) -> Table:
    known = set(ctx.market.symbols())
    quotes = await ctx.market.quotes(sorted({entry.symbol for entry in page.alerts} & known))
    columns = (
        Column(ctx.say("label-alert"), Align.RIGHT),
        Column(ctx.say("label-symbol")),
        Column(ctx.say("label-level"), Align.RIGHT),
        Column(ctx.say("label-price-now"), Align.RIGHT),
        Column(ctx.say("label-alert-state")),
    )
    return Table(columns, tuple(_row(entry, quotes.get(entry.symbol), ctx) for entry in page.alerts))


def _row(entry: Alert, quote: Quote | None, ctx: Context) -> tuple[str, ...]:
    state = "muted" if entry.state is AlertState.MUTED else "every" if entry.repeat else "once"
    return (
        str(entry.alert_id),
        entry.symbol,
        condition(entry.direction, entry.level, entry.symbol, ctx),
        price_text(None if quote is None else quote.price, entry.symbol, ctx),
        ctx.say(f"choice-{state}"),
    )


def _list_buttons(page: AlertPage, turns: list[Button | None], ctx: Context) -> tuple[Block, ...]:
    """Every alert can be cancelled, and changed or, while it is silent, told again; a short page has room for both."""
    cancels = [_numbered("button-alert-cancel-one", "alert_cancel", entry, ctx) for entry in page.alerts]
    edits = [_numbered("button-alert-edit-one", "alert_edit", entry, ctx) for entry in page.alerts]
    again = {
        at: _numbered("button-alert-resume", "alert_repeat", entry, ctx)
        for at, entry in enumerate(page.alerts)
        if entry.state is AlertState.MUTED
    }
    every = button(ctx.say("button-alerts-cancel"), "alerts_cancel") if len(page.alerts) > 1 else None
    if len(page.alerts) <= ROW:
        return rows(cancels, edits, list(again.values()), [*turns, every])
    changes = [again.get(at, edit) for at, edit in enumerate(edits)]
    return rows(cancels[:ROW], cancels[ROW:], changes[:ROW], changes[ROW:], [*turns, every])


def _numbered(label: str, command: str, entry: Alert, ctx: Context) -> Button | None:
    return button(ctx.say(label, alert_id=str(entry.alert_id)), command, str(entry.alert_id))


# -- buttons -----------------------------------------------------------------------------------


async def alert_cancel(ctx: Context, alert_id: Number) -> Reply:
    """Ends an alert."""
    return _done("alert-cancelled", await ctx.alerts.cancel(ctx.person.person_id, alert_id), ctx)


async def alert_share(ctx: Context, alert_id: Number) -> Reply:
    """An address at which others set the same alert for themselves."""
    entry = await ctx.alerts.find(ctx.person.person_id, alert_id)
    link = _link(entry, ctx)
    if not link:
        raise UnknownAlert(alert_id)
    symbol = pair_of(entry.symbol, ctx)
    said = ctx.say("alert-share", symbol=symbol, condition=condition(entry.direction, entry.level, entry.symbol, ctx))
    return Reply((Text(said), Text(link), *rows([alerts_button(ctx)])))


async def alerts_cancel(ctx: Context) -> Reply:
    """Says what would go and asks."""
    market = ctx.market.info().market
    there = await ctx.alerts.count(ctx.person.person_id, market)
    if not there.count:
        return await _page(ctx, None)
    page = await ctx.alerts.waiting(ctx.person.person_id, market, PAGE)
    said = ctx.say("alerts-cancel-ask", count=there.count, muted=there.muted)
    more = there.count - len(page.alerts)
    rest = (Text(ctx.say("alerts-cancel-more", count=more), Tone.NOTE),) if more > 0 else ()
    yes = button(ctx.say("button-alerts-cancel-now", count=there.count), "alerts_cancel_now", str(there.newest))
    keep = button(ctx.say("button-as-it-is"), "alerts")
    return Reply((Text(said, Tone.WARNING), await _table(page, ctx), *rest, *source_note(ctx), *rows([yes, keep])))


async def alerts_cancel_now(ctx: Context, newest: Number) -> Reply:
    """Ends those that were counted; what was set since stays."""
    gone = await ctx.alerts.cancel_all(ctx.person.person_id, ctx.market.info().market, newest)
    if not gone:
        raise NoAlertsToCancel
    return Reply((Text(ctx.say("alerts-cancelled", count=gone)), *rows([alerts_button(ctx)])))


async def alert_edit(ctx: Context, alert_id: Number, level: AlertLevel | None = None) -> Reply:
    """Gives an alert another level, or asks for it."""
    entry = await ctx.alerts.find(ctx.person.person_id, alert_id)
    if level is None:
        return _ask_level(entry, ctx)
    quote = await _fresh_quote(entry.symbol, ctx)
    direction, price = _wanted(level, quote, ctx)
    ready = not reached(direction, price, quote.price)
    change = NewLevel(direction, price, ready, ctx.market.now())
    changed = await ctx.alerts.edit(ctx.person.person_id, alert_id, change)
    if changed.state is AlertState.MUTED:
        return _muted(changed, ctx)
    return Reply((*_armed(changed, quote, ctx), *source_note(ctx), *_buttons(changed, ctx)))


def _ask_level(entry: Alert, ctx: Context) -> Reply:
    if entry.state not in (AlertState.ARMED, AlertState.MUTED):
        raise UnknownAlert(entry.alert_id)
    number = str(entry.alert_id)
    said = ctx.say(
        "alert-edit-ask",
        symbol=pair_of(entry.symbol, ctx),
        condition=condition(entry.direction, entry.level, entry.symbol, ctx),
    )
    moves = [button(move.label, "alert_edit", number, move.text) for move in READERS[AlertLevel].suggest("", ctx)]
    return Reply((Text(said), *rows(moves[:3], moves[3:], [alerts_button(ctx)])), asks=f"alert_edit {number}")


async def alert_mute(ctx: Context, alert_id: Number) -> Reply:
    """Keeps an alert quiet until it is resumed."""
    return _muted(await ctx.alerts.mute(ctx.person.person_id, alert_id), ctx)


def _muted(muted: Alert, ctx: Context) -> Reply:
    return _done("alert-muted", muted, ctx, _numbered("button-alert-resume", "alert_repeat", muted, ctx))


def _done(text: str, entry: Alert, ctx: Context, *more: Button | None) -> Reply:
    symbol = pair_of(entry.symbol, ctx)
    said = ctx.say(text, symbol=symbol, condition=condition(entry.direction, entry.level, entry.symbol, ctx))
    return Reply((Text(said), *rows([*more, alerts_button(ctx)])))


async def alert_repeat(ctx: Context, alert_id: Number) -> Reply:
    """Arms an alert again, from now on for every time."""
    entry = await ctx.alerts.find(ctx.person.person_id, alert_id)
    quote = await _quote(entry.symbol, ctx)
    ready = quote is not None and not reached(entry.direction, entry.level, quote.price)
    person = ctx.person.person_id
    again = await ctx.alerts.repeat(person, alert_id, ready=ready, market_time=ctx.market.now())
    return Reply((*_armed(again, quote, ctx), *source_note(ctx), *_buttons(again, ctx)))


async def _quote(symbol: Symbol, ctx: Context) -> Quote | None:
    """None where nobody knows on which side of the level the price is: the alert then waits until that shows."""
    try:
        quote = await ctx.market.quote(symbol)
    except DeskError:
        return None
    return None if quote.stale else quote
