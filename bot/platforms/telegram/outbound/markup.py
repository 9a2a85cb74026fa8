"""Text as runs of one style each, and its conversion to Telegram's text with entities, which needs no escaping."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from bot.platforms.telegram.outbound.text_width import utf16

ENTITY_LIMIT = 100
"""Maximum number of entities of one message; Telegram drops the others."""

_AT = re.compile(r"@(?=\w)")
_APART = "@\u2060"  # a word joiner keeps the letters and disables the mention
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
_KEPT = frozenset("\u2060\u200d")  # the joiners of mentions defused here, and of emoji


class TextStyle(StrEnum):
    """Styles of a run: Telegram's entity types, and plain text, which needs none."""

    PLAIN = ""
    BOLD = "bold"
    ITALIC = "italic"
    PRE = "pre"
    LINK = "text_link"


@dataclass(frozen=True, slots=True)
class TextRun:
    """A piece of one line. `PRE` runs on consecutive lines form one block; a `LINK` opens `url`."""

    text: str
    style: TextStyle = TextStyle.PLAIN
    url: str = ""


Line = tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """A styled range; `offset` and `length` are in UTF-16 code units."""

    kind: TextStyle
    offset: int
    length: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """Text and entities in Telegram's form."""

    text: str
    entities: tuple[Entity, ...] = ()


def safe(text: str) -> str:
    """Returns one line without invisible or bidirectional control characters and without active mentions."""
    if text.isprintable():
        return _AT.sub(_APART, text) if "@" in text else text
    spaced = "".join(" " if character.isspace() else character for character in text)
    seen = "".join(c for c in spaced if c in _KEPT or unicodedata.category(c) not in _UNSEEN)
    return _AT.sub(_APART, seen)


def lines_of(body: str, style: TextStyle = TextStyle.PLAIN, mark: str = "") -> list[Line]:
    """Returns the sanitized lines of a paragraph. `mark` precedes the first."""
    cleaned = [safe(line).strip() for line in body.split("\n")]
    cleaned[0] = mark + cleaned[0]
    return [(TextRun(line, style),) if line else () for line in cleaned]


def length(lines: Sequence[Line]) -> int:
    """Returns the length of the lines in UTF-16 code units, including line breaks."""
    return sum(_line_length(line) + 1 for line in lines) - 1 if lines else 0


def _line_length(line: Line) -> int:
    return sum(utf16(run.text) for run in line)


def marked(lines: Sequence[Line]) -> Marked:
    """Returns the text and its entities."""
    text: list[str] = []
    spans: list[Entity] = []
    at = 0
    for number, line in enumerate(lines):
        if number:
            text.append("\n")
            at += 1
        for run in line:
            end = at + utf16(run.text)
            if run.style is not TextStyle.PLAIN and run.text.strip():
                spans.append(Entity(run.style, at, end - at, run.url))
            text.append(run.text)
            at = end
    return Marked("".join(text), tuple(_joined(spans)))


def _joined(spans: Iterable[Entity]) -> list[Entity]:
    """Joins adjacent spans of one style and address, and consecutive lines of one preformatted block."""
    joined: list[Entity] = []
    for span in spans:
        gap = 1 if span.kind is TextStyle.PRE else 0
        last = joined[-1] if joined else None
        alike = last is not None and (last.kind, last.url) == (span.kind, span.url)
        if last is not None and alike and span.offset - last.offset - last.length <= gap:
            joined[-1] = replace(last, length=span.offset + span.length - last.offset)
        else:
            joined.append(span)
    return joined


def split(lines: Sequence[Line], limit: int) -> list[list[Line]]:
    """Splits lines into portions of at most `limit` code units and 100 entities, at empty lines if possible.

    A line longer than a whole portion is broken between words, and a word only if it must be.
    """
    if _fits(lines, limit):
        whole = _trimmed(list(lines))
        return [whole] if whole else []
    portions: list[list[Line]] = []
    portion: list[Line] = []
    for block in _blocks(_fitting(lines, limit)):
        for piece in (block,) if _fits([*portion, *block], limit) else [[line] for line in block]:
            if portion and not _fits([*portion, *piece], limit):
                portions.append(_trimmed(portion))
                portion = []
            portion = [*portion, *piece]
    return [kept for kept in (*portions, _trimmed(portion)) if kept]


def _fits(lines: Sequence[Line], limit: int) -> bool:
    styled = sum(run.style is not TextStyle.PLAIN for line in lines for run in line)
    return length(lines) <= limit and styled <= ENTITY_LIMIT


def _blocks(lines: Iterable[Line]) -> list[list[Line]]:
    """Returns paragraphs, each with the empty lines before it."""
    blocks: list[list[Line]] = [[]]
    for line in lines:
        if not line and blocks[-1] and blocks[-1][-1]:
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def _trimmed(portion: list[Line]) -> list[Line]:
    """Removes empty lines at both ends."""
    filled = [number for number, line in enumerate(portion) if any(run.text.strip() for run in line)]
    return portion[filled[0] : filled[-1] + 1] if filled else []


def _fitting(lines: Iterable[Line], limit: int) -> list[Line]:
    fitting: list[Line] = []
    for line in lines:
        fitting += [line] if _line_length(line) <= limit else _broken(line, limit)
    return fitting


def _broken(line: Line, limit: int) -> list[Line]:
    """Breaks a line that is too long into parts."""
    parts: list[list[TextRun]] = [[]]
    room = limit
    for run in line:
        for word in re.findall(r"\s*\S+|\s+", run.text):
            if utf16(word) > room:
                parts.append([])
                room, word = limit, word.lstrip()  # noqa: PLW2901 - a new line must not start with blanks
            for piece in _pieces(word, limit):
                if utf16(piece) > room:
                    parts.append([])
                    room = limit
                parts[-1].append(replace(run, text=piece))
                room -= utf16(piece)
    return [_merged(part) for part in parts if part]


def _pieces(word: str, limit: int) -> list[str]:
    size = limit if utf16(word) == len(word) else limit // 2
    return [word[at : at + size] for at in range(0, len(word), size)]


def _merged(part: list[TextRun]) -> Line:
    return tuple(
        TextRun("".join(run.text for run in group), *like)
        for like, group in groupby(part, key=lambda run: (run.style, run.url))
    )
