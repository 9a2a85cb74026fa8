"""Parser from a line to a command and its values, and from an unfinished line to suggestions."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from bot.arguments.command_names import nearest_commands, suggest_commands
from bot.arguments.order_references import CancelSubject, OrderNumber
from bot.arguments.own_topics import topic_line
from bot.arguments.reader import Reader
from bot.arguments.table import READERS
from bot.arguments.typography import plain, without_commas
from bot.arguments.word_order import in_order, size_first
from bot.command import Command, OneOrMore, Parameter, current_name
from bot.context import Context
from bot.errors import (
    EmptyLine,
    HiddenCharacters,
    LineTooLong,
    MissingArgument,
    TooManyArguments,
    TooManyValues,
    UnknownCommand,
)
from bot.inbound import Suggestion
from pipeline.market import Symbol
from trading.orders.types import Size

LINE_LIMIT = 1000
"""Most characters of a line; a longer one is refused unread."""

MAX_VALUES = 20
"""Most values of a `OneOrMore`."""

_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Co"))


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A line cut into the command's word (without slash and bot name, in lower case; a former name as the current one)
    and its arguments.
    """

    name: str
    words: tuple[str, ...]

    def press(self, *words: str) -> str:
        """Returns this command with other arguments, as a button sends it."""
        return " ".join((self.name, *words))

    def parted(self, phrase: str) -> tuple[str, str] | None:
        """Returns the words before and behind a phrase, where it stands last; None if the line does not have it."""
        wanted = [_bare(word) for word in phrase.split()]
        plain_words = [_bare(word) for word in self.words]
        for at in range(len(self.words) - len(wanted), -1, -1):
            if wanted and plain_words[at : at + len(wanted)] == wanted:
                return " ".join(self.words[:at]), " ".join(self.words[at + len(wanted) :])
        return None

    def with_word(self, old: str, new: str) -> str:
        """Returns the same line with a word, or several that were read as one, corrected."""
        return self.corrected(old, (new,))[0]

    def corrected(self, old: str, news: Sequence[str]) -> list[str]:
        """Returns the line with each of the corrections of a word, or of several that were read as one. The words are
        compared once, in a time that grows with the length of the line.
        """
        wrong = old.casefold().split()
        shown = [_bare(word) for word in self.words]
        wanted = (wrong, [_bare(word) for word in wrong])
        places, at = [], 0
        while wrong and at + len(wrong) <= len(shown):
            found = shown[at] in (wrong[0], wanted[1][0]) and shown[at : at + len(wrong)] in wanted
            places += [at] if found else []
            at += len(wrong) if found else 1
        return [self._replaced(old, new, places, len(wrong)) for new in news]

    def _replaced(self, old: str, new: str, places: Sequence[int], count: int) -> str:
        words = list(self.words)
        for at in reversed(places):
            words[at : at + count] = [new]
        if not places:  # it is part of a word: NOPE in BTC,NOPE
            joined = " ".join(plain(word) for word in words)
            words = re.sub(re.escape(old), lambda _: new, joined, flags=re.IGNORECASE).split()
        return self.press(*words)


def _bare(word: str) -> str:
    """Returns the word as it is compared: plain, without the comma that follows it."""
    shown = plain(word).casefold()
    return shown.rstrip(",;") or shown


def visible(text: str) -> str:
    """Returns the text without invisible characters, such as bidirectional marks and zero-width spaces. Line breaks and
    tabs separate words.
    """
    if text.isascii() and text.isprintable():
        return text
    spaced = (" " if character.isspace() else character for character in text)
    return "".join(character for character in spaced if unicodedata.category(character) not in _INVISIBLE)


def read_line(text: str) -> CommandLine:
    """Returns the command line of `text`: `/buy@paperdesk_bot BTC` and `/ buy BTC` are `buy BTC`. Raises EmptyLine,
    LineTooLong, HiddenCharacters.

    Hidden characters are refused, not dropped: a line that contains them may read differently from its appearance.
    """
    if len(text) > LINE_LIMIT:
        raise LineTooLong(len(text), LINE_LIMIT)
    shown = visible(text)
    if len(shown) != len(text):
        raise HiddenCharacters(shown.strip())
    words = shown.split()
    names = [plain(word).lstrip("/").partition("@")[0].casefold() for word in words[:2]]
    if words and not names[0]:
        words, names = words[1:], names[1:]  # the slash is a word of its own: `/ price BTC`
    if not words or not names[0]:
        raise EmptyLine
    return CommandLine(current_name(names[0]), tuple(words[1:]))


def readable_line(text: str) -> CommandLine | None:
    """Returns the command line of `text`, None if `read_line` refuses it."""
    try:
        return read_line(text)
    except (EmptyLine, LineTooLong, HiddenCharacters):
        return None


