"""Texts and pictures of forecasts, shared by answers and notifications."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp, expm1

from bot.arguments.horizons import Horizon, horizon_of
from bot.arguments.symbols import pair_of, short_name
from bot.context import Context
from bot.reply import Button, Picture
from bot.views.buttons import button
from bot.views.prices import tick_of
from core.decimals import EXACT
from ml.forecast import Driver, Forecast, TrackRecord
from pipeline.market import Candle, Symbol

_NO_SKILL = 0.001
"""Skill below which a record is shown as no different from expecting no change: a tenth of a percent."""

_MIN_SHARE = 0.1
_MAX_DRIVERS = 3


@dataclass(frozen=True, slots=True)
class Ends:
    """Prices at the end of a forecast: the expected one, and the ends of the 80 % interval."""

    expected: str
    low: str
    high: str


def span_words(minutes: int, ctx: Context) -> str:
    """Returns the horizon in words: `1 hour`."""
    return ctx.text(f"choice-{horizon_of(minutes)}")


def ends_of(forecast: Forecast, ctx: Context) -> Ends:
    """Returns the prices at the end of a forecast, at the symbol's tick."""
    expected, low, high = (
        _price(forecast.symbol, forecast.price * exp(move), ctx)
        for move in (forecast.expected, forecast.low, forecast.high)
    )
    return Ends(expected, low, high)


def _price(symbol: Symbol, value: float, ctx: Context) -> str:
    return ctx.format.estimate(value, tick_of(symbol, ctx))


def move_of(forecast: Forecast) -> Decimal:
    """Returns the expected change, as a fraction."""
    return Decimal(str(round(expm1(forecast.expected), 6)))


def move_text(fraction: Decimal, ctx: Context) -> str:
    """Returns the change as text: `+0.12%`."""
    return ctx.format.percent(fraction, signed=True)


def chance_text(chance: float | Decimal, ctx: Context) -> str:
    """Returns the probability as text: `57%`, with one decimal if it is not zero."""
    return ctx.format.percent(round(Decimal(str(chance)), 3))


def costs_of(ctx: Context) -> Decimal:
    """Returns the fees of buying and selling again, as a fraction: each takes its share of what is received."""
    kept = EXACT.subtract(Decimal(1), ctx.services.fee_rate)
    return EXACT.subtract(Decimal(1), EXACT.multiply(kept, kept))


def costs_text(ctx: Context) -> str:
    """Returns the fees of buying and selling again as text: `0.2%`."""
    return ctx.format.percent(round(costs_of(ctx), 4))


def drivers_texts(drivers: Sequence[Driver], ctx: Context) -> list[str]:
    """Returns the drivers of a rise and those of a fall, the strongest first; weak ones are left out."""
    whole = sum(abs(driver.share) for driver in drivers)
    strong = [driver for driver in drivers if abs(driver.share) >= _MIN_SHARE * whole > 0]
    told = sorted(strong, key=lambda driver: -abs(driver.share))[:_MAX_DRIVERS]
    sides = {"up": [d for d in told if d.share > 0], "down": [d for d in told if d.share < 0]}
    return [
        ctx.text(f"forecast-drivers-{side}", drivers=", ".join(ctx.text(f"driver-{driver.family}") for driver in found))
        for side, found in sides.items()
        if found
    ]


def record_row(days: int, record: TrackRecord | None, ctx: Context) -> tuple[str, str]:
    """Returns a label and the record of the last `days` days, compared with expecting no change. It includes the record
    of the ranges, since they are all that is shown without skill.
    """
    label = ctx.text("label-record", days=days)
    if record is None or not record.moves:
        return label, ctx.text("record-none")
    verdict = "same" if abs(record.skill) < _NO_SKILL else "better" if record.skill > 0 else "worse"
    said = ctx.text(
        f"record-{verdict}",
        hits=ctx.format.count(record.hits),
        moves=ctx.format.count(record.moves),
        share=chance_text(record.hits / record.moves, ctx),
        skill=ctx.format.percent(round(Decimal(str(abs(record.skill))), 3)),
        covered=chance_text(record.covered, ctx),
    )
    return label, said


async def forecast_picture(forecast: Forecast, candles: Sequence[Candle], last: Decimal, ctx: Context) -> Picture:
    """Returns the fan chart of a forecast. Raises ChartsBusy and ChartsUnavailable."""
    horizon = horizon_of(forecast.horizon)
    words = span_words(forecast.horizon, ctx)
    png = await ctx.services.charts.forecast(
        forecast,
        ctx.text("chart-ahead", horizon=words),
        candles,
        pair=pair_of(forecast.symbol, ctx),
        last=last,
        now=ctx.market.now(),
        label=ctx.market.info().label,
        style=ctx.style,
        tick=tick_of(forecast.symbol, ctx),
    )
    ends = ends_of(forecast, ctx)
    alt = ctx.text(
        "forecast-alt" if forecast.skilled else "forecast-alt-range",
        symbol=pair_of(forecast.symbol, ctx),
        horizon=words,
        price=_price(forecast.symbol, forecast.price, ctx),
        low=ends.low,
        high=ends.high,
        **({"expected": ends.expected} if forecast.skilled else {}),
    )
    return Picture(png, alt, f"{forecast.symbol}-forecast-{horizon}")


def forecast_button(symbol: Symbol, horizon: Horizon, ctx: Context) -> Button | None:
    """Returns a button that shows the symbol's forecast."""
    return button(ctx.text("button-forecast"), "forecast", short_name(symbol, ctx), horizon.value)
