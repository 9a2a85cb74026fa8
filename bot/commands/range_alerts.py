"""Range alerts: setting and listing them, and their part of the buttons of alerts."""

from collections.abc import Sequence

from bot.arguments.alert_levels import AlertTimes
from bot.arguments.alert_options import AlertOption
from bot.arguments.price_ranges import RangeLevel
from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.reachable_chats import chat_of
from bot.reply import Align, Block, Column, Reply, Table, Text, Tone
from bot.views.alerts import alert_number, alerts_button, end_text, note_text, pause_of
from bot.views.buttons import ROW, button, rows
from bot.views.forecasts import span_words
from bot.views.prices import chart_button, refuse_delisted, source_note, status_notes
from bot.views.range_alerts import ends_text, range_condition, ranges_button
from core.errors import DeskError
from pipeline.market import MINUTE_MS, Interval, Quote
from trading.alerts.range_alerts import NewRangeAlert, RangeAlert, check_range
from trading.triggers.price_ranges import PriceRange, range_of


async def set_range_alert(
    ctx: Context, quote: Quote, wanted: RangeLevel, times: AlertTimes, options: AlertOption
) -> Reply:
    """Sets an alert on the range of prices in a window. Raises RangeOutOfBounds, TooManyRangeAlerts."""
    check_range(wanted.fraction)
    now = ctx.market.now()
    found, known_from = await _range_now(quote, wanted.minutes, now, ctx)
    new = NewRangeAlert(
        command_id=ctx.request_id,
        person_id=ctx.person.person_id,
        chat=chat_of(ctx.inbound),
        market=ctx.market.info().market,
        symbol=quote.symbol,
        fraction=wanted.fraction,
        window=wanted.minutes,
        repeat=times is AlertTimes.EVERY,
        ready=not found.reaches(wanted.fraction),
        market_time=now,
        pause_ms=pause_of(options, ctx),
        note=options.note or "",
        expires_at=options.expires_at,
    )
    made = await ctx.services.range_alerts.create(new)
    elsewhere = (Text(ctx.text("alert-elsewhere"), Tone.WARNING),) if ctx.inbound.elsewhere else ()
    range_now = (Text(_range_text(found, made, ctx)), *_known(now - known_from, made, ctx))
    return Reply((*_armed(made, ctx, range_now), *elsewhere, *source_note(ctx), *_buttons(made, ctx)))


async def _range_now(quote: Quote, minutes: int, now: int, ctx: Context) -> tuple[PriceRange, int]:
    """Returns the range of the window that ends now, and since when its prices are known. Without candles, that is only
    the quote's.
    """
    try:
        candles = await ctx.market.candles(quote.symbol, Interval.M1, minutes)
    except DeskError:
        candles = []
    return range_of(quote.price, candles, now, minutes * MINUTE_MS)


def _armed(made: RangeAlert, ctx: Context, range_now: tuple[Text, ...] = ()) -> tuple[Text, ...]:
    said = ctx.text("range-set", times="every" if made.repeat else "once", **_words(made, ctx))
    back, pause = ctx.format.percent(made.rearm), ctx.format.age(made.pause_ms)
    again = (Text(ctx.text("range-again", back=back, pause=pause), Tone.NOTE),) if made.repeat else ()
    beyond = () if made.ready else (Text(ctx.text("range-beyond", back=back), Tone.NOTE),)
    own = (*note_text(made.note, ctx), *range_now, *again, *beyond, *end_text(made.expires_at, ctx))
    return (Text(said), *own, *alert_number(made.alert_id, ctx))


def _range_text(found: PriceRange, made: RangeAlert, ctx: Context) -> str:
    low, high = ends_text(found, made.symbol, ctx)
    return ctx.text("range-now", range=ctx.format.percent(found.fraction), low=low, high=high)


def _known(known_ms: int, made: RangeAlert, ctx: Context) -> tuple[Text, ...]:
    """Returns a note if the prices of the window are known only in part."""
    if known_ms > (made.window - 1) * MINUTE_MS:
        return ()
    known = ctx.format.age(known_ms)
    return (Text(ctx.text("range-known", known=known, window=span_words(made.window, ctx)), Tone.NOTE),)