def find_command(line: CommandLine, commands: tuple[Command, ...], *, pressed: bool) -> Command:
    """Returns the command of the line; hidden commands exist for buttons only.

    Raises UnknownCommand, for a topic with the command that it belongs to.
    """
    known = {command.name: command for command in commands if pressed or not command.hidden}
    if line.name not in known:
        topic = topic_line(line.name)
        nearest = (topic,) if topic else nearest_commands(line.name, commands)
        raise UnknownCommand(line.name, nearest)
    return known[line.name]


def bind(command: Command, words: tuple[str, ...], ctx: Context) -> list[Any]:
    """Returns the values of the parameters in order. Raises MissingArgument, TooManyArguments, and as readers do."""
    written, words = words, in_order(command, without_commas(tuple(plain(word) for word in words)), ctx)
    values: list[Any] = []
    at = 0
    for parameter in command.parameters:
        here = replace(ctx, words=words[:at])
        reader = READERS[parameter.kind]
        if parameter.pressed and not ctx.inbound.pressed:
            values.append(parameter.default)
            continue
        taken = _words_of(parameter, words[at:], here)
        if not taken or (parameter.many and reader.listed and not listed(taken)):
            at += len(taken)  # only commas
            if parameter.required:
                raise MissingArgument(command.name, parameter.name)
            values.append(parameter.default)
            continue
        shown = written[at : at + len(taken)] if reader.verbatim else taken
        at += len(taken)
        if not parameter.many:
            values.append(reader.parse(" ".join(shown), here))
            continue
        several = _parts(reader, listed(shown) if reader.listed else shown, here)
        if len(several) > MAX_VALUES:
            raise TooManyValues(command.name, MAX_VALUES, len(several))
        if extra := _without_place(reader, several):
            raise TooManyArguments(command.name, extra)
        values.append(OneOrMore(reader.parse(word, here) for word in several))
    if words[at:]:
        raise TooManyArguments(command.name, " ".join(words[at:]))
    return values


def listed(words: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the words of a list that commas may separate: `BTC,ETH` or `BTC, ETH`."""
    return tuple(entry for word in words for entry in word.split(",") if entry)


def _words_of(parameter: Parameter, words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    return words if parameter.many or not words else words[: READERS[parameter.kind].span(words, ctx)]


def _parts(reader: Reader[Any], words: tuple[str, ...], ctx: Context) -> list[str]:
    """Returns the words of a `OneOrMore`, with those of one value joined."""
    parts, at = [], 0
    while at < len(words):
        length = max(1, reader.span(words[at:], ctx))
        parts.append(" ".join(words[at : at + length]))
        at += length
    return parts


def _without_place(reader: Reader[Any], parts: list[str]) -> str:
    """Returns the first words in a row that cannot be meant as values, '' if there are none."""
    first = next((at for at, part in enumerate(parts) if not reader.known(part)), len(parts))
    return " ".join(takewhile(lambda part: not reader.known(part), parts[first:]))


def complete(text: str, ctx: Context) -> list[Suggestion]:
    """Returns completions of the last word of an unfinished line; a typed slash is kept."""
    if len(text) > LINE_LIMIT:
        return []
    typed = visible(text)
    words = typed.split()
    if not words or typed[-1:].isspace():
        words.append("")
    name, *arguments = words
    if not arguments:
        slash = "/" if name.startswith("/") or not name else ""
        return [replace(found, text=slash + found.text) for found in suggest_commands(name, ctx)]
    command = find_command(read_line(name), ctx.commands, pressed=False)
    parameter = _parameter_at(command, len(arguments) - 1)
    if parameter is None:
        return []
    here = replace(ctx, words=tuple(plain(word) for word in arguments[:-1]), command=command.name)
    kind = Symbol if parameter.kind == Size and size_first(command, here.words, ctx) else parameter.kind
    return READERS[kind].suggest(plain(arguments[-1]), here)


def names_an_order(text: str, ctx: Context) -> bool:
    """Returns whether the unfinished line is of a command whose first argument is an order."""
    line = readable_line(text)
    kinds = {entry.name: entry.parameters[0].kind for entry in ctx.commands if entry.parameters and not entry.hidden}
    return line is not None and kinds.get(line.name) in (OrderNumber, CancelSubject)


def _parameter_at(command: Command, position: int) -> Parameter | None:
    if position < len(command.typed):
        return command.typed[position]
    last = command.typed[-1] if command.typed else None
    return last if last is not None and last.many else None


def suggestions_for(command: Command, parameter: str, words: tuple[str, ...], ctx: Context) -> list[Suggestion]:
    """Returns suggestions for a parameter that was left out; none if it is one of another command."""
    kind = next((entry.kind for entry in command.parameters if entry.name == parameter), None)
    if kind is None:
        return []
    return READERS[kind].suggest("", replace(ctx, words=tuple(plain(word) for word in words), command=command.name))
