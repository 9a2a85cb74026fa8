"""Translation of written text into a command line, given the open question of the bot.

A line with a slash is a command and closes the question. Without a slash, in this order: a word for a command first in
the line is that command; symbols alone ask for their prices; a symbol with the word for a command after it is that
command. Everything else answers the open question, if there is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.arguments.parser import CommandLine, bind, find_command, read_line, readable_line, visible
from bot.arguments.performance_terms import TERMS
from bot.arguments.reader import Reader
from bot.arguments.sizes import looks_like_size
from bot.arguments.symbols import short_name, similar, symbol_span
from bot.arguments.table import READERS
from bot.arguments.typography import plain
from bot.arguments.word_order import about_symbols, without_links
from bot.command import Command
from bot.context import Context
from bot.conversation.short_forms import (
    ENDINGS,
    bare,
    is_complete,
    is_symbols,
    priced_in,
    short_form,
    told_when,
    topic_of,
)
from bot.conversation.verbs import press_of
from bot.conversation.vocabulary import Vocabulary
from bot.errors import MissingArgument, NotUnderstood, UnknownFigure
from bot.inbound import Inbound
from core.errors import DeskError

_MAX_SYMBOLS = 20
_NEAREST = 3
_BEFORE = frozenset(
    ("what", "what's", "whats", "is", "are", "how", "much", "the", "my", "please", "pls", "show", "add")
) | {*("me", "give", "check", "tell", "can", "you", "get", "see", "내", "제", "나의", "지금", "현재")}
_BEHIND = frozenset(("please", "pls", "now", "me", "thanks", "좀", "얼마야", "얼마예요")) | {
    *("알려줘", "알려줘요", "알려주세요", "보여줘", "보여줘요", "보여주세요")
}
"""Words after a command that do not change it, as those of _BEFORE before it."""
_CANCELLED = "cancel"
_GREETED = "start"
"""Command of a greeting, which is no answer to a question and does not close it."""

_WISHES = frozenset(("tell", "notify", "ping", "warn", "remind", "message", "text", "let", "inform", "alert"))
_TO_ME = frozenset(("me", "know", "us"))
_WHEN = frozenset(("when", "if", "once"))
_LONGEST_WISH = 3
"""Most words before `when`, as in `let me know when btc hits 70k`."""

_TELL = ("알려줘", "알려줘요", "알려주세요")
_LONGEST_PHRASE = 8
"""Most words of a phrase."""

_AND = frozenset(("and", "&", "와", "과", "랑"))


@dataclass(frozen=True, slots=True)
class _Meant:
    """A command in plain words. `named`: its word came first; `doubtful`: the words may have meant something else."""

    line: CommandLine
    named: bool
    doubtful: bool


def understand(inbound: Inbound, ctx: Context, vocabulary: Vocabulary) -> tuple[Inbound, CommandLine | None]:
    """Returns the same with `text` as a command line and `open_question` cleared, and that line as read, None if it
    cannot be: `question` is the one that was answered, `closed` the one that was not.

    Text that is not understood is kept. Presses are command lines already.
    """
    question = inbound.open_question
    told = replace(inbound, open_question="", closed=question or inbound.closed) if question else inbound
    line = readable_line(inbound.text)
    if inbound.pressed:
        return told, line
    if slashed(inbound.text):
        return (told, None) if line is None else _pressed(*_renamed(told, line, vocabulary), ctx, vocabulary)
    meant = None
    if line is not None:  # a line that is too long or has invisible characters is refused as it is
        meant = _sentence(inbound.text, ctx, vocabulary) or _meant(inbound.text, ctx, vocabulary)
    if (
        question
        and meant is not None
        and meant.line == CommandLine(_GREETED, ())
        and not vocabulary.command_of(inbound.text)
    ):
        meant = None
    if question and (meant is None or _answered(question, inbound.text, meant, ctx)):
        text = f"{question} {inbound.text}"
        return replace(_typed(told, text), question=question, closed=""), readable_line(text)
    if meant is None:
        return told, line
    text = _written(meant.line.name, inbound.text, meant.line.words)
    told = replace(told, text=text, doubtful=inbound.doubtful or meant.doubtful)
    return _pressed(told, meant.line, ctx, vocabulary)


def slashed(text: str) -> bool:
    """Returns whether the line was written as a command."""
    return text.lstrip().startswith(("/", "\uff0f"))


def not_understood(text: str, ctx: Context, vocabulary: Vocabulary) -> NotUnderstood:
    """Returns the refusal of a plain line, with at most three lines that may have been meant."""
    known = {command.name: command for command in ctx.commands}
    words = _words(" ".join(_told(tuple(visible(text).split()), known, vocabulary))) if _words(text) else ()
    first, rest = (words[0], words[1:]) if words else ("", ())
    if _explained(words, ctx):
        return NotUnderstood(text.strip(), (" ".join(("/explain", *words)),))
    if line := topic_of(words, ctx) if words else "":
        return NotUnderstood(text.strip(), (line,))
    near = [f"/{name}" for name in vocabulary.nearest(first) if name in known]
    lines = [" ".join((name, *rest)) if is_complete(name, rest, ctx) else name for name in near]
    if len(words) == 1 and not near:
        coin = priced_in(first, ctx)
        coins = [coin] if coin else [short_name(symbol, ctx) for symbol in similar(first, ctx)]
        lines = [f"/price {each}" for each in coins]
    return NotUnderstood(text.strip(), tuple(lines[:_NEAREST]))


def _explained(words: tuple[str, ...], ctx: Context) -> bool:
    """Returns whether the words name a figure that /explain explains."""
    try:
        TERMS.parse(" ".join(words), ctx)
    except UnknownFigure:
        return False
    return True


def _renamed(inbound: Inbound, line: CommandLine, vocabulary: Vocabulary) -> tuple[Inbound, CommandLine]:
    """Returns `/매수 BTC` as `/buy BTC`."""
    name = vocabulary.command_of(line.name)
    if not name or name == line.name:
        return inbound, line
    return replace(inbound, text=_written(f"/{name}", inbound.text, line.words)), CommandLine(name, line.words)


def _pressed(
    inbound: Inbound, line: CommandLine, ctx: Context, vocabulary: Vocabulary
) -> tuple[Inbound, CommandLine | None]:
    """Returns `/dca pause 1` as the press `dca_pause 1`; the line of an address stays a line."""
    press = None if inbound.linked else press_of(line, ctx, vocabulary)
    if press is None:
        return inbound, line
    return _typed(inbound, press), readable_line(press)


def _typed(inbound: Inbound, press: str) -> Inbound:
    """Returns a press in words, for which no message has a button."""
    return replace(inbound, text=press, pressed=True, offered=False)


def _written(name: str, text: str, words: tuple[str, ...]) -> str:
    """Returns the command with its words; the line breaks of `text` between them stay."""
    _, *tail = text.split(None, 1)
    rest = tail[0].rstrip("?!~") if tail and tail[0].split() != list(words) else "".join(tail)
    return " ".join((name, rest) if rest and rest.split() == list(words) else (name, *words))


def _words(text: str) -> tuple[str, ...]:
    """Returns the words without the characters that end a sentence."""
    return tuple(word for written in visible(text).split() if (word := written.strip(ENDINGS)))


def _told(written: tuple[str, ...], known: Mapping[str, Command], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Returns the words without words of courtesy around them: `what is the price of btc`, `잔고 보여줘`. The end stays
    if the command takes the sentence as written.
    """
    words = list(written)
    while len(words) > 1 and bare(words[0]) in _BEFORE:
        del words[0]
    command = known.get(vocabulary.command_of(bare(words[0])))
    if command is not None and any(READERS[parameter.kind].verbatim for parameter in command.parameters):
        return tuple(words)
    while len(words) > 1 and bare(words[-1]) in _BEHIND:
        del words[-1]
    return tuple(words)