def _words(alert: RangeAlert, ctx: Context) -> dict[str, str]:
    return {
        "symbol": pair_of(alert.symbol, ctx),
        "range": ctx.format.percent(alert.fraction),
        "window": span_words(alert.window, ctx),
    }


def _buttons(made: RangeAlert, ctx: Context) -> tuple[Block, ...]:
    cancel = button(ctx.text("button-alert-cancel"), "alert_cancel", str(made.alert_id))
    return rows([chart_button(made.symbol, ctx), cancel], [ranges_button(ctx), alerts_button(ctx)])


# -- the list ----------------------------------------------------------------------------------


async def alerts_ranges(ctx: Context) -> Reply:
    """Lists the range alerts, with buttons that cancel them."""
    found = await waiting_ranges(ctx)
    title = Text(ctx.text("range-title"), Tone.TITLE)
    if not found:
        return Reply((title, Text(ctx.text("range-none")), *rows([alerts_button(ctx)])))
    cancels = [
        button(ctx.text("button-alert-cancel-one", alert_id=str(one.alert_id)), "alert_cancel", str(one.alert_id))
        for one in found
    ]
    lines = [cancels[at : at + ROW] for at in range(0, len(cancels), ROW)]
    halted = status_notes(list(dict.fromkeys(one.symbol for one in found)), ctx)
    return Reply((title, ranges_table(found, ctx), *halted, *source_note(ctx), *rows(*lines, [alerts_button(ctx)])))


async def waiting_ranges(ctx: Context) -> Sequence[RangeAlert]:
    """Returns the user's own waiting range alerts, the newest first."""
    return await ctx.services.range_alerts.waiting(ctx.person.person_id, ctx.market.info().market)


def ranges_section(found: Sequence[RangeAlert], ctx: Context) -> tuple[Block, ...]:
    """Returns the section of range alerts in a list of all alerts."""
    return (Text(ctx.text("range-title"), Tone.TITLE), ranges_table(found, ctx)) if found else ()


def ranges_table(found: Sequence[RangeAlert], ctx: Context) -> Table:
    """Returns a table with one row for each alert."""
    columns = (
        Column(ctx.text("label-alert"), Align.RIGHT),
        Column(ctx.text("label-symbol")),
        Column(ctx.text("label-price-range"), Align.RIGHT),
        Column(ctx.text("label-window")),
        Column(ctx.text("label-alert-state")),
    )
    return Table(columns, tuple(_row(one, ctx) for one in found))


def _row(one: RangeAlert, ctx: Context) -> tuple[str, ...]:
    return (
        str(one.alert_id),
        pair_of(one.symbol, ctx),
        f"≥ {ctx.format.percent(one.fraction)}",
        span_words(one.window, ctx),
        ctx.text("range-every", back=ctx.format.percent(one.rearm)) if one.repeat else ctx.text("choice-once"),
    )


# -- buttons -----------------------------------------------------------------------------------


async def cancel_range_alert(ctx: Context, alert_id: int) -> Reply:
    """Cancels a range alert. Raises UnknownAlert."""
    gone = await ctx.services.range_alerts.cancel(ctx.person.person_id, alert_id)
    said = ctx.text(
        "alert-cancelled", symbol=pair_of(gone.symbol, ctx), condition=range_condition(gone.fraction, gone.window, ctx)
    )
    return Reply((Text(said), *rows([ranges_button(ctx), alerts_button(ctx)])))


async def repeat_range_alert(ctx: Context, alert_id: int) -> Reply:
    """Makes a range alert a repeating one. Raises UnknownAlert, TooManyRangeAlerts, SymbolHalted."""
    found = await ctx.services.range_alerts.find(ctx.person.person_id, alert_id)
    refuse_delisted(found.symbol, ctx)
    await ctx.services.range_alerts.bring(ctx.person.person_id, alert_id, chat_of(ctx.inbound))
    again = await ctx.services.range_alerts.repeat(ctx.person.person_id, alert_id, market_time=ctx.market.now())
    return Reply((*_armed(again, ctx), *source_note(ctx), *_buttons(again, ctx)))
