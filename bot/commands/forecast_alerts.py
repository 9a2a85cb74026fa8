"""Forecast alerts: setting and listing them, and their buttons."""

from collections.abc import Sequence

from bot.arguments.alert_levels import AlertTimes
from bot.arguments.horizons import Chance, Horizon, horizon_of, usual_horizon
from bot.arguments.plain_words import Number
from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.errors import MissingArgument
from bot.reachable_chats import chat_of
from bot.reply import Align, Block, Column, Reply, Table, Text, Tone
from bot.views.alerts import alert_number, alerts_button
from bot.views.buttons import ROW, button, rows
from bot.views.forecast_notices import foreseen_button
from bot.views.forecasts import asked_chance_text, chance_text, forecast_button, span_words
from bot.views.prices import refuse_delisted, source_note
from core.decimals import EXACT
from pipeline.market import Symbol
from trading.alerts.forecast_alerts import ForecastAlert, NewForecastAlert, chance_of


async def forecastalert(
    ctx: Context,
    symbol: Symbol | None = None,
    horizon: Horizon | None = None,
    chance: Chance | None = None,
    times: AlertTimes = AlertTimes.ONCE,
) -> Reply:
    """Sets an alert for when a rise or fall is forecast with this probability; without arguments, lists the waiting
    ones.
    """
    if symbol is None:
        return await _list(ctx)
    forecasting = ctx.forecasting
    if chance is None:
        raise MissingArgument("forecastalert", "chance")
    refuse_delisted(symbol, ctx)
    horizon = horizon or usual_horizon(ctx)
    found = await forecasting.forecast(symbol, horizon.minutes)
    reached = found.skilled and chance_of(chance.way, found.prob_up, found.prob_down) >= float(chance.least)
    new = NewForecastAlert(
        command_id=ctx.request_id,
        person_id=ctx.person.person_id,
        chat=chat_of(ctx.inbound),
        market=ctx.market.info().market,
        symbol=symbol,
        horizon=horizon.minutes,
        way=chance.way,
        chance=chance.least,
        repeat=times is AlertTimes.EVERY,
        ready=not reached,
        margin=ctx.services.settings.forecast_margin,
        pause_minutes=min(horizon.minutes, ctx.services.settings.forecast_pause_minutes),
    )
    made = await ctx.services.forecast_alerts.create(new)
    present = chance_of(made.way, found.prob_up, found.prob_down)
    now = Text(ctx.text("foresee-now", chance=chance_text(present, ctx), way=made.way.value))
    unskilled = Text(ctx.text("foresee-no-skill", horizon=span_words(made.horizon, ctx)), Tone.WARNING)
    elsewhere = (Text(ctx.text("alert-elsewhere"), Tone.WARNING),) if ctx.inbound.elsewhere else ()
    told = (*_armed(made, ctx), now if found.skilled else unskilled, *elsewhere, *source_note(ctx))
    return Reply((*told, *_buttons(made, ctx)))


def _armed(made: ForecastAlert, ctx: Context) -> tuple[Text, ...]:
    times = "every" if made.repeat else "once"
    said = ctx.text(f"foresee-set-{made.way}", times=times, **_words(made, ctx))
    beyond = () if made.ready else (Text(ctx.text("foresee-beyond", back=_back(made, ctx)), Tone.NOTE),)
    return (Text(said), *_again(made, ctx), *beyond, *alert_number(made.alert_id, ctx))


def _back(made: ForecastAlert, ctx: Context) -> str:
    """Returns the probability that must be reached on the way down before the alert can fire."""
    return asked_chance_text(EXACT.subtract(made.chance, made.margin), ctx)


def _again(made: ForecastAlert, ctx: Context) -> tuple[Text, ...]:
    """Returns the conditions between two messages of a repeating alert: the probability to fall to and the pause."""
    if not made.repeat:
        return ()
    pause = ctx.format.age(made.pause_minutes * 60_000)
    return (Text(ctx.text("foresee-again", back=_back(made, ctx), pause=pause), Tone.NOTE),)


