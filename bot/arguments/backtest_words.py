"""Reader of what /backtest tests: `BTC 1h when rsi(14) < 30 buy 25% when rsi(14) > 55 sell max since 1y`, or the name
of a saved strategy. The words `again`, `trades` and `save` with a handle are those of buttons.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType

from bot.arguments.durations import duration_span, minutes_of, spelled
from bot.arguments.moments import read_date
from bot.arguments.reader import Reader, all_words
from bot.arguments.symbols import is_symbol, read_symbol, suggest_symbols, symbol_span
from bot.context import Context
from bot.errors import DatesOutOfOrder, MissingArgument, NotAChoice, NotADate
from bot.inbound import Suggestion
from pipeline.market import DAY_MS, EARLIEST_MS, MINUTE_MS, Interval, Symbol
from trading.rules.lexicon import TAGS

_INTERVALS = MappingProxyType({interval.ms // MINUTE_MS: interval for interval in Interval})
_SINCE = frozenset(("since", "from"))
_UNTIL = frozenset(("until", "till"))
_FROM_ENDINGS, _TO_ENDING = ("전부터", "부터"), "까지"
_RANGE = re.compile(
    r"(?<!\S)(?:(?:since|from) )?(2[0-9]{3}[-./][0-9]{1,2}[-./][0-9]{1,2})\.?"
    r"(?: ?(?:[-~–—〜]|\.\.+) ?| (?:to|until|till) )(2[0-9]{3}[-./][0-9]{1,2}[-./][0-9]{1,2})(?!\S)",
    re.ASCII | re.IGNORECASE,
)
_MONTH_WORD = re.compile(r"[0-9]{4}년|[0-9]{1,2}월", re.ASCII)
_LONGEST_DATE = 3
_EVERYTHING = frozenset(("all", "everything", "start", "전체", "처음"))


class BacktestAction(StrEnum):
    """Action on a back-test that was shown."""

    RUN = "run"
    AGAIN = "again"
    TRADES = "trades"
    SAVE = "save"


@dataclass(frozen=True, slots=True)
class BacktestRequest:
    """Request of /backtest. A typed one has a `symbol` and a `rule` as text, or the `name` of a strategy; that of a
    button has the `handle` of a back-test, and for AGAIN an interval, for SAVE maybe a name.

    `since` is the first moment (UTC ms) and `until` the end of the test; None where nothing was said.
    """

    action: BacktestAction = BacktestAction.RUN
    symbol: Symbol | None = None
    interval: Interval | None = None
    rule: str = ""
    name: str = ""
    handle: str = ""
    since: int | None = None
    until: int | None = None


_ACTIONS = MappingProxyType({each.value: each for each in BacktestAction if each is not BacktestAction.RUN})


def _read(text: str, ctx: Context) -> BacktestRequest:
    """Raises MissingArgument, NotAChoice, NotADate, DatesOutOfOrder, and what `read_symbol` raises."""
    words = text.split()
    action = _ACTIONS.get(words[0].casefold())
    if action is not None and len(words) > 1 and not is_symbol(words[0], ctx):
        return _of_button(action, words[1:])
    words, since, until = _without_period(_RANGE.sub(r"since \1 until \2", text).split(), ctx)
    if not words:
        raise MissingArgument("backtest", "test")
    period = BacktestRequest(since=since, until=until)
    if len(words) == 1 and not is_symbol(words[0], ctx):
        return replace(period, name=words[0].casefold())
    if words[0].casefold() in TAGS:  # the rule stands where the coin belongs
        raise MissingArgument("backtest", "test")
    span = symbol_span(tuple(words), ctx)
    symbol, rest = read_symbol(" ".join(words[:span]), ctx), words[span:]
    interval, rest = _interval(rest)
    if not rest:
        raise MissingArgument("backtest", "test")
    return replace(period, symbol=symbol, interval=interval, rule=" ".join(rest))


def _of_button(action: BacktestAction, words: list[str]) -> BacktestRequest:
    request = BacktestRequest(action, handle=words[0])
    if action is BacktestAction.AGAIN and len(words) > 1:
        interval, _ = _interval(words[1:])
        return replace(request, interval=interval)
    return replace(request, name=" ".join(words[1:])) if action is BacktestAction.SAVE else request


def _interval(words: list[str]) -> tuple[Interval | None, list[str]]:
    """Returns the interval at the begin of the words, if there is one, and the rest. Raises NotAChoice for a span of
    time that is none.
    """
    span = duration_span(tuple(words)) if words else 0
    typed = " ".join(words[:span])
    interval = spelled(typed, _INTERVALS)
    if interval is None and typed and minutes_of(typed) is not None:
        raise NotAChoice(typed, tuple(Interval))
    return interval, words[span:] if interval is not None else words


def _without_period(words: list[str], ctx: Context) -> tuple[list[str], int | None, int | None]:
    """Returns the words without those of the period, and its ends."""
    left: list[str] = []
    since = until = None
    at = 0
    while at < len(words):
        word = words[at].casefold()
        if word in _SINCE and at + 1 < len(words):
            since, taken = _moment(words[at + 1 :], ctx, end=False)
            at += 1 + taken
        elif word in _UNTIL and at + 1 < len(words):
            until, taken = _moment(words[at + 1 :], ctx, end=True)
            at += 1 + taken
        elif ending := next((each for each in _FROM_ENDINGS if word.endswith(each) and word != each), ""):
            since, _ = _moment([*_month_before(left), words[at][: -len(ending)]], ctx, end=False)
            at += 1
        elif word.endswith(_TO_ENDING) and len(word) > len(_TO_ENDING):
            until, _ = _moment([*_month_before(left), words[at][: -len(_TO_ENDING)]], ctx, end=True)
            at += 1
        else:
            left.append(words[at])
            at += 1
    if since is not None and until is not None and until <= since:
        raise DatesOutOfOrder(*(datetime.fromtimestamp(each / 1000, UTC).date() for each in (since, until)))
    return left, since, until


def _moment(words: list[str], ctx: Context, *, end: bool) -> tuple[int, int]:
    """Returns a time (UTC ms) and the number of its words: that many minutes before now, or the begin or the end of a
    date (UTC). Raises NotADate.
    """
    now = ctx.market.now()
    if words[0].casefold() in _EVERYTHING and not end:
        return EARLIEST_MS, 1
    span = duration_span(tuple(words))
    minutes = None if _MONTH_WORD.fullmatch(words[0]) and len(words) > 1 else minutes_of(" ".join(words[:span]))
    if minutes is not None:
        return max(EARLIEST_MS, now - minutes * MINUTE_MS), span
    today = datetime.fromtimestamp(now / 1000, UTC).date()
    day, taken = _date(words, today)
    begin = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
    return (min(begin + DAY_MS, now) if end else begin), taken


def _date(words: list[str], today: date) -> tuple[date, int]:
    """Returns the date at the beginning of the words, and the number of its words. Raises NotADate."""
    for count in range(min(_LONGEST_DATE, len(words)), 1, -1):
        typed = " ".join(words[:count]).rstrip(",")
        with suppress(NotADate):
            day, rest = read_date(typed.casefold(), today, typed)
            if not rest:
                return day, count
    day, rest = read_date(words[0].casefold(), today, words[0])
    if rest:
        raise NotADate(words[0])
    return day, 1


def _month_before(left: list[str]) -> list[str]:
    """Returns the words of a year and a month at the end of `left`, and removes them there: `3월` of `3월 1일부터`."""
    begin = len(left)
    while begin and _MONTH_WORD.fullmatch(left[begin - 1]):
        begin -= 1
    taken = left[begin:]
    del left[begin:]
    return taken


def _suggest(prefix: str, ctx: Context) -> list[Suggestion]:
    return [] if ctx.words else suggest_symbols(prefix, ctx)


BACKTEST_REQUESTS = Reader(_read, _suggest, all_words, verbatim=True)
