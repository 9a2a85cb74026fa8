"""Readers of chart arguments: the interval of the candles, the overlays, and the period of a comparison."""

from dataclasses import replace
from enum import StrEnum

from bot.arguments.durations import duration_span, minutes_of, spelled
from bot.arguments.reader import Reader, begins, choice
from bot.arguments.symbols import read_symbol, suggest_symbols, symbol_span
from bot.context import Context
from bot.errors import NotAChoice
from bot.inbound import Suggestion
from bot.ui.charts.ports import ChartOption
from pipeline.market import Interval, Symbol

MIN_COMPARED = 2


class Period(StrEnum):
    """Length of time that a comparison covers, up to now."""

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    YEAR = "1y"


_DAY = 24 * 60
_PERIODS = {minutes_of(period.value) or 0: period for period in Period}


_BARE_PERIODS = {
    **dict.fromkeys(("day", "daily", "today", "하루"), Period.DAY),
    **dict.fromkeys(("week", "weekly", "일주일"), Period.WEEK),
    **dict.fromkeys(("month", "monthly", "한달"), Period.MONTH),
    "quarter": Period.QUARTER,
    **dict.fromkeys(("year", "yearly", "일년"), Period.YEAR),
}


def _read_compared(text: str, ctx: Context) -> Symbol | Period:
    """Returns a symbol or a period. Raises NotAChoice for a span of time that is no period, and what `read_symbol`
    raises.
    """
    found = spelled(text, _PERIODS) or _BARE_PERIODS.get(text.casefold())
    if found is None and (minutes_of(text) or 0) > _DAY:
        raise NotAChoice(text, tuple(Period))
    return found if found is not None else read_symbol(text, ctx)


def _compared_span(words: tuple[str, ...], ctx: Context) -> int:
    """Returns the number of words of one period or symbol: two for `30 days` and for `bitcoin cash`."""
    return max(duration_span(words), symbol_span(words, ctx))


def _suggest_compared(prefix: str, ctx: Context) -> list[Suggestion]:
    """Suggests symbols that are not written yet, and periods once two symbols are written."""
    written = {word.casefold() for word in ctx.words}
    symbols = [found for found in suggest_symbols(prefix, ctx) if found.text.casefold() not in written]
    named = [word for word in ctx.words if spelled(word, _PERIODS) is None]
    if len(named) < MIN_COMPARED or len(named) < len(ctx.words):
        return symbols
    periods = [Suggestion(period.value, ctx.text(f"choice-{period}")) for period in Period]
    return [*(entry for entry in periods if begins(entry, prefix)), *symbols]


_CHART_OPTIONS: dict[str, ChartOption] = {
    **{member.value: member for member in ChartOption},
    **dict.fromkeys(("sma", "이평", "이동평균"), ChartOption.MA),
    **dict.fromkeys(("bollinger", "볼린저"), ChartOption.BB),
    "지수이평": ChartOption.EMA,
    "깔끔히": ChartOption.CLEAN,
}


_WIDTHS = {minutes_of(interval.value) or 0: interval for interval in Interval}
_BARE_WIDTHS = {
    **dict.fromkeys(("minute", "분봉", "분"), Interval.M1),
    **dict.fromkeys(("hourly", "hour", "시간봉", "시간"), Interval.H1),
    **dict.fromkeys(("daily", "day", "일봉", "일간"), Interval.D1),
}


def is_interval(text: str) -> bool:
    """Returns whether the text names the interval of a chart: `1h`, `일봉`."""
    return (spelled(text, _WIDTHS) or _BARE_WIDTHS.get(text.casefold())) is not None


def _read_interval(text: str, ctx: Context) -> Interval:  # noqa: ARG001
    interval = spelled(text, _WIDTHS) or _BARE_WIDTHS.get(text.casefold())
    if interval is None:
        raise NotAChoice(text, tuple(Interval))
    return interval


def _suggest_intervals(prefix: str, ctx: Context) -> list[Suggestion]:
    shown = (Suggestion(interval.value, ctx.text(f"choice-{interval}")) for interval in Interval)
    return [entry for entry in shown if begins(entry, prefix)]


def _interval_span(words: tuple[str, ...], ctx: Context) -> int:  # noqa: ARG001
    """Returns 0, so that the interval is left out, if an option is written in its place: `/chart BTC rsi`."""
    return 0 if words[0].casefold() in _CHART_OPTIONS else duration_span(words)


COMPARED = Reader(_read_compared, _suggest_compared, _compared_span, listed=True)
INTERVALS = Reader(_read_interval, _suggest_intervals, _interval_span)
CHART_OPTIONS = replace(
    choice(_CHART_OPTIONS, {member.value: f"choice-{member}" for member in ChartOption}), listed=True
)