def _words(alert: ForecastAlert, ctx: Context) -> dict[str, str]:
    return {
        "symbol": pair_of(alert.symbol, ctx),
        "horizon": span_words(alert.horizon, ctx),
        "chance": asked_chance_text(alert.chance, ctx),
    }


def _buttons(made: ForecastAlert, ctx: Context) -> tuple[Block, ...]:
    cancel = button(ctx.text("button-alert-cancel"), "forecastalert_cancel", str(made.alert_id))
    shown = forecast_button(made.symbol, horizon_of(made.horizon), ctx)
    return rows([shown, cancel], [foreseen_button(ctx), alerts_button(ctx)])


# -- the list ----------------------------------------------------------------------------------


async def _list(ctx: Context) -> Reply:
    found = await waiting_forecasts(ctx)
    title = Text(ctx.text("foresee-title"), Tone.TITLE)
    if not found:
        return Reply((title, Text(ctx.text("foresee-none")), *rows([alerts_button(ctx)])), private=True)
    cancels = [
        button(
            ctx.text("button-alert-cancel-one", alert_id=str(one.alert_id)), "forecastalert_cancel", str(one.alert_id)
        )
        for one in found
    ]
    lines = [cancels[at : at + ROW] for at in range(0, len(cancels), ROW)]
    table = forecasts_table(found, ctx)
    return Reply((title, table, *source_note(ctx), *rows(*lines, [alerts_button(ctx)])), private=True)


async def waiting_forecasts(ctx: Context) -> Sequence[ForecastAlert]:
    """Returns the user's own waiting forecast alerts, the newest first."""
    return await ctx.services.forecast_alerts.waiting(ctx.person.person_id, ctx.market.info().market)


def forecasts_table(found: Sequence[ForecastAlert], ctx: Context) -> Table:
    """Returns a table with one row for each alert."""
    columns = (
        Column(ctx.text("label-alert"), Align.RIGHT),
        Column(ctx.text("label-symbol")),
        Column(ctx.text("label-horizon")),
        Column(ctx.text("label-chance"), Align.RIGHT),
        Column(ctx.text("label-alert-state")),
    )
    return Table(columns, tuple(_row(one, ctx) for one in found))


def _row(one: ForecastAlert, ctx: Context) -> tuple[str, ...]:
    return (
        str(one.alert_id),
        pair_of(one.symbol, ctx),
        horizon_of(one.horizon).value,
        condition(one, ctx),
        ctx.text("foresee-every", back=_back(one, ctx)) if one.repeat else ctx.text("choice-once"),
    )


def condition(alert: ForecastAlert, ctx: Context) -> str:
    """Returns the condition as text: `▲ ≥ 60%`."""
    return f"{'▲' if alert.way == 'up' else '▼'} ≥ {asked_chance_text(alert.chance, ctx)}"


# -- buttons -----------------------------------------------------------------------------------


async def forecastalert_cancel(ctx: Context, alert_id: Number) -> Reply:
    """Cancels an alert on a forecast."""
    gone = await ctx.services.forecast_alerts.cancel(ctx.person.person_id, alert_id)
    said = ctx.text(f"foresee-cancelled-{gone.way}", **_words(gone, ctx))
    return Reply((Text(said), *rows([foreseen_button(ctx), alerts_button(ctx)])))


async def forecastalert_repeat(ctx: Context, alert_id: Number) -> Reply:
    """Makes an alert on a forecast a repeating one."""
    await ctx.services.forecast_alerts.bring(ctx.person.person_id, alert_id, chat_of(ctx.inbound))
    again = await ctx.services.forecast_alerts.repeat(ctx.person.person_id, alert_id)
    return Reply((*_armed(again, ctx), *source_note(ctx), *_buttons(again, ctx)))
