"""Orders written the other way round: `/buy 10 BTC`, `/buy 100usdc BTC`, `/sell half ETH`, `/buy 0.1btc`."""

import re
from dataclasses import replace

from bot.arguments.alert_levels import AlertLevel
from bot.arguments.sizes import looks_like_size, size_span
from bot.arguments.symbols import WatchedName, read_symbol, symbol_span
from bot.context import Context
from bot.declaration import Command
from bot.errors import AmbiguousCoin, MissingArgument
from pipeline.errors import UnknownSymbol
from pipeline.market import Symbol
from trading.orders import Size

_WITH_UNIT = re.compile(r"[0-9][0-9.,]*([^\W\d_]\w*)")
_GLUED_LEVEL = re.compile(r"([^<>=≤≥]+)([<>=≤≥].*)")
_LINKS = frozenset(("of", "the", "my", "and", "vs", "vs.", "versus", "&", "및", "와", "과", "대"))
_OF = ("of", "worth")


def in_order(command: Command, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """The words in the order of the parameters. Raises MissingArgument where only a size is written."""
    return symbol_first(command, _level_apart(command, without_links(command, words, ctx)), ctx)


def without_links(command: Command, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Without `of`, `my` or `vs` around symbols: `BTC vs ETH`. One that is itself a symbol stays."""
    if not about_symbols(command):
        return words
    return tuple(word for word in words if word.casefold() not in _LINKS or _is_symbol(word, ctx))


def about_symbols(command: Command) -> bool:
    """Whether the first parameter is one symbol or several."""
    kind = command.parameters[0].kind if command.parameters else None
    return kind in (Symbol, WatchedName) or Symbol in getattr(kind, "__args__", ())


def _level_apart(command: Command, words: tuple[str, ...]) -> tuple[str, ...]:
    """`BTC>70000` as `BTC >70000`, for an alert."""
    kinds = tuple(parameter.kind for parameter in command.parameters[:2])
    if kinds != (Symbol, AlertLevel) or not words:
        return words
    glued = _GLUED_LEVEL.fullmatch(words[0])
    return (*glued.groups(), *words[1:]) if glued else words


def size_first(command: Command, words: tuple[str, ...], ctx: Context) -> bool:
    """Whether the words begin with a size where the symbol is expected."""
    kinds = tuple(parameter.kind for parameter in command.parameters[:2])
    if kinds != (Symbol, Size) or not words:
        return False
    return looks_like_size(words[0], *words[1:2]) and not _is_symbol(words[0], ctx)


def symbol_first(command: Command, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """The words with the symbol before the size. Raises MissingArgument where only a size is written."""
    if not size_first(command, words, ctx):
        return words
    span = size_span(words, replace(ctx, words=()))
    size, rest = words[:span], words[span:]
    while len(rest) > 1 and rest[0].casefold() in _OF:
        rest = rest[1:]
    if rest and rest[0][:1].isdigit():
        return words
    if rest:
        name = symbol_span(rest, ctx)
        return (*rest[:name], *size, *rest[name:])
    glued = _WITH_UNIT.fullmatch(size[0])
    if span == 1 and glued and _is_symbol(glued[1], ctx):
        return (glued[1], *size)
    raise MissingArgument(command.name, command.parameters[0].name)


def _is_symbol(word: str, ctx: Context) -> bool:
    try:
        read_symbol(word, ctx)
    except AmbiguousCoin:
        return True
    except UnknownSymbol:
        return False
    return True