def _meant(text: str, ctx: Context, vocabulary: Vocabulary) -> _Meant | None:
    known = {command.name: command for command in ctx.commands if not command.hidden}
    written = _told(tuple(visible(text).split()), known, vocabulary)
    courteous = len(written) < len(visible(text).split())
    words = _words(" ".join(written))
    if not words:
        return None
    names = [name if (name := vocabulary.command_of(word)) in known else "" for word in words]
    if (cancelled := _cancelled(words, names)) and is_complete("cancel", cancelled, ctx):
        return _Meant(CommandLine("cancel", cancelled), named=True, doubtful=True)
    if names[0] and not _ticker(words, ctx):
        command = known[names[0]]
        rest = (*written[1:-1], written[-1].rstrip("?!~")) if len(written) > 1 else ()
        rest = without_links(command, tuple(word for word in rest if word), ctx)
        told = not courteous or not rest or not about_symbols(command) or _begins_order(rest, ctx)
        return _Meant(CommandLine(names[0], rest), named=True, doubtful=not _sized(rest, ctx)) if told else None
    listed = tuple(word for word in words if word.casefold() not in _AND)
    if 0 < len(listed) <= _MAX_SYMBOLS and is_symbols(listed, ctx):
        return _Meant(CommandLine("price", listed), named=False, doubtful=False)
    if not names[0] and (short := short_form(words, ctx)) is not None:
        return _Meant(short, named=True, doubtful=False)
    found = [at for at, name in enumerate(names) if name]
    about = len(found) == 1 and is_symbols(words[:1], ctx) and about_symbols(known[names[found[0]]])
    others = words[: found[0]] + words[found[0] + 1 :] if about else ()
    return _Meant(CommandLine(names[found[0]], others), named=False, doubtful=True) if about else None


