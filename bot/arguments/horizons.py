"""Readers of forecast horizons, and of the least probability of a direction for an alert."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from bot.arguments.amounts import read_amount
from bot.arguments.durations import duration_span, minutes_of, spelled
from bot.arguments.reader import Reader, begins
from bot.arguments.symbols import find_symbol, read_symbol, suggest_symbols, symbol_span
from bot.context import Context
from bot.errors import ChanceOutOfRange, MissingArgument, NotAChoice
from bot.inbound import Suggestion
from bot.ui.texts.examples import nearest_horizon
from core.decimals import EXACT
from core.errors import NotPositive
from pipeline.market import Interval, Symbol
from trading.alerts.forecast_alerts import ForecastDirection


class Horizon(StrEnum):
    """Forecast horizon. `minutes` are those of `ml.forecast.HORIZONS`; `history` is the part that a chart shows before
    it.
    """

    M5 = "5m"
    M15 = "15m"
    H1 = "1h"
    H4 = "4h"
    D1 = "1d"

    @property
    def minutes(self) -> int:
        """Length of the horizon in minutes."""
        return _MINUTES[self]

    @property
    def history(self) -> tuple[Interval, int]:
        """Width and number of candles: three to four times as long as the horizon."""
        return _HISTORY[self]


_MINUTES = {Horizon.M5: 5, Horizon.M15: 15, Horizon.H1: 60, Horizon.H4: 240, Horizon.D1: 1440}
_HISTORY = {
    Horizon.M5: (Interval.M1, 20),
    Horizon.M15: (Interval.M1, 60),
    Horizon.H1: (Interval.M1, 180),
    Horizon.H4: (Interval.M5, 144),
    Horizon.D1: (Interval.M15, 288),
}


def horizon_of(minutes: int) -> Horizon:
    """Returns the horizon of this length. Raises KeyError for a length that is not forecast."""
    return _BY_MINUTES[minutes]


_BY_MINUTES = {minutes: horizon for horizon, minutes in _MINUTES.items()}


def offered_horizons(ctx: Context) -> list[Horizon]:
    """Returns the horizons that this desk forecasts, shortest first."""
    return [_BY_MINUTES[minutes] for minutes in ctx.services.horizons]


def usual_horizon(ctx: Context) -> Horizon:
    """Returns the horizon of a forecast if none is stated: an hour, or the one nearest to it."""
    return Horizon(nearest_horizon(Horizon.H1, offered_horizons(ctx)))


WAYS = MappingProxyType(
    dict.fromkeys(("up", "rise", "↑", ">", "상승", "오름"), ForecastDirection.UP)
    | dict.fromkeys(("down", "fall", "↓", "<", "하락", "내림"), ForecastDirection.DOWN)
)
"""Every spelling, in lower case."""

MIN_CHANCE, MAX_CHANCE = Decimal("0.5"), Decimal("0.99")
_SCALE = 4


@dataclass(frozen=True, slots=True)
class Chance:
    """A direction and its least probability: above 0.5 and at most 0.99."""

    way: ForecastDirection
    least: Decimal


def read_chance(text: str) -> Chance:
    """Reads `up 60`, `down 62.5%`. Raises NotAChoice, MissingArgument, ChanceOutOfRange, and as `read_amount` does."""
    folded = text.casefold().strip()
    word = next((word for word in _LONGEST_FIRST if folded.startswith(word)), "")
    if not word:
        rest = f" {text.strip()}" if _LEAST.fullmatch(folded) else ""
        raise NotAChoice(text, (f"up{rest}", f"down{rest}"))
    number = folded[len(word) :].strip().rstrip("%％").strip()
    if not number:
        raise MissingArgument("forecastalert", "chance")
    try:
        least = EXACT.scaleb(read_amount(number), -2)
    except NotPositive:
        raise ChanceOutOfRange(text) from None
    if not MIN_CHANCE < least <= MAX_CHANCE or least != round(least, _SCALE):
        raise ChanceOutOfRange(text)
    return Chance(WAYS[word], least)


_LEAST = re.compile(r"[0-9]{1,2}([.][0-9]{1,2})? ?[%％]?", re.ASCII)
_LONGEST_FIRST = sorted(WAYS, key=len, reverse=True)


def _read_horizon(text: str, ctx: Context) -> Horizon:
    horizon = spelled(text, _BY_MINUTES)
    if horizon is None or horizon not in offered_horizons(ctx):
        raise NotAChoice(text, tuple(offered_horizons(ctx)))
    return horizon


def _suggest_horizons(prefix: str, ctx: Context) -> list[Suggestion]:
    shown = (Suggestion(horizon.value, ctx.text(f"choice-{horizon}")) for horizon in offered_horizons(ctx))
    return [entry for entry in shown if begins(entry, prefix)]


def _read_forecast_of(text: str, ctx: Context) -> Symbol | Horizon:
    spans = spelled(text, _BY_MINUTES) or (minutes_of(text) is not None and find_symbol(text, ctx) is None)
    return _read_horizon(text, ctx) if spans else read_symbol(text, ctx)


def _suggest_forecast_of(prefix: str, ctx: Context) -> list[Suggestion]:
    return [*suggest_symbols(prefix, ctx), *(_suggest_horizons(prefix, ctx) if prefix else [])]


def _horizon_span(words: tuple[str, ...], ctx: Context) -> int:  # noqa: ARG001
    """Returns 0, so that the horizon is left out, for a direction in its place: `/forecastalert BTC up 60`."""
    return 0 if words[0].casefold().startswith(tuple(WAYS)) else duration_span(words)


def _read_chance(text: str, ctx: Context) -> Chance:  # noqa: ARG001
    return read_chance(text)


def _chance_span(words: tuple[str, ...], ctx: Context) -> int:  # noqa: ARG001
    """Returns the number of words of one chance: three for `up 60 %`."""
    number = 1 if words[0].casefold() in WAYS else 0
    unit = words[number + 1 : number + 2]
    return min(len(words), number + 1 + (1 if unit and unit[0] in _PERCENT else 0))


_PERCENT = ("%", "％")


def _suggest_chances(prefix: str, ctx: Context) -> list[Suggestion]:
    typed = prefix.casefold()
    offered = ((way, f"{least}%") for way in ("up", "down") for least in (55, 60))
    return [
        Suggestion(f"{way} {least}", ctx.text(f"choice-chance-{way}", chance=least))
        for way, least in offered
        if f"{way} {least}".startswith(typed)
    ]


HORIZONS = Reader(_read_horizon, _suggest_horizons, _horizon_span)
FORECAST_OF = Reader(_read_forecast_of, _suggest_forecast_of, symbol_span)
CHANCES = Reader(_read_chance, _suggest_chances, _chance_span)
