"""Lists of the waiting alerts of every kind, and cancelling all of them."""

from collections.abc import Sequence
from decimal import Decimal

from bot.arguments.plain_words import Number
from bot.arguments.symbols import pair_of
from bot.commands.condition_alerts import conditions_section, waiting_conditions
from bot.commands.forecast_alerts import forecasts_table, waiting_forecasts
from bot.commands.range_alerts import ranges_section, waiting_ranges
from bot.context import Context
from bot.reply import Align, Block, Button, Column, Reply, Table, Text, Tone
from bot.views.alerts import alerts_button, condition
from bot.views.buttons import ROW, button, rows
from bot.views.condition_alerts import conditions_button
from bot.views.forecast_notices import foreseen_button
from bot.views.prices import level_text, price_text, source_note, status_notes
from bot.views.range_alerts import ranges_button
from people.notifications.errors import NoAlertsToCancel
from pipeline.market import Quote
from trading.alerts.forecast_alerts import ForecastAlert
from trading.alerts.ports import Alert, AlertPage, AlertState

PAGE = 2 * ROW


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
    conditions = await waiting_conditions(ctx) if before is None else ()
    more = (*ranges_section(ranges, ctx), *conditions_section(conditions, ctx), *_foreseen(found, ctx))
    older = button(ctx.text("button-older"), "alerts_before", str(page.older)) if page.older is not None else None
    kinds = [
        ranges_button(ctx) if ranges else None,
        conditions_button(ctx) if conditions else None,
        foreseen_button(ctx) if found else None,
    ]
    turns = [older, newest, *kinds]
    listed = await _table(page, ctx) if page.alerts else Text(ctx.text("alerts-none"))
    prices = (title, listed) if page.alerts or not more else ()
    halted = status_notes(list(dict.fromkeys(entry.symbol for entry in page.alerts)), ctx)
    notes = (*halted, *source_note(ctx)) if page.alerts else ()
    return Reply((*prices, *more, *notes, *_list_buttons(page, turns, len(found) + len(ranges) + len(conditions), ctx)))


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


def price_back(made: Alert) -> Decimal:
    """Returns the price that must be crossed back before the alert can fire."""
    return made.trigger.rearm or made.level


def _state(entry: Alert, ctx: Context) -> str:
    if entry.state is AlertState.MUTED:
        return ctx.text("choice-muted")
    if not entry.repeat:
        return ctx.text("choice-once")
    return ctx.text(f"alert-every-{entry.direction.value}", back=level_text(price_back(entry), entry.symbol, ctx))


def _list_buttons(page: AlertPage, turns: list[Button | None], more: int, ctx: Context) -> tuple[Block, ...]:
    """Returns the buttons of a page. Every alert can be cancelled, and edited or, while it is muted, resumed; a short
    page has room for both. `more` is the number of alerts of other kinds that are listed too.
    """
    cancels = [numbered("button-alert-cancel-one", "alert_cancel", entry, ctx) for entry in page.alerts]
    edits = [numbered("button-alert-edit-one", "alert_edit", entry, ctx) for entry in page.alerts]
    again = {
        at: numbered("button-alert-resume", "alert_repeat", entry, ctx)
        for at, entry in enumerate(page.alerts)
        if entry.state is AlertState.MUTED
    }
    every = button(ctx.text("button-alerts-cancel"), "alerts_cancel") if len(page.alerts) + more > 1 else None
    if len(page.alerts) <= ROW:
        return rows(cancels, edits, list(again.values()), [*turns, every])
    changes = [again.get(at, edit) for at, edit in enumerate(edits)]
    return rows(cancels[:ROW], cancels[ROW:], changes[:ROW], changes[ROW:], [*turns, every])


def numbered(label: str, command: str, entry: Alert, ctx: Context) -> Button | None:
    """Returns a button of a command for this alert, whose label has its number."""
    return button(ctx.text(label, alert_id=str(entry.alert_id)), command, str(entry.alert_id))


async def alerts_cancel(ctx: Context) -> Reply:
    """Shows the alerts of every kind that would be cancelled, and asks for confirmation."""
    market = ctx.market.info().market
    there = await ctx.alerts.count(ctx.person.person_id, market)
    found = await waiting_forecasts(ctx)
    ranges = await waiting_ranges(ctx)
    conditions = await waiting_conditions(ctx)
    muted = there.muted + sum(one.state is AlertState.MUTED for one in conditions)
    count = there.count + len(ranges) + len(conditions) + len(found)
    if not count:
        return await _page(ctx, None)
    page = await ctx.alerts.waiting(ctx.person.person_id, market, PAGE)
    said = ctx.text("alerts-cancel-ask", count=count, muted=muted)
    more = there.count - len(page.alerts)
    rest = (Text(ctx.text("alerts-cancel-more", count=more), Tone.NOTE),) if more > 0 else ()
    listed = (await _table(page, ctx),) if page.alerts else ()
    last = max((there.newest, *(one.alert_id for one in ranges), *(one.alert_id for one in conditions)))
    newest = (str(last), str(max((one.alert_id for one in found), default=0)))
    yes = button(ctx.text("button-alerts-cancel-now", count=count), "alerts_cancel_now", *newest)
    keep = button(ctx.text("button-as-it-is"), "alerts")
    kinds = (*ranges_section(ranges, ctx), *conditions_section(conditions, ctx), *_foreseen(found, ctx))
    return Reply((Text(said, Tone.WARNING), *listed, *rest, *kinds, *source_note(ctx), *rows([yes, keep])))


async def alerts_cancel_now(ctx: Context, newest: Number, newest_forecast: Number | None = None) -> Reply:
    """Cancels the alerts that were counted; alerts that were set since stay."""
    person, market = ctx.person.person_id, ctx.market.info().market
    gone = await ctx.alerts.cancel_all(person, market, newest)
    gone += await ctx.services.range_alerts.cancel_all(person, market, newest)
    gone += await ctx.services.condition_alerts.cancel_all(person, market, newest)
    if newest_forecast:
        gone += await ctx.services.forecast_alerts.cancel_all(person, market, newest_forecast)
    if not gone:
        raise NoAlertsToCancel
    return Reply((Text(ctx.text("alerts-cancelled", count=gone)), *rows([alerts_button(ctx)])))
