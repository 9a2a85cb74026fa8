"""Reader of how long an order lives: `gtc`, `ioc`, `fok`, `maker`, `1d`, `2026-12-31`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.arguments.durations import duration_span, minutes_of
from bot.arguments.moments import find_date
from bot.arguments.reader import Reader, begins
from bot.context import Context
from bot.errors import NotAChoice, NotADate, OptionsConflict
from bot.inbound import Suggestion
from trading.orders.requests import OrderRequest
from trading.orders.terms import TimeInForce


@dataclass(frozen=True, slots=True)
class OrderOption:
    """Option of an order as typed: a time in force, `maker`, or, for GTD, a lifetime in ms or a date (`expires_at`, UTC
    ms).
    """

    text: str
    time_in_force: TimeInForce | None = None
    maker: bool = False
    lifetime_ms: int | None = None
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class OrderLife:
    """Options together."""

    time_in_force: TimeInForce = TimeInForce.GTC
    maker: bool = False
    lifetime_ms: int | None = None
    expires_at: int | None = None

    def of(self, request: OrderRequest) -> OrderRequest:
        """Returns the request with this life."""
        return replace(
            request,
            time_in_force=self.time_in_force,
            expires_in_ms=self.lifetime_ms,
            expires_at=self.expires_at,
        )


_WORDS = {
    **dict.fromkeys(("gtc", "good-till-cancelled"), TimeInForce.GTC),
    **dict.fromkeys(("ioc", "immediate"), TimeInForce.IOC),
    **dict.fromkeys(("fok", "all-or-none"), TimeInForce.FOK),
}
_MAKER = ("maker", "post", "postonly", "post-only", "메이커")
_FRONT = ("gtd", "until", "till", "for", "기한")
_COMING = ("tomorrow", "내일", "모레")
_BEHIND = "까지"
_DATE = re.compile(r"(2[0-9]{3})[-./](0?[1-9]|1[0-2])[-./](0?[1-9]|[12][0-9]|3[01])\.?", re.ASCII)
_SPAN = re.compile(r"[0-9]{1,5} ?[^\W\d_]+")
_MINUTES_OR_MILLIONS = re.compile(r"[0-9]+m", re.ASCII)
_LIKE_A_SPAN = re.compile(r"[0-9]+[^\W\d_]{1,3}|[0-9]{1,4}(?:[-./][0-9]{1,4}){2}\.?")
_OFFERED = ("gtc", "ioc", "fok", "maker", "1d", "1w")
_MINUTE_MS = 60_000
_LONGEST_DATE = 3
"""Most words of a date."""


def is_option(word: str) -> bool:
    """Returns whether the word begins an option: `gtc`, `1d`, `2026-12-31`. `1m` may be a price and counts as none."""
    folded = word.casefold().removesuffix(_BEHIND)
    if folded in _WORDS or folded in _MAKER or folded in _FRONT or folded in _COMING or _DATE.fullmatch(folded):
        return True
    return (
        bool(_SPAN.fullmatch(folded)) and not _MINUTES_OR_MILLIONS.fullmatch(folded) and minutes_of(folded) is not None
    )


def _known(text: str) -> bool:
    """Returns whether the words can be meant as an option, also as a wrong one: `0d`, `2026-13-45`."""
    first = text.partition(" ")[0]
    return is_option(first) or minutes_of(text) is not None or bool(_LIKE_A_SPAN.fullmatch(first))


def life_of(options: Sequence[OrderOption], *, allowed: Sequence[TimeInForce]) -> OrderLife:
    """Returns the options together. Raises OptionsConflict if two exclude each other, NotAChoice for one that is not
    `allowed`.
    """
    timed = [option for option in options if option.time_in_force is not None]
    for option in options:
        if (option.maker and TimeInForce.IOC not in allowed) or (
            option in timed and option.time_in_force not in allowed
        ):
            raise NotAChoice(option.text, tuple(each for each in _OFFERED if _allows(each, allowed)))
    now = [option for option in timed if option.time_in_force in {TimeInForce.IOC, TimeInForce.FOK}]
    maker = next((option for option in options if option.maker), None)
    if len(timed) > 1:
        raise OptionsConflict(timed[0].text, timed[1].text)
    if maker is not None and now:
        raise OptionsConflict(maker.text, now[0].text)
    if not timed:
        return OrderLife(maker=maker is not None)
    chosen = timed[0]
    force = chosen.time_in_force or TimeInForce.GTC
    return OrderLife(force, maker is not None, chosen.lifetime_ms, chosen.expires_at)


def _allows(word: str, allowed: Sequence[TimeInForce]) -> bool:
    if word in _MAKER:
        return TimeInForce.IOC in allowed
    return _WORDS.get(word, TimeInForce.GTD) in allowed


def _read_option(text: str, ctx: Context) -> OrderOption:
    words = text.split()
    if len(words) > 1 and words[0].casefold() in _FRONT:
        words = words[1:]
    typed = " ".join(words).removesuffix(_BEHIND).strip()
    plain = typed.casefold()
    if plain in _WORDS:
        return OrderOption(text, _WORDS[plain])
    if plain in _MAKER:
        return OrderOption(text, maker=True)
    if (day := _day(plain, ctx)) is not None:
        return OrderOption(text, TimeInForce.GTD, expires_at=_end_of(day, ctx))
    minutes = minutes_of(typed)  # `1M` is a month, `1m` a minute
    if not minutes:
        raise NotAChoice(text, (*_OFFERED, example_date(ctx)))
    return OrderOption(text, TimeInForce.GTD, lifetime_ms=minutes * _MINUTE_MS)


def _day(text: str, ctx: Context) -> date | None:
    """Returns the date that is written, or None. Raises NotADate for a day that no calendar has."""
    today = datetime.fromtimestamp(ctx.market.now() / 1000, UTC).astimezone(ctx.format.zone).date()
    found = find_date(text.casefold(), today, text, ahead=True)
    return found[0] if found is not None and not found[1] else None


def date_span(words: tuple[str, ...], ctx: Context) -> int:
    """Returns the number of words of a date: three for `Apr 5 2021`; 0 if they begin with none."""
    for count in range(min(_LONGEST_DATE, len(words)), 0, -1):
        try:
            day = _day(" ".join(words[:count]).removesuffix(_BEHIND).strip(), ctx)
        except NotADate:
            return count
        if day is not None:
            return count
    return 0


def _end_of(day: date, ctx: Context) -> int:
    """Returns the end of the day in the user's time zone, UTC ms."""
    midnight = datetime.combine(day + timedelta(days=1), time(), ctx.format.zone)
    return int(midnight.timestamp() * 1000)


def example_date(ctx: Context) -> str:
    """Returns a date a month from now."""
    return f"{datetime.fromtimestamp(ctx.market.now() / 1000, UTC) + timedelta(days=30):%Y-%m-%d}"


def _option_span(words: tuple[str, ...], ctx: Context) -> int:
    front = 1 if len(words) > 1 and words[0].casefold() in _FRONT else 0
    dated = date_span(words[front:], ctx) if front or words[0][:1].isdigit() else 0
    at = front + (dated or duration_span(words[front:]))
    return at + 1 if words[at : at + 1] == (_BEHIND,) else at


def _suggest_options(prefix: str, ctx: Context) -> list[Suggestion]:
    offered = [Suggestion(word, ctx.text(f"choice-{word}")) for word in _OFFERED]
    return [entry for entry in offered if begins(entry, prefix)]


ORDER_OPTIONS = Reader(_read_option, _suggest_options, _option_span, listed=True, known=_known)
