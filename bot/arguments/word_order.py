"""Reordering of arguments that are written in another order: `/buy 10 BTC`, `/buy 100usdc BTC`, `/sell half ETH`, `/buy
0.1btc`.
"""

import re
from dataclasses import replace
from types import MappingProxyType

from bot.arguments.alert_conditions import begins_condition
from bot.arguments.alert_levels import AlertLevel
from bot.arguments.alert_options import NOTES
from bot.arguments.chart_options import is_interval
from bot.arguments.durations import duration_span, minutes_of
from bot.arguments.horizons import Horizon
from bot.arguments.order_lines import amendment_words, is_amendment, is_order, order_words
from bot.arguments.price_ranges import begins_range
from bot.arguments.recurrence import begins_rhythm
from bot.arguments.rule_conditions import is_rule_alert
from bot.arguments.sizes import looks_like_size, size_span
from bot.arguments.spoken_numbers import NUMBERS
from bot.arguments.symbols import WatchedName, is_symbol, symbol_span
from bot.arguments.times import is_time
from bot.command import Command
from bot.context import Context
from bot.errors import MissingArgument, NotAChoice
from core.recurrence import Recurrence
from pipeline.market import Interval, Symbol
from trading.orders.types import Size

_WITH_UNIT = re.compile(r"[0-9][0-9.,]*([^\W\d_]\w*)")
_GLUED_LEVEL = re.compile(r"([^<>=≤≥]+)([<>=≤≥].*)")
_LINKS = frozenset(("of", "the", "my", "and", "vs", "vs.", "versus", "&", "및", "와", "과", "대"))
_SOME = frozenset(("me", "some", "any"))
"""Words of `buy me some btc`."""
_WORTH = "worth"
_OF = ("of", _WORTH)
_SPANS = (Interval, Horizon)
_LISTING = MappingProxyType(
    {
        "watch": frozenset(("add", "to", "list", "추가", "추가해", "추가해줘", "추가해주세요")),
        "unwatch": frozenset(("remove", "delete", "from", "list", "삭제", "삭제해줘", "제거", "빼줘")),
    }
)
"""Words that users add to the names of coins for a watchlist."""

_WHEN = frozenset(("when", "if", "once"))
_ASKED = ("the", "price", "of")
_VERBS = frozenset(("is", "goes", "gets", "rises", "falls", "drops", "climbs", "crosses", "trades"))
_BEHIND_VERB = frozenset(("above", "over", "below", "under", "to", "at", ">", "<", ">=", "<=", "up", "down"))
_BY = "by"
_TIMES = frozenset(("every", "once", "always", "매번", "한번", "반복"))
_LEVEL_BEGINS = re.compile(r"[<>=≤≥+\-$]|[0-9]")


