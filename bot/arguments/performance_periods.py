"""Reader of what /performance shows: `30d`, `since reset`, `2026-10-01 2026-10-31`, `csv 30d`, `report all`."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.arguments.durations import minutes_of
from bot.arguments.moments import begins_date, dates_apart, read_date
from bot.arguments.reader import Reader, all_words, begins
from bot.arguments.typography import plain
from bot.context import Context
from bot.errors import DatesOutOfOrder, NotAChoice, NotADate
from bot.inbound import Suggestion
from trading.reports.performance import PerformancePeriod

MAX_DAYS = 10 * 365
_DAY_MINUTES = 24 * 60


class PerformanceForm(StrEnum):
    """Form of the answer: a card with a picture, a CSV file of the days, or a tear sheet in HTML."""

    CARD = "card"
    CSV = "csv"
    REPORT = "report"


EVERYTHING = PerformancePeriod()


@dataclass(frozen=True, slots=True)
class PerformanceRequest:
    """Requested form and period."""

    form: PerformanceForm = PerformanceForm.CARD
    period: PerformancePeriod = EVERYTHING

    @property
    def words(self) -> tuple[str, ...]:
        """Words that name the period, as buttons send them."""
        period = self.period
        if period.since_reset:
            return ("reset",)
        if period.days is not None:
            return (f"{period.days}d",)
        return tuple(day.isoformat() for day in (period.first, period.last) if day is not None)


_FORMS = MappingProxyType(
    dict.fromkeys(("csv", "엑셀"), PerformanceForm.CSV)
    | dict.fromkeys(("report", "tearsheet", "html", "보고서", "리포트"), PerformanceForm.REPORT)
)
_PERIODS = MappingProxyType(
    dict.fromkeys(("today", "오늘", "1d"), PerformancePeriod(days=1))
    | dict.fromkeys(
        ("reset", "since reset", "since the reset", "초기화", "초기화 이후", "초기화이후"),
        PerformancePeriod(since_reset=True),
    )
    | dict.fromkeys(("", "all", "everything", "전체", "전부", "모두"), EVERYTHING)
)
_OFFERED = ("today", "7d", "30d", "reset", "all", "csv", "report")
_BETWEEN = frozenset(("from", "between", "and", "to", "until", "till", "-", "–", "~", "부터", "까지"))


def _read(text: str, ctx: Context) -> PerformanceRequest:
    """Raises NotAChoice for no period, NotADate for a wrong date, DatesOutOfOrder."""
    words = dates_apart(plain(text)).split()
    forms = [folded for word in words if (folded := word.casefold()) in _FORMS]
    if len(forms) > 1:
        raise NotAChoice(text, _offered(ctx))
    form = _FORMS[forms[0]] if forms else PerformanceForm.CARD
    rest = [word for word in words if word.casefold() not in _FORMS and word.casefold() not in _BETWEEN]
    return PerformanceRequest(form, _period(" ".join(rest), text, ctx))


def _period(typed: str, text: str, ctx: Context) -> PerformancePeriod:
    words, minutes = typed.casefold(), minutes_of(typed)
    if words in _PERIODS:
        return _PERIODS[words]
    if minutes is not None:
        if minutes % _DAY_MINUTES or not 0 < minutes <= MAX_DAYS * _DAY_MINUTES:
            raise NotAChoice(text, _offered(ctx))
        return PerformancePeriod(days=minutes // _DAY_MINUTES)
    words = words.removeprefix("since ")
    if not begins_date(words):
        raise NotAChoice(text, _offered(ctx))
    today = datetime.fromtimestamp(ctx.services.clock() / 1000, UTC).date()
    first, rest = read_date(words, today, text)
    last, after = read_date(rest, today, text) if rest else (None, "")
    if after:
        raise NotADate(text)
    if last is not None and last < first:
        raise DatesOutOfOrder(first, last)
    return PerformancePeriod(first=first, last=last)


def _offered(ctx: Context) -> tuple[str, ...]:
    """Returns what may be typed, with the dates of the last 30 days as an example."""
    today = datetime.fromtimestamp(ctx.services.clock() / 1000, UTC).date()
    return (*_OFFERED, f"{today - timedelta(days=30)} {today}")


def _suggest(prefix: str, ctx: Context) -> list[Suggestion]:
    offered = [Suggestion(word, ctx.text(f"choice-performance-{word}")) for word in _OFFERED]
    return [entry for entry in offered if begins(entry, prefix)]


PERFORMANCE_REQUESTS = Reader(_read, _suggest, span=all_words)
