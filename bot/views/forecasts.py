"""Texts and pictures of forecasts, shared by answers and notifications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from math import exp, expm1

from bot.arguments.horizons import Horizon, horizon_of, offered_horizons
from bot.arguments.symbols import pair_of, short_name
from bot.context import Context
from bot.reply import Button, Picture
from bot.views.buttons import button
from bot.views.prices import tick_of
from core.decimals import EXACT
from ml.forecast import MIN_MOMENTS, Driver, Estimate, Forecast, TrackRecord, moment_minutes
from pipeline.market import Candle, Symbol

RECORD_DAYS = (7, 30)
"""Days that the records of past forecasts cover."""

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
    """Returns the expected change, as a fraction with the four decimals that the picture shows as well."""
    return round(Decimal(str(expm1(forecast.expected))), 4)


def move_text(fraction: Decimal, ctx: Context) -> str:
    """Returns the change as text: `+0.12%`."""
    return ctx.format.percent(fraction, signed=True)


def chance_text(chance: float | Decimal, ctx: Context) -> str:
    """Returns the probability as text: `57%`, with one decimal if it is not zero."""
    return ctx.format.percent(round(Decimal(str(chance)), 3))


def asked_chance_text(chance: Decimal, ctx: Context) -> str:
    """Returns a probability that a user chose, with every digit of it: `60.55%`."""
    return f"{ctx.format.amount(EXACT.scaleb(chance, 2))}%"


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


def record_rows(
    horizon: int, records: Mapping[int, TrackRecord | None], ctx: Context, *, skilled: bool
) -> tuple[tuple[str, str], ...]:
    """Returns a label and the record of each of the `RECORD_DAYS` that are long enough for the horizon (minutes) and
    add something.

    Without skill, the range is all that is shown of a forecast, and so it is of its record.
    """
    needed = MIN_MOMENTS * moment_minutes(horizon)
    shown: list[tuple[int, TrackRecord | None]] = []
    for days in RECORD_DAYS:
        if days * 24 * 60 >= needed and not (shown and _same(shown[-1][1], records.get(days))):
            shown.append((days, records.get(days)))
    return tuple((ctx.text("label-record", days=days), _record(record, ctx, skilled=skilled)) for days, record in shown)


def _same(shorter: TrackRecord | None, longer: TrackRecord | None) -> bool:
    """Returns whether the longer period adds nothing, as on a young desk."""
    if shorter is None or longer is None:
        return shorter is longer
    return replace(shorter, days=longer.days) == longer


def _record(record: TrackRecord | None, ctx: Context, *, skilled: bool) -> str:
    if record is None:
        return ctx.text("record-none")
    if record.covered is None:
        return too_few_text(record.moments, MIN_MOMENTS, ctx)
    parts = [
        *([errors_text("record-errors", record.skill, ctx)] if skilled and record.skill else []),
        *([_hits(record.hits, record.unchanged or 0.0, ctx)] if skilled and record.hits else []),
        ctx.text("record-range", covered=share_text(record.covered, ctx)),
    ]
    return ctx.text("record-separator").join(parts)


def _hits(hits: Estimate, unchanged: float, ctx: Context) -> str:
    share = _percents(unchanged, ctx)
    name = "record-hits-moved" if share == _percents(0.0, ctx) else "record-hits"
    return ctx.text(name, hits=share_text(hits, ctx), unchanged=share)


def too_few_text(found: int, needed: int, ctx: Context) -> str:
    """Returns that so many independent periods are too few to tell."""
    return ctx.text("record-few", found=found, needed=needed)


def errors_text(name: str, skill: Estimate, ctx: Context) -> str:
    """Returns the text `name` on the errors compared with those of “no change”. It claims no difference if the interval
    includes none.
    """
    verdict = verdict_of(skill)
    ends = (skill.high, skill.low) if verdict is Verdict.WORSE else (skill.low, skill.high)
    value, low, high = (_tenths(abs(part), ctx) for part in (skill.value, *ends))
    return ctx.text(name, verdict=verdict, value=value, low=low, high=high)


class Verdict(StrEnum):
    """Verdict on errors compared with those of the naive forecast; `UNCLEAR` if they may be as large."""

    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"


def verdict_of(skill: Estimate) -> Verdict:
    """Returns the verdict that the interval of the skill allows."""
    if skill.low > 0:
        return Verdict.BETTER
    return Verdict.WORSE if skill.high < 0 else Verdict.UNCLEAR


def share_text(share: Estimate, ctx: Context) -> str:
    """Returns the share with its interval, in whole percents."""
    low, high = _percents(share.low, ctx), _percents(share.high, ctx)
    return ctx.text("share-with-interval", value=_percents(share.value, ctx), low=low, high=high)


def _percents(share: float, ctx: Context) -> str:
    """Returns whole percents: records are no more precise."""
    return ctx.format.percent(round(Decimal(str(share)), 2))


def _tenths(share: float, ctx: Context) -> str:
    return ctx.format.percent(round(Decimal(str(share)), 3))


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
    """Returns a button that shows the symbol's forecast. None if the desk no longer forecasts this horizon."""
    if horizon not in offered_horizons(ctx):
        return None
    return button(ctx.text("button-forecast"), "forecast", short_name(symbol, ctx), horizon.value)
