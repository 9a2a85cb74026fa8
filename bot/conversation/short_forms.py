"""Short forms, without a word for the command: `btc 1h`, `btc > 70000`, `timezone KST`, `quiet 22:00 07:00`."""

from bot.arguments.chart_options import is_interval
from bot.arguments.parser import CommandLine, bind, find_command
from bot.arguments.symbols import is_symbol, symbol_span
from bot.context import Context
from core.errors import DeskError

ENDINGS = "?!~.,…"
"""Characters that end a sentence."""

_CHOOSING = ("settings", "notifications", "group")
"""Commands whose arguments are a thing and the choice of it."""
_SETTING = frozenset(("set", "change", "switch"))
_TO = frozenset(("to", "as", "=", "is"))
_COMPARED = "<>=≤≥"


def short_form(words: tuple[str, ...], ctx: Context) -> CommandLine | None:
    """Returns the command line that the words are a short form of; None for other words."""
    return _chosen_setting(words, ctx) or _about_coin(words, ctx)


def _chosen_setting(words: tuple[str, ...], ctx: Context) -> CommandLine | None:
    """Returns `timezone KST`, `set language to korean` and `quiet 22:00 07:00` as lines of the command that keeps such
    choices; None for other words.
    """
    told = words[1:] if bare(words[0]) in _SETTING else words
    told = tuple(word for at, word in enumerate(told) if at != 1 or bare(word) not in _TO)
    if len(told) < 2:  # noqa: PLR2004 - what is chosen, and the choice
        return None
    return next((CommandLine(name, told) for name in _CHOOSING if is_complete(name, told, ctx)), None)


def _about_coin(words: tuple[str, ...], ctx: Context) -> CommandLine | None:
    """Returns `btc 1h` as a chart and `btc > 70000` as an alert; None for other words."""
    length = symbol_span(words, ctx)
    coin, rest = words[:length], words[length:]
    if not rest or not is_symbols(coin, ctx):
        return None
    if is_interval(" ".join(rest)) and is_complete("chart", words, ctx):
        return CommandLine("chart", words)
    return CommandLine("alert", words) if rest[0][0] in _COMPARED and is_complete("alert", words, ctx) else None


def is_symbols(words: tuple[str, ...], ctx: Context) -> bool:
    """Returns whether the words are names of symbols and nothing else; a name may have several words."""
    at = 0
    while at < len(words):
        length = symbol_span(words[at:], ctx)
        if not is_symbol(" ".join(words[at : at + length]), ctx):  # for an ambiguous name, the user is asked to choose
            return False
        at += length
    return True


def is_complete(name: str, words: tuple[str, ...], ctx: Context) -> bool:
    """Returns whether the command accepts these words."""
    line = CommandLine(name.removeprefix("/"), words)
    try:
        bind(find_command(line, ctx.commands, pressed=False), words, ctx)
    except DeskError:
        return False
    return True


def bare(word: str) -> str:
    """Returns the word in lower case, without the characters that end a sentence."""
    return word.strip(ENDINGS).casefold()
