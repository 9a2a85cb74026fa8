"""Notification that a forecast reached the probability of an alert."""

from decimal import Decimal
from math import expm1

from bot.arguments.horizons import horizon_of
from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.reply import Block, Button, Fields, Picture, Reply, Text, Tone
from bot.views.alerts import alert_number
from bot.views.buttons import button, rows
from bot.views.forecasts import asked_chance_text, chance_text, forecast_button, move_text, span_words
from bot.views.prices import chart_button, source_note
from pipeline.errors import MarketUnavailable
from trading.alerts.forecast_alerts import ForecastDirection, chance_of
from trading.alerts.notices import ForecastFired


def foretold(notice: ForecastFired, picture: tuple[Picture, ...], ctx: Context) -> Reply:
    """Returns the message with the probability at the time of the alert, and the picture of the current forecast."""
    falling = 1 - notice.rising if notice.falling is None else notice.falling
    chance = chance_text(chance_of(ForecastDirection(notice.way), notice.rising, falling), ctx)
    words = {"symbol": pair_of(notice.symbol, ctx), "horizon": span_words(notice.horizon, ctx), "chance": chance}
    move = Decimal(str(round(expm1(notice.expected), 6)))
    fields = Fields(
        (
            (ctx.text("label-asked"), f"≥ {asked_chance_text(notice.chance, ctx)}"),
            (ctx.text("label-expected"), move_text(move, ctx)),
            (ctx.text("label-made"), ctx.format.moment(notice.made_at)),
        )
    )
    advice = Text(ctx.text("forecast-advice"), Tone.NOTE)
    title = Text(ctx.text(f"push-forecast-{notice.way}", **words), Tone.TITLE)
    return Reply(
        (title, *alert_number(notice.alert_id, ctx), fields, *picture, advice, *_source(ctx), *_buttons(notice, ctx))
    )


def _source(ctx: Context) -> tuple[Text, ...]:
    try:
        return source_note(ctx)
    except MarketUnavailable:
        return ()


def _buttons(notice: ForecastFired, ctx: Context) -> tuple[Block, ...]:
    number = str(notice.alert_id)
    again = (
        button(ctx.text("button-alert-cancel"), "forecastalert_cancel", number)
        if notice.repeat
        else button(ctx.text("button-repeat"), "forecastalert_repeat", number)
    )
    shown = forecast_button(notice.symbol, horizon_of(notice.horizon), ctx)
    return rows([shown, chart_button(notice.symbol, ctx), again], [foreseen_button(ctx)])


def foreseen_button(ctx: Context) -> Button | None:
    """Returns a button that lists the forecast alerts."""
    return button(ctx.text("button-foreseen"), "forecastalert")
