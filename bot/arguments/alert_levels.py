"""Reader of alert levels: `> 70000`, `below 2000`, `70000`, relative to the current price: `+5%`, `range 3% 1h`, or a
condition: `rsi < 30`.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from bot.arguments.alert_conditions import (
    EXAMPLES,
    ConditionLevel,
    condition_span,
    is_condition,
    read_condition,
    wrong_span,
)
from bot.arguments.alert_options import NOTES, begins_option
from bot.arguments.amounts import read_amount
from bot.arguments.price_ranges import RangeLevel, begins_range, range_span, read_range
from bot.arguments.reader import Reader, choice
from bot.arguments.rule_conditions import read_rule_condition, rule_span
from bot.arguments.units import amount_span, priced
from bot.context import Context
from bot.errors import MissingArgument, NotAChoice, UnknownUnit
from bot.inbound import Suggestion
from core.decimals import EXACT, down, down_to_step, up_to_step
from core.errors import NotANumber
from people.notifications.errors import NotALevel
from trading.triggers.price_levels import Direction

_ABOVE = (">", ">=", "=>", "≥", "above", "over", "이상", "초과", "위", "돌파", "넘으면", "넘을때", "↑")
_BELOW = ("<", "<=", "=<", "≤", "below", "under", "이하", "미만", "아래", "밑", "↓")
_EITHER = ("=", "==", "@", "at", "to", "hit", "hits", "reaches", "도달", "되면")
DIRECTIONS: MappingProxyType[str, Direction | None] = MappingProxyType(
    {
        **dict.fromkeys(_ABOVE, Direction.ABOVE),
        **dict.fromkeys(_BELOW, Direction.BELOW),
        **dict.fromkeys(_EITHER, None),
    }
)
"""Every spelling, in lower case; None derives the direction from the current price."""

_MOVES = MappingProxyType(
    dict.fromkeys(("up", "rises", "gains", "상승", "상승하면", "급등", "급등하면", "오르면", "↑"), "+")
    | dict.fromkeys(
        ("down", "drops", "falls", "loses", "하락", "하락하면", "급락", "급락하면", "내리면", "떨어지면", "↓"), "-"
    )
)
"""Words for the sign of a percentage: `up 5%`, `5% 하락`."""

_LONGEST_FIRST = sorted(DIRECTIONS, key=len, reverse=True)
_BEHIND = tuple(word for word in _LONGEST_FIRST if not word.isascii() and (word.isalpha() or word in "↑↓"))
"""Korean words, which follow the price: `70000 이상`."""
_RELATIVE = re.compile(r"([+\-]) ?(.*?[^ ]) ?(?:%|percent|퍼센트|프로)", re.DOTALL | re.IGNORECASE)
_SHARE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?(?:%|percent|퍼센트|프로)", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII)
_BETWEEN = re.compile(r"([0-9][^\s~-]*)(?: ?[-~] ?| to )([0-9][^\s~-]*)", re.ASCII | re.IGNORECASE)
_AND = ("-", "~", "to")
_SCALE = 18


class AlertTimes(StrEnum):
    """Number of times an alert fires: once, or every time."""

    ONCE = "once"
    EVERY = "every"


@dataclass(frozen=True, slots=True)
class AbsoluteLevel:
    """A price; without a direction, the direction follows from the current price."""

    direction: Direction | None
    level: Decimal


@dataclass(frozen=True, slots=True)
class RelativeLevel:
    """A distance from the current price, as a fraction of it: 0.05 is 5 % above, a negative one is below."""

    fraction: Decimal


PriceLevel = AbsoluteLevel | RelativeLevel
AlertLevel = PriceLevel | RangeLevel | ConditionLevel


def read_level(text: str, quote: str) -> AlertLevel:
    """Returns the level in `text`; `quote` is the desk's quote asset. Raises the refusal that explains the mistake."""
    if rule_span(tuple(text.split())):
        return ConditionLevel(read_rule_condition(text))
    if begins_range(text.split(maxsplit=1)[0]):
        return read_range(text)
    if is_condition(text):
        return read_condition(text)
    text = _signed(" ".join(text.split()))
    if relative := _RELATIVE.fullmatch(text):
        fraction = EXACT.scaleb(read_amount(relative[2]), -2)
        return RelativeLevel(fraction if relative[1] == "+" else -fraction)
    if between := _BETWEEN.fullmatch(text):  # an alert waits for one of them
        raise NotAChoice(text, (f"< {between[1]}", f"> {between[2]}"))
    if share := _SHARE.fullmatch(text):
        raise NotAChoice(text, (f"+{share[1]}%", f"-{share[1]}%"))
    if (move := _moved(text)) is not None:
        raise NotAChoice(text, move)
    word, number = _direction(text)
    if not number:
        raise MissingArgument("alert", "level")
    try:
        return AbsoluteLevel(DIRECTIONS.get(word), read_amount(priced(number, quote, None).number))
    except (NotANumber, UnknownUnit) as error:
        raise NotALevel(text) from error


