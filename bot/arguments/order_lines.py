"""Order of the words of a resting order: `/limit sell 0.1 BTC @ 70k gtc` is read as `/limit BTC sell 0.1 @ 70k gtc`.

The words of a price follow their marker. What stands before the first marker is the symbol, the size and, where a price
is required, a price without its marker; the side may stand anywhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.arguments.order_options import is_option
from bot.arguments.order_prices import AT, MARKERS, AtPrice, TrailingDistance, looks_like_price, price_span
from bot.arguments.order_references import OrderNumber, is_order_number
from bot.arguments.sides import side_of
from bot.arguments.sizes import EVERYTHING, HALF, looks_like_size, size_span
from bot.arguments.symbols import is_symbol, symbol_span
from bot.command import Command, Parameter
from bot.context import Context
from bot.errors import MissingArgument
from pipeline.market import Symbol
from trading.orders.types import Side, Size

_ORDER = (Symbol, Side, Size)
_PLACES = len(_ORDER)
_GLUED = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)?)[:=]?([+\-$]?[0-9].*)")
_GLUED_SIZE = re.compile(r"[0-9][0-9.,]*([^\W\d_]\w*)")
_PLAIN_NUMBER = re.compile(r"[0-9.,']+", re.ASCII)


@dataclass(slots=True)
class _Parts:
    """Words of a line: those before the first marker, those behind each marker by parameter, and the others."""

    head: list[str] = field(default_factory=list)
    marked: dict[str, list[str]] = field(default_factory=dict)
    tail: list[str] = field(default_factory=list)


def is_order(command: Command) -> bool:
    """Returns whether the command places a resting order."""
    return tuple(entry.kind for entry in command.parameters[:_PLACES]) == _ORDER


def is_amendment(command: Command) -> bool:
    """Returns whether the command takes an order's number and marked values."""
    first = command.parameters[:2]
    return len(first) > 1 and first[0].kind is OrderNumber and first[1].kind in MARKERS


