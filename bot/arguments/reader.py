"""What a reader is: how words become a value of one kind, and what is suggested while they are typed.

Every platform hands over strings and the strings are read here, once. Readers are synchronous and touch memory only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from bot.context import Context
from bot.errors import NotAChoice
from bot.inbound import Suggestion

Value = TypeVar("Value")
Choice = TypeVar("Choice")


def _no_suggestions(prefix: str, ctx: Context) -> list[Suggestion]:  # noqa: ARG001 - the shape of every reader
    return []


def _one_word(words: tuple[str, ...], ctx: Context) -> int:  # noqa: ARG001
    return 1


def all_words(words: tuple[str, ...], ctx: Context) -> int:  # noqa: ARG001
    """The span of a reader that takes the rest of the line."""
    return len(words)


@dataclass(frozen=True, slots=True)
class Reader(Generic[Value]):
    """`parse` raises a DeskError that explains itself; `span` says how many of the words that are left it reads.

    The words are plain (`bot.arguments.typography`), but for a `verbatim` reader, which is given them as typed. Where
    several values are taken, those of a `listed` reader may be separated by commas.
    """

    parse: Callable[[str, Context], Value]
    suggest: Callable[[str, Context], list[Suggestion]] = _no_suggestions
    span: Callable[[tuple[str, ...], Context], int] = _one_word
    verbatim: bool = False
    listed: bool = False


def choice(words: Mapping[str, Choice], shown: Mapping[str, str]) -> Reader[Choice]:
    """A closed set: `words` are all spellings in lower case, `shown` the canonical ones with the id of their label."""

    def parse(text: str, ctx: Context) -> Choice:  # noqa: ARG001
        if text.casefold() not in words:
            raise NotAChoice(text, tuple(shown))
        return words[text.casefold()]

    def suggest(prefix: str, ctx: Context) -> list[Suggestion]:
        typed = prefix.casefold()
        meant = [value for word, value in words.items() if word.startswith(typed)]
        found = ((words[word], Suggestion(word, ctx.say(label))) for word, label in shown.items())
        return [entry for value, entry in found if value in meant or begins(entry, prefix)]

    return Reader(parse, suggest)


def begins(entry: Suggestion, prefix: str) -> bool:
    """Whether the suggestion or its label begins with what is typed."""
    return entry.text.casefold().startswith(prefix.casefold()) or entry.label.casefold().startswith(prefix.casefold())


def enum_choice(kind: type[StrEnum]) -> Reader[Any]:
    """The members of `kind`, by their values; their labels are the texts `choice-<value>`."""
    return choice(
        {member.value: member for member in kind}, {member.value: f"choice-{member.value}" for member in kind}
    )