def _signed(text: str) -> str:
    """Returns `up 5%` and `5% 상승` as `+5%`."""
    words = text.split()
    for move, share in ((words[0], words[1:]), (words[-1], words[:-1])):
        plain = " ".join(share).lstrip("+-")
        if move.casefold() in _MOVES and _SHARE.fullmatch(plain):
            return _MOVES[move.casefold()] + plain
    return text


def _moved(text: str) -> tuple[str, str] | None:
    """Returns the two meanings of `up 20`, that percentage or that price; None if the text is no such move."""
    word, _, number = text.partition(" ")
    sign = _MOVES.get(word.casefold())
    if sign is None or not _NUMBER.fullmatch(number):
        return None
    return f"{sign}{number}%", f"{'>' if sign == '+' else '<'} {number}"


def _direction(text: str) -> tuple[str, str]:
    """Returns the word for a direction, before or after the price ('' if there is none), and the price."""
    folded = text.casefold()
    for word in _LONGEST_FIRST:
        if folded.startswith(word):
            return word, text[len(word) :].strip()
    for word in _BEHIND:
        if folded.endswith(word):
            return word, text[: -len(word)].strip()
    return "", text


def level_from(price: Decimal, fraction: Decimal, tick: Decimal | None) -> Decimal:
    """Returns the level at this fraction from the price, at a tick, rounded away from the price."""
    exact = EXACT.multiply(price, EXACT.add(Decimal(1), fraction))
    if tick is None or exact <= 0:
        return down(exact, _SCALE)
    return up_to_step(exact, tick) if fraction > 0 else down_to_step(exact, tick)


def _read_level(text: str, ctx: Context) -> AlertLevel:
    return read_level(text, ctx.quote_asset)


def _level_span(words: tuple[str, ...], ctx: Context) -> int:
    """Returns the number of words of one level: four for `> 70 000 usdc`, two for `70000 이상`."""
    if begins_range(words[0]):
        return count if (count := range_span(words)) > 1 else wrong_span(words)
    if count := rule_span(words):
        return count
    if count := condition_span(words):
        return count
    if len(words) > 2 and words[1].casefold() in _AND and words[0][:1].isdigit() and words[2][:1].isdigit():  # noqa: PLR2004
        return 3
    sign = 1 if words[0].casefold() in (*DIRECTIONS, *_MOVES, "+", "-") else 0
    if sign == len(words):
        return sign
    at = sign + amount_span(words[sign:], ctx.quote_asset, None)
    behind = words[at].casefold() if words[at : at + 1] else ""
    return at + 1 if not sign and behind in (*_BEHIND, *_MOVES) else at


def _suggest_levels(prefix: str, ctx: Context) -> list[Suggestion]:  # noqa: ARG001
    """Returns moves, and ranges and conditions once one is begun."""
    moves = ("+1%", "+5%", "+10%", "-1%", "-5%", "-10%")
    more = ("range 1% 15m", "range 3% 1h", "range 10% 1d", *EXAMPLES) if prefix else ()
    return [Suggestion(word, word) for word in (*moves, *more) if word.startswith(prefix.casefold())]


def _times_span(words: tuple[str, ...], ctx: Context) -> int:
    """Returns 0, so that the times are left out, for an option in their place: `/alert BTC 70000 for 7d`."""
    return 0 if begins_option(words[0]) else _TIMES.span(words, ctx)


LEVELS = Reader(_read_level, _suggest_levels, _level_span)
_TIMES = choice(
    dict.fromkeys(("once", "한번"), AlertTimes.ONCE)
    | dict.fromkeys(("every", "always", "repeat", "매번", "반복"), AlertTimes.EVERY),
    {"once": "choice-once", "every": "choice-every"},
)
TIMES = Reader(_TIMES.parse, _TIMES.suggest, _times_span)


def linked_alert(words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Returns the words of an alert without those that are read as EVERY, and without a note: the line of an address,
    which a stranger may have written, sets a one-time alert, whose notification offers repetition and says nothing in
    the stranger's words.
    """
    left = _one_time(words, ctx)
    note = next((at for at, word in enumerate(left) if at and word.casefold() in NOTES), len(left))
    return left[:note]


def _one_time(words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    left: list[str] = []
    at = 0
    while at < len(words):
        span = max(1, TIMES.span(words[at:], ctx))
        if _every(" ".join(words[at : at + span]), ctx):
            at += span
        else:
            left.append(words[at])
            at += 1
    return tuple(left)


def _every(text: str, ctx: Context) -> bool:
    try:
        return TIMES.parse(text, ctx) is AlertTimes.EVERY
    except NotAChoice:
        return False