def amendment_words(command: Command, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Returns `price 64000 12` as `12 price 64000`. Raises MissingArgument if only values are written."""
    parameters = command.parameters[1:]
    parts = _parted(_split(words, parameters), parameters, ctx)
    rest = [*parts.head, *parts.tail]
    at = next((at for at, word in enumerate(rest) if is_order_number(word)), 0)
    if not rest and words:
        raise MissingArgument(command.name, command.parameters[0].name)
    number = [rest.pop(at)] if rest else []
    return (*number, *_behind_markers(command, parts, parameters), *rest)


def order_words(command: Command, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Returns the words in the order of the parameters. Raises MissingArgument for a symbol, side or size that is left
    out before something that is written.
    """
    if not words:
        return words
    parameters = command.parameters[_PLACES:]
    at = next((at for at, word in enumerate(words) if side_of(word) is not None), None)
    side = () if at is None else words[at : at + 1]
    others = words if at is None else (*words[:at], *words[at + 1 :])
    parts = _parted(_split(others, parameters), parameters, ctx)
    symbol = _take_symbol(parts, ctx)
    if not symbol or not side:
        raise MissingArgument(command.name, command.parameters[1 if symbol else 0].name)
    size = _take_size(parts, replace(ctx, words=symbol))
    _take_price(size, parts, next((entry for entry in parameters if _positional(entry)), None), ctx)
    if not size and (parts.marked or parts.tail):
        raise MissingArgument(command.name, command.parameters[2].name)
    return (*symbol, *side, *size, *_behind_markers(command, parts, parameters), *parts.head, *parts.tail)


def _positional(parameter: Parameter) -> bool:
    """Returns whether the value may be written right behind the size, without its marker."""
    return parameter.required and parameter.kind in (AtPrice, TrailingDistance)


def _split(words: tuple[str, ...], parameters: tuple[Parameter, ...]) -> list[str]:
    """Returns `0.1@65000` and `tp=75000` as their words."""
    marks = _marks(parameters)
    split: list[str] = []
    for word in words:
        before, at, behind = word.partition(AT)
        if at and AT in marks:
            split += [part for part in (before, AT, *behind.split(AT)) if part]
            continue
        glued = _GLUED.fullmatch(word)
        split += list(glued.groups()) if glued and glued[1].casefold() in marks else [word]
    return split


def _marks(parameters: tuple[Parameter, ...]) -> Mapping[str, str]:
    return {mark: entry.name for entry in reversed(parameters) for mark in MARKERS.get(entry.kind, ())}


def _parted(words: list[str], parameters: tuple[Parameter, ...], ctx: Context) -> _Parts:
    marks, parts = _marks(parameters), _Parts()
    behind, at = False, 0
    while at < len(words):
        name = marks.get(words[at].casefold())
        if name is None or (at == 0 and is_symbol(words[at], ctx)):
            (parts.tail if behind else parts.head).append(words[at])
            at += 1
            continue
        behind, at = True, at + 1
        if at < len(words) and marks.get(words[at].casefold()) == name:
            continue  # `take profit`, and `@ at`
        left_out = at == len(words) or words[at].casefold() in marks or is_option(words[at])
        span = 0 if left_out else price_span(tuple(words[at:]), ctx)
        taken = words[at : at + span]
        if parts.marked.get(name):
            parts.tail += [words[at - 1], *taken]
        else:  # the first of them, or one that follows its marker later
            parts.marked[name] = taken
        at += span
    return parts


def _take_symbol(parts: _Parts, ctx: Context) -> tuple[str, ...]:
    """Removes the symbol from the words and returns it; () if none is written. An unknown one is returned as it is."""
    for words in (parts.head, parts.tail):
        for at in range(len(words)):
            span = symbol_span(tuple(words[at:]), ctx)
            if is_symbol(" ".join(words[at : at + span]), ctx) and not (at and looks_like_size(words[at])):
                found = tuple(words[at : at + span])
                del words[at : at + span]
                return found
    glued = _GLUED_SIZE.fullmatch(parts.head[0]) if parts.head else None
    if glued and is_symbol(glued[1], ctx):
        return (glued[1],)
    unknown = next((at for at, word in enumerate(parts.head) if not looks_like_size(word, _next(parts.head, at))), None)
    return () if unknown is None else (parts.head.pop(unknown),)


def _next(words: list[str], at: int) -> str:
    return words[at + 1] if at + 1 < len(words) else ""


def _take_size(parts: _Parts, ctx: Context) -> list[str]:
    """Removes the size from the words and returns it; it is the first of them that is no option."""
    for words, otherwise in ((parts.head, 0), (parts.tail, None)):
        sizes = (at for at, word in enumerate(words) if looks_like_size(word) and not is_option(word))
        at = next(sizes, otherwise)
        if words and at is not None:
            whole = words[at].casefold() in EVERYTHING | HALF
            span = 1 if whole else size_span(tuple(words[at:]), ctx)
            size = words[at : at + span]
            del words[at : at + span]
            return size
    return []


def _take_price(size: list[str], parts: _Parts, wanted: Parameter | None, ctx: Context) -> None:
    """Moves a required price that is written without its marker to its place. In `2 950`, which could be one number,
    the last word is the price.
    """
    if wanted is None or wanted.name in parts.marked:
        return
    rest = [*parts.head, *parts.tail]
    at = next((at for at, word in enumerate(rest) if looks_like_price(word) and not is_option(word)), None)
    if at is None and not rest and len(size) > 1 and all(_PLAIN_NUMBER.fullmatch(word) for word in size):
        parts.marked[wanted.name] = [size.pop()]
        return
    if at is None:  # a word that is neither a price nor an option is refused as a price
        at = next((at for at, word in enumerate(rest) if not is_option(word)), None)
    if at is not None:
        span = max(1, price_span(tuple(rest[at:]), ctx))
        parts.marked[wanted.name] = rest[at : at + span]
        parts.head, parts.tail = [], [*rest[:at], *rest[at + span :]]


def _behind_markers(command: Command, parts: _Parts, parameters: tuple[Parameter, ...]) -> list[str]:
    """Returns the marked values in the order of the parameters. Raises MissingArgument for a marker without a value."""
    words: list[str] = []
    for entry in parameters:
        if entry.name in parts.marked:
            if not parts.marked[entry.name]:
                raise MissingArgument(command.name, entry.name)
            words += [MARKERS[entry.kind][0], *parts.marked[entry.name]]
    return words


def before_value(command: Command, name: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the words behind which a value of the parameter may be written. After other marked values it needs its
    marker: `bracket BTC buy 0.1 @ 57000` becomes `bracket BTC buy 0.1 @ 57000 tp`.
    """
    marks = MARKERS.get(next((entry.kind for entry in command.parameters if entry.name == name), Command), ())
    split = [word.casefold() for word in _split(words, command.parameters)]
    if not marks or split[-1:] == [] or split[-1] in marks or not _marks(command.parameters).keys() & set(split):
        return words
    return (*words, marks[0])
