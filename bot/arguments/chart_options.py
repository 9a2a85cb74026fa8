"""What a chart is asked for: the width of its candles, what is drawn beside them, how far back a comparison looks."""

from dataclasses import replace
from enum import StrEnum

from bot.arguments.reader import Reader, choice, enum_choice
from bot.arguments.symbols import read_symbol, suggest_symbols, symbol_span
from bot.context import Context
from bot.inbound import Suggestion
from bot.ports import ChartOption
from pipeline.market import Interval, Symbol

COMPARED_LEAST = 2


class Period(StrEnum):
    """How far back a comparison looks."""

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    YEAR = "1y"


def _read_compared(text: str, ctx: Context) -> Symbol | Period:
    found = next((period for period in Period if period == text.casefold()), None)
    return found if found is not None else read_symbol(text, ctx)


def _suggest_compared(prefix: str, ctx: Context) -> list[Suggestion]:
    """Symbols that are not there yet; periods once there are two."""
    written = {word.casefold() for word in ctx.words}
    symbols = [found for found in suggest_symbols(prefix, ctx) if found.text.casefold() not in written]
    if len(ctx.words) < COMPARED_LEAST or written & set(Period):
        return symbols
    periods = [period for period in Period if period.startswith(prefix.casefold())]
    return [*(Suggestion(period.value, ctx.say(f"choice-{period}")) for period in periods), *symbols]


_CHART_OPTIONS: dict[str, ChartOption] = {
    **{member.value: member for member in ChartOption},
    **dict.fromkeys(("sma", "이평", "이동평균"), ChartOption.MA),
    **dict.fromkeys(("bollinger", "볼린저"), ChartOption.BB),
    "지수이평": ChartOption.EMA,
    "깔끔히": ChartOption.CLEAN,
}


def _interval_span(words: tuple[str, ...], ctx: Context) -> int:  # noqa: ARG001
    """0, so left out, where an option stands in its place: `/chart BTC rsi`."""
    return 0 if words[0].casefold() in _CHART_OPTIONS else 1


COMPARED = Reader(_read_compared, _suggest_compared, symbol_span, listed=True)
INTERVALS = replace(enum_choice(Interval), span=_interval_span)
CHART_OPTIONS = replace(
    choice(_CHART_OPTIONS, {member.value: f"choice-{member}" for member in ChartOption}), listed=True
)
