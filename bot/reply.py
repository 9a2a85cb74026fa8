"""The one neutral reply: a closed union of frozen blocks, rendered by each adapter in its platform's way.

Strings are already in the person's language and already formatted; adapters escape and lay out, never rewrite.
"""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How a text block stands out."""

    PLAIN = "plain"
    TITLE = "title"
    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class PointInTime:
    """A point in time as it stands in a text: written there as `text`, and `at` in UTC milliseconds. A platform may
    show it in its own way, such as by the clock of the reader's device."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, and the moments that it tells in their order."""

    body: str
    tone: Tone = Tone.PLAIN
    moments: tuple[PointInTime, ...] = ()


@dataclass(frozen=True, slots=True)
class Fields:
    """A card of label and value pairs, such as a receipt."""

    rows: tuple[tuple[str, str], ...]


class Align(StrEnum):
    """Numbers stand right, words left."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column."""

    title: str
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, as many as there are columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendered chart; `alt` says in words what it shows, `name` is a file name without ending."""

    png: bytes
    alt: str
    name: str


@dataclass(frozen=True, slots=True)
class Button:
    """`press` is a command line without its slash (`price BTCUSDC`, `confirm 3fK9...`), at most 64 bytes of UTF-8."""

    label: str
    press: str


@dataclass(frozen=True, slots=True)
class Buttons:
    """Rows of buttons, at most five in a row."""

    rows: tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file to keep, such as an export; `alt` says in words what it holds, `name` is a file name with its ending."""

    data: bytes
    alt: str
    name: str


@dataclass(frozen=True, slots=True)
class Link:
    """An address that the desk itself made, for the person to open; text from outside never becomes one."""

    label: str
    url: str


Block = Text | Fields | Table | Picture | Document | Buttons | Link


@dataclass(frozen=True, slots=True)
class Reply:
    """Blocks from top to bottom; `private` where it speaks of the person's own money.

    `asks` is a command line that only lacks its next word, which the person may simply write. What is `repeated` was
    said a moment ago: a platform on which nobody waits for an answer stays silent. `aside` is of use to the person
    alone, such as a refusal: where a platform can, it is shown to nobody else.
    """

    blocks: tuple[Block, ...]
    private: bool = False
    asks: str = ""
    repeated: bool = False
    aside: bool = False
