"""Readers: functions that turn words into a value of one kind, and suggest completions while they are typed.

Every platform passes strings, and the strings are read here, once. Readers are synchronous and touch memory only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from bot.context import Context
from bot.errors import NotAChoice
from bot.inbound import Suggestion
from people.person import Language

Value = TypeVar("Value")
Choice = TypeVar("Choice")


_LONGEST_LABEL = 5
"""Most words of a label that is read."""


def _no_suggestions(prefix: str, ctx: Context) -> list[Suggestion]:  # noqa: ARG001 - the shape of every reader
    return []


def _one_word(words: tuple[str, ...], ctx: Context) -> int:  # noqa: ARG001
    return 1


def all_words(words: tuple[str, ...], ctx: Context) -> int:  # noqa: ARG001
    """Returns the span of a reader that takes the rest of the line."""
    return len(words)


def _anything(text: str) -> bool:  # noqa: ARG001
    return True


@dataclass(frozen=True, slots=True)
class Reader(Generic[Value]):
    """Reader of one kind of value. `parse` raises a DeskError that explains itself; `span` returns how many of the
    remaining words it reads.

    The words are plain (`bot.arguments.typography`), but a `verbatim` reader gets them as typed. If several values are
    taken, those of a `listed` reader may be separated by commas. `markers` are words before the value in a line where
    other values may be left out, the usual one first: `limit` of `limit 59900`. `known` tells whether text can be meant
    as a value: what cannot has no place in the line. The values of a `closed` reader are listed words.
    """

    parse: Callable[[str, Context], Value]
    suggest: Callable[[str, Context], list[Suggestion]] = _no_suggestions
    span: Callable[[tuple[str, ...], Context], int] = _one_word
    verbatim: bool = False
    listed: bool = False
    markers: tuple[str, ...] = ()
    known: Callable[[str], bool] = _anything
    closed: bool = False


def choice(words: Mapping[str, Choice], shown: Mapping[str, str]) -> Reader[Choice]:
    """Returns the reader of a closed set: `words` are all spellings in lower case, `shown` the canonical ones with the
    id of their label. A label is read as it is shown, `가격 알림`, with or without its spaces.
    """

    def spelling(text: str, ctx: Context) -> str:
        """Returns the matching spelling in `words`, '' if there is none."""
        if text.casefold() in words:
            return text.casefold()
        joined = _joined(text)
        labelled = (word for word, label in shown.items() if _joined(ctx.text(label)) == joined)
        return joined if joined in words else next(labelled, "")

    def offered(ctx: Context) -> tuple[str, ...]:
        """Returns what may be typed, in the user's language."""
        english = ctx.person.language is Language.ENGLISH
        return tuple(shown) if english else tuple(ctx.text(label) for label in shown.values())

    def parse(text: str, ctx: Context) -> Choice:
        word = spelling(text, ctx)
        if not word:
            raise NotAChoice(text, offered(ctx))
        return words[word]

    def span(typed: tuple[str, ...], ctx: Context) -> int:
        most = min(len(typed), _LONGEST_LABEL)
        return next((count for count in range(most, 1, -1) if spelling(" ".join(typed[:count]), ctx)), 1)

    def suggest(prefix: str, ctx: Context) -> list[Suggestion]:
        typed = prefix.casefold()
        meant = [value for word, value in words.items() if word.startswith(typed)]
        found = ((words[word], Suggestion(word, ctx.text(label))) for word, label in shown.items())
        return [entry for value, entry in found if value in meant or begins(entry, prefix)]

    return Reader(parse, suggest, span, closed=True)


def _joined(text: str) -> str:
    return "".join(text.casefold().split())


def read_before(reader: Reader[Choice], ctx: Context) -> Choice | None:
    """Returns the choice at the end of the words read so far; None if they end with something else."""
    for count in range(min(len(ctx.words), _LONGEST_LABEL), 0, -1):
        try:
            return reader.parse(" ".join(ctx.words[-count:]), ctx)
        except NotAChoice:
            continue
    return None


def begins(entry: Suggestion, prefix: str) -> bool:
    """Returns whether the suggestion or its label begins with the typed text."""
    return entry.text.casefold().startswith(prefix.casefold()) or entry.label.casefold().startswith(prefix.casefold())


def enum_choice(kind: type[StrEnum]) -> Reader[Any]:
    """Returns the reader of the members of `kind`, by their values; their labels are the texts `choice-<value>`."""
    return choice(
        {member.value: member for member in kind}, {member.value: f"choice-{member.value}" for member in kind}
    )
