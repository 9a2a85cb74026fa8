"""Readers of what an export contains and how far it goes back: `fills`, `30d`, `all`."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.arguments.durations import duration_span, minutes_of
from bot.arguments.moments import begins_date, dates_apart, read_date
from bot.arguments.reader import Reader, begins, choice
from bot.context import Context
from bot.errors import NotAChoice
from bot.inbound import Suggestion
from trading.reports.csv_export import ExportKind

LONGEST_MINUTES = 10 * 365 * 24 * 60


@dataclass(frozen=True, slots=True)
class ExportPeriod:
    """Period up to now: so many minutes, or since a moment; neither is everything."""

    minutes: int | None
    since: datetime | None = None


_KINDS = {
    **{kind.value: kind for kind in ExportKind},
    **dict.fromkeys(("order", "주문", "주문내역"), ExportKind.ORDERS),
    **dict.fromkeys(("fill", "executions", "trades", "체결", "체결내역"), ExportKind.FILLS),
    **dict.fromkeys(("entries", "원장", "장부"), ExportKind.LEDGER),
}
_ALL = frozenset(("all", "everything", "전부", "전체", "모두"))
_SINCE = frozenset(("since", "from"))
_OFFERED = ("7d", "30d", "90d", "1y", "all")


def _read_period(text: str, ctx: Context) -> ExportPeriod:
    """Raises NotAChoice, for two dates with the first of them, and NotADate."""
    typed = text.casefold().removeprefix("since ").removeprefix("from ").removesuffix("부터").strip()
    if typed in _ALL:
        return ExportPeriod(None)
    minutes = minutes_of(text)
    if minutes is None and begins_date(typed):
        return ExportPeriod(None, _since(typed, text, ctx))
    if not minutes or minutes > LONGEST_MINUTES:
        raise NotAChoice(text, _OFFERED)
    return ExportPeriod(minutes)


def _since(typed: str, text: str, ctx: Context) -> datetime:
    zone = ctx.format.zone
    today = datetime.fromtimestamp(ctx.services.clock() / 1000, UTC).astimezone(zone).date()
    day, rest = read_date(dates_apart(typed), today, text)
    if rest:
        raise NotAChoice(text, (day.isoformat(), *_OFFERED))
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _suggest_periods(prefix: str, ctx: Context) -> list[Suggestion]:
    offered = [Suggestion(word, ctx.text(f"choice-period-{word}")) for word in _OFFERED]
    return [entry for entry in offered if begins(entry, prefix)]


def _period_span(words: tuple[str, ...], ctx: Context) -> int:  # noqa: ARG001
    front = words[0].casefold().rstrip(".")
    span = duration_span(words)
    dated = front in _SINCE or (span == 1 and begins_date(front) and minutes_of(front) is None)
    return len(words) if dated else span


EXPORT_KINDS = choice(_KINDS, {kind.value: f"choice-{kind}" for kind in ExportKind})
EXPORT_PERIODS = Reader(_read_period, _suggest_periods, _period_span)
