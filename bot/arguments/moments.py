"""Reader of past moments: `2026-11-01`, `2026-11-01 12:00`, `yesterday`, `2026년 11월 1일 오후 3시`."""

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import NewType

from bot.arguments.reader import Reader, all_words
from bot.arguments.times import minute_of
from bot.context import Context
from bot.errors import NotADate
from bot.inbound import Suggestion

PastMoment = NewType("PastMoment", datetime)
"""A moment up to now; a date alone is the end of that day in the user's time zone."""

_DATE = re.compile(
    r"(?P<year>[0-9]{4})(?:[-/]|\.\s?)(?P<month>[0-9]{1,2})(?:[-/]|\.\s?)(?P<day>[0-9]{1,2})\.?(?:,?[t\s]+|$)(?P<time>.*)"
)
_ENGLISH = re.compile(
    r"(?:(?P<name>[a-z]{3,9})\.? (?P<day>[0-9]{1,2})|(?P<first>[0-9]{1,2}) (?P<second>[a-z]{3,9})\.?)"
    r"(?:,? (?P<year>[0-9]{4})(?![0-9:]))?(?:,?\s+|$)(?P<time>.*)"
)
_MONTHS = tuple(month.casefold() for month in calendar.month_name[1:])
_SHORTEST = 3
_SECONDS = re.compile(r"([0-9]{1,2}:[0-9]{2}):[0-9]{2}")
_KOREAN = re.compile(r"(?:(?P<year>[0-9]{4})년\s*)?(?P<month>[0-9]{1,2})월\s*(?P<day>[0-9]{1,2})일\s*(?P<time>.*)")
_NAMED = MappingProxyType(
    {"today": 0, "오늘": 0, "yesterday": 1, "어제": 1, "그저께": 2, "그제": 2, "tomorrow": -1, "내일": -1, "모레": -2}
)
"""Days by name, with the number of days since them."""
_JOINED = re.compile(
    r"(?<=[0-9.일a-z])\s*(?:[-~–—〜]|\.\.+)\s*(?=[0-9]{4}[-./년]|[0-9]{1,2}월|(?:[0-9]{1,2} )?"
    rf"(?:{'|'.join(month[:_SHORTEST] for month in _MONTHS)})[a-z]*\b)",
    re.IGNORECASE,
)
_ENDING = re.compile(r"(?<=[0-9.일제저께])(?:부터|까지)(?=\s|$)")
_EARLIEST_YEAR = 2009
_LEAP_YEARS = 9


def _read_moment(text: str, ctx: Context) -> PastMoment:
    """Raises NotADate, and NotATime for what follows a date and is no time of day."""
    folded = " ".join(text.casefold().split())
    zone = ctx.format.zone
    now = datetime.fromtimestamp(ctx.services.clock() / 1000, UTC).astimezone(zone)
    day, time = read_date(folded, now.date(), text)
    if not time:
        end = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
        return PastMoment(min(end - timedelta(milliseconds=1), now).astimezone(UTC))
    minute = minute_of(time)
    moment = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    return PastMoment(min(moment, now).astimezone(UTC))


def read_date(folded: str, today: date, text: str) -> tuple[date, str]:
    """Returns the date and the rest of the text. Raises NotADate for no date, and for one that is not over."""
    found = find_date(folded, today, text)
    if found is None:
        raise NotADate(text)
    day, rest = found
    text = _written(text, folded, rest)
    if day.year < _EARLIEST_YEAR:
        raise NotADate(text, "early")
    if day > today:
        raise NotADate(text, "future")
    return day, rest


def find_date(folded: str, today: date, text: str, *, ahead: bool = False) -> tuple[date, str] | None:
    """Returns the date that the text begins with, and the rest of it; None for no date. One without a year is the last
    such day up to today, or the next one if the date lies `ahead`. Raises NotADate for a day that no calendar has.
    """
    word, _, rest = folded.partition(" ")
    if word in _NAMED:
        return today - timedelta(days=_NAMED[word]), rest
    found = _DATE.fullmatch(folded) or _KOREAN.fullmatch(folded) or _ENGLISH.fullmatch(folded)
    if found is None:
        return None
    parts = found.groupdict()
    month, number = parts.get("month"), parts["day"] or parts.get("first")
    place = int(month) if month else _month_of(parts["name"] or parts["second"])
    if not place:
        return None
    try:
        year = parts["year"]
        day = (
            _nearest(place, int(number or 0), today, ahead=ahead)
            if year is None
            else date(int(year), place, int(number or 0))
        )
    except ValueError as error:
        raise NotADate(_written(text, folded, parts["time"]), "calendar") from error
    return day, _SECONDS.sub(r"\1", parts["time"])


def _written(text: str, folded: str, rest: str) -> str:
    """Returns the words of a date before the `rest`, as they are written."""
    date_words = folded.removesuffix(rest).strip()
    return text[: len(date_words)] if text.casefold().startswith(date_words) else date_words


def dates_apart(text: str) -> str:
    """Returns `2021-03-01–2021-03-31` and `3월 1일부터 3월 31일까지` as two dates with a space between them."""
    return _ENDING.sub(" ", _JOINED.sub(" ", text)).strip()


def _nearest(month: int, number: int, today: date, *, ahead: bool) -> date:
    """Returns the last such day up to today, or the first from today on. Raises ValueError for a day that is none."""
    years = (today.year + (away if ahead else -away) for away in range(_LEAP_YEARS))
    known = (date(year, month, number) for year in years if number <= calendar.monthrange(year, month)[1])
    day = next((day for day in known if (day >= today if ahead else day <= today)), None)
    return day if day is not None else date(today.year, month, number)


def _month_of(name: str) -> int:
    """Returns the number of a month by its English name or the beginning of it; 0 if there is none."""
    short = "sep" if name == "sept" else name
    return next((number for number, month in enumerate(_MONTHS, 1) if month.startswith(short)), 0)


def begins_date(folded: str) -> bool:
    """Returns whether a text begins as a date does: with a digit or the name of a month."""
    word = folded.partition(" ")[0].rstrip(".")
    return folded[:1].isdigit() or word in _NAMED or (len(word) >= _SHORTEST and _month_of(word) > 0)


def _suggested(prefix: str, ctx: Context) -> list[Suggestion]:
    today = datetime.fromtimestamp(ctx.services.clock() / 1000, UTC).astimezone(ctx.format.zone).date()
    days = (f"{today - timedelta(days=back):%Y-%m-%d}" for back in range(1, 8))
    return [Suggestion(day, day) for day in days if day.startswith(prefix.strip())]


MOMENTS = Reader(_read_moment, _suggested, span=all_words)