def in_order(command: Command, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Returns the words in the order of the parameters. Raises MissingArgument if only a size is written."""
    if is_order(command):
        return order_words(command, without_links(command, words, ctx), ctx)
    if is_amendment(command):
        return amendment_words(command, words, ctx)
    if _is_alert(command) and is_rule_alert(words, ctx):
        return words
    words, note = _note_apart(command, words)
    words = _span_later(command, without_links(command, _sentence(command, words, ctx), ctx), ctx)
    words = _interval_earlier(command, words, ctx)
    return (*_size_earlier(command, symbol_first(command, _level_apart(command, words, ctx), ctx), ctx), *note)


def _note_apart(command: Command, words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns the words before the note of an alert, and the note as it is written."""
    if not _is_alert(command):
        return words, ()
    at = next((at for at, word in enumerate(words) if word.casefold() in NOTES), len(words))
    return words[:at], words[at:]


def _is_alert(command: Command) -> bool:
    return tuple(parameter.kind for parameter in command.parameters[:2]) == (Symbol, AlertLevel)


def without_links(command: Command, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Returns the words without `of`, `my` or `vs` around symbols: `BTC vs ETH`. A link word that is itself a symbol
    stays.
    """
    if not about_symbols(command):
        return words
    links = _LINKS | _LISTING.get(command.name, frozenset())
    if Size in [entry.kind for entry in command.parameters]:
        links |= _SOME
    return tuple(word for word in words if word.casefold() not in links or is_symbol(word, ctx))


def about_symbols(command: Command) -> bool:
    """Returns whether the first parameter is one symbol or several."""
    kind = command.parameters[0].kind if command.parameters else None
    return kind in (Symbol, WatchedName) or Symbol in getattr(kind, "__args__", ())


def _sentence(command: Command, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Returns `me when the price of BTC goes above 70k` as `BTC above 70k`, for an alert."""
    if not _is_alert(command):
        return words
    folded = [word.casefold() for word in words]
    start = 1 if folded[:1] == ["me"] and (folded[1:2] or [""])[0] in _WHEN else 0
    if (folded[start : start + 1] or [""])[0] in _WHEN and not is_symbol(words[start], ctx):
        start += 1
        while start < len(words) and folded[start] in _ASKED:
            start += 1
    return tuple(
        word
        for at, word in enumerate(words)
        if at >= start
        and folded[at] != _BY
        and not (folded[at] in _VERBS and (folded[at + 1 : at + 2] or [""])[0] in _BEHIND_VERB)
    )


def _span_later(command: Command, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Returns `1h BTC` as `BTC 1h`, if the command expects a symbol before a span of time."""
    if not about_symbols(command) or not any(parameter.kind in _SPANS for parameter in command.parameters[1:2]):
        return words
    span = duration_span(words) if words else 0
    rest = words[span:]
    if not rest or minutes_of(" ".join(words[:span])) is None or is_symbol(words[0], ctx):
        return words
    name = symbol_span(rest, ctx)
    return (*rest[:name], *words[:span], *rest[name:]) if is_symbol(" ".join(rest[:name]), ctx) else words


def _interval_earlier(command: Command, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Returns `BTC bb rsi 1h` and `BTC 1h,bb,rsi` as `BTC 1h bb rsi`, for a chart of one symbol."""
    if [entry.kind for entry in command.parameters[:2]] != [Symbol, Interval]:
        return words
    name = symbol_span(words, ctx) if words else 0
    rest = [entry for word in words[name:] for entry in word.split(",") if entry]
    for at in range(len(rest)):
        span = duration_span(tuple(rest[at:]))
        if is_interval(" ".join(rest[at : at + span])):
            return (*words[:name], *rest[at : at + span], *rest[:at], *rest[at + span :])
    return words


def _size_earlier(command: Command, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Returns `BTC daily 9:00 50usdc` as `BTC 50usdc daily 9:00`, for a size with a unit at the end. Raises
    MissingArgument if there is none.
    """
    kinds = tuple(parameter.kind for parameter in command.parameters[:3])
    name = symbol_span(words, ctx) if words else 0
    if kinds != (Symbol, Size, Recurrence) or looks_like_size(*words[name : name + 2] or ("1",)):
        return words
    for at in range(name + 1, len(words)):
        size = words[at:]
        named = any(not character.isdigit() for character in size[-1]) and not is_time(" ".join(size))
        if named and looks_like_size(*size[:2]) and size_span(size, replace(ctx, words=words[:name])) == len(size):
            return (*words[:name], *size, *words[name:at])
    if words[name:] and begins_rhythm(words[name]):
        raise MissingArgument(command.name, command.parameters[1].name)
    return words


def _level_apart(command: Command, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Returns `BTC>70000`, `70000 BTC` and `BTC every 70000` in order, for an alert. Raises MissingArgument."""
    if not _is_alert(command) or not words:
        return words
    glued = _GLUED_LEVEL.fullmatch(words[0])
    words = (*glued.groups(), *words[1:]) if glued else words
    return _times_later(command, _symbol_earlier(command, words, ctx), ctx)


def _symbol_earlier(command: Command, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Returns `70000 BTC` as `BTC 70000`. Raises MissingArgument if no symbol is written."""
    begins = _LEVEL_BEGINS.match(words[0]) or begins_range(words[0]) or begins_condition(words[0])
    if not begins or is_symbol(words[0], ctx):
        return words
    for at in range(1, len(words)):
        name = symbol_span(words[at:], ctx)
        if is_symbol(" ".join(words[at : at + name]), ctx):
            return (*words[at : at + name], *words[:at], *words[at + name :])
    if all(_LEVEL_BEGINS.match(word) for word in words):
        raise MissingArgument(command.name, command.parameters[0].name)
    return words


def _times_later(command: Command, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Returns `BTC every 70000` as `BTC 70000 every`. Raises MissingArgument if no level is written."""
    name = symbol_span(words, ctx)
    times, rest = words[name : name + 1], words[name + 1 :]
    if not times or times[0].casefold() not in _TIMES:
        return words
    if not rest:
        raise MissingArgument(command.name, command.parameters[1].name)
    return (*words[:name], *rest, *times)


def _kinds(command: Command) -> tuple[object, ...]:
    return tuple(parameter.kind for parameter in command.parameters[:2])


def size_first(command: Command, words: tuple[str, ...], ctx: Context) -> bool:
    """Returns whether the words begin with a size in the place of the symbol."""
    if _kinds(command) != (Symbol, Size) or not words:
        return False
    return looks_like_size(words[0], *words[1:2]) and not is_symbol(words[0], ctx)


def symbol_first(command: Command, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Returns the words with the symbol before the size. Raises MissingArgument if only a size is written, and
    NotAChoice for a number in words: `one BTC`.
    """
    counted = NUMBERS.get(words[0].casefold()) if len(words) > 1 and Size in _kinds(command) else None
    if counted is not None and is_symbol(words[1], ctx) and not is_symbol(words[0], ctx):
        raise NotAChoice(words[0], (str(counted),))
    if not size_first(command, words, ctx):
        return words
    span = size_span(words, replace(ctx, words=()))
    size, rest = words[:span], words[span:]
    while len(rest) > 1 and rest[0].casefold() in _OF:
        size, rest = (*size, *(rest[:1] if rest[0].casefold() == _WORTH else ())), rest[1:]
    if rest and rest[0][:1].isdigit():
        return words
    if rest:
        name = symbol_span(rest, ctx)
        return (*rest[:name], *size, *rest[name:])
    glued = _WITH_UNIT.fullmatch(size[0])
    if span == 1 and glued and is_symbol(glued[1], ctx):
        return (glued[1], *size)
    raise MissingArgument(command.name, command.parameters[0].name)