def _cancelled(words: tuple[str, ...], names: list[str]) -> tuple[str, ...]:
    """Returns what `주문 전부 취소`, `BTC 주문 취소` and `주문 취소 전부` cancel, in words; () for other lines."""
    if names[:2] == ["order", "cancel"]:
        return (words[0], *words[2:])
    first = names[0] in ("", "order", "orders")
    return words[:-1] if first and len(words) > 1 and names[-1] == "cancel" and "cancel" not in names[:-1] else ()


def _sentence(text: str, ctx: Context, vocabulary: Vocabulary) -> _Meant | None:
    """Returns the command of the whole line: a phrase of the catalogs, or `비트코인 10만 되면 알려줘`; or None."""
    known = {command.name: command for command in ctx.commands if not command.hidden}
    words, told = _words(text), _words(" ".join(_told(tuple(visible(text).split()), known, vocabulary)))
    phrase = _phrase(words, known, ctx, vocabulary) or _phrase(told, known, ctx, vocabulary)
    if phrase is None and (wish := _wished(words)) and is_complete("alert", wish, ctx):
        return _Meant(CommandLine("alert", wish), named=True, doubtful=False)
    told = told_when(words[:-1], ctx) if phrase is None and words[-1:] and words[-1] in _TELL else ()
    if told and is_complete("alert", told, ctx):
        return _Meant(CommandLine("alert", told), named=False, doubtful=False)
    return phrase


def _wished(words: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the words after `tell me`, from `when` on; () for a line that does not begin so."""
    folded = [word.casefold() for word in words]
    at = next((number for number, word in enumerate(folded) if word in _WHEN), 0)
    if not 0 < at <= _LONGEST_WISH or folded[0] not in _WISHES or not set(folded[1:at]) <= _TO_ME:
        return ()
    last = len(words)
    while folded[last - 1] in _BEHIND:
        last -= 1
    return words[at:last]


def _phrase(
    words: tuple[str, ...], known: Mapping[str, Command], ctx: Context, vocabulary: Vocabulary
) -> _Meant | None:
    """Returns the command of a sentence that may contain a coin: `how much btc do i have`. None if it is no known
    phrase.
    """
    if len(words) > _LONGEST_PHRASE:
        return None
    if (name := vocabulary.command_in(words)) in known:
        return _Meant(CommandLine(name, ()), named=True, doubtful=False)
    for at in range(len(words)):
        coin = words[at : at + symbol_span(words[at:], ctx)]
        name = vocabulary.command_in(words[:at] + words[at + len(coin) :])
        if name in known and len(coin) < len(words) and is_symbols(coin, ctx):
            return _Meant(CommandLine(name, coin if about_symbols(known[name]) else ()), named=True, doubtful=False)
    return None


def _ticker(words: tuple[str, ...], ctx: Context) -> bool:
    """Returns whether the only word is a coin in capitals: `LINK` is the coin, `link` the command."""
    return len(words) == 1 and words[0].isascii() and words[0].isupper() and is_symbols(words, ctx)


def _begins_order(words: tuple[str, ...], ctx: Context) -> bool:
    """Returns whether the words begin with a symbol or a size, unlike those of `the price is right`."""
    return is_symbols(words[: max(1, symbol_span(words, ctx))], ctx) or looks_like_size(words[0])


def _sized(words: tuple[str, ...], ctx: Context) -> bool:
    """Returns whether a word after the symbol is more than a bare number, as `100usdc`, `25%` or `$5` are: `100` alone
    may be money or coins.
    """
    return any(not word.replace(".", "").isdigit() for word in words[max(1, symbol_span(words, ctx)) :])


def _answered(question: str, text: str, meant: _Meant, ctx: Context) -> bool:
    """Returns whether words that also mean a command answer the question. If they begin with a word for a command, they
    do if the question may be answered by that word: `buy` answers /limit, and `orders` answers /export.
    """
    if meant.named and (meant.line.name == _CANCELLED or not _chosen(question, text, ctx)):
        return False
    return _completes(question, text, ctx)


def _chosen(question: str, text: str, ctx: Context) -> bool:
    """Returns whether the text is a symbol that the question asks for, or begins with a listed word that its command
    takes.
    """
    words = tuple(plain(word) for word in visible(text).split())
    line = read_line(question)
    try:
        command = find_command(line, ctx.commands, pressed=True)
        if about_symbols(command) and not line.words and is_symbols(words, ctx):
            return True
    except DeskError:
        return False
    return any(_takes(READERS[entry.kind], words, ctx) for entry in command.parameters)


def _takes(reader: Reader[Any], words: tuple[str, ...], ctx: Context) -> bool:
    if not reader.closed:
        return False
    try:
        reader.parse(" ".join(words[: reader.span(words, ctx)]), ctx)
    except DeskError:
        return False
    return True


def _completes(question: str, text: str, ctx: Context) -> bool:
    """Returns whether the words answer the question, as far as their readers can determine."""
    line = read_line(question)
    try:
        command = find_command(line, ctx.commands, pressed=True)
        bind(command, (*line.words, *visible(text).split()), ctx)
    except MissingArgument:
        return True
    except DeskError:
        return False
    return True
