"""Platform-independent reply: a closed union of frozen blocks, rendered by each adapter in its platform's way.

Strings are already in the user's language and formatted; adapters escape and lay out, and never rewrite.
"""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """Visual style of a text block."""

    PLAIN = "plain"
    TITLE = "title"
    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class PointInTime:
    """A point in time in a text: `text` as it is written there, and `at` in UTC milliseconds. A platform may show it in
    its own way, such as by the clock of the reader's device.
    """

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, and the points in time that it contains, in their order."""

    body: str
    tone: Tone = Tone.PLAIN
    moments: tuple[PointInTime, ...] = ()


@dataclass(frozen=True, slots=True)
class Fields:
    """A card of label and value pairs, such as a receipt."""

    rows: tuple[tuple[str, str], ...]


class Align(StrEnum):
    """Alignment of a column: right for numbers, left for words."""

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
    """A rendered chart; `alt` describes it in words, `name` is a file name without ending."""

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
    """A file to keep, such as an export; `alt` describes it in words, `name` is a file name with its ending."""

    data: bytes
    alt: str
    name: str


@dataclass(frozen=True, slots=True)
class Link:
    """An address made by Paperdesk itself, for the user to open. Text from outside never becomes one."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline of a news feed: its title, which is shown as text, and its address, as `pipeline.news.links` admits
    it; `note` is our own line about it.
    """

    title: str
    url: str
    note: str


Block = Text | Fields | Table | Picture | Document | Buttons | Link | Headline


@dataclass(frozen=True, slots=True)
class Reply:
    """Blocks from top to bottom; `private` if they concern the user's own money.

    `asks` is a command line that only lacks its next word, which the user may simply type. A `repeated` reply was sent
    a moment ago: platforms where no answer is required stay silent. An `aside` concerns only the user, such as a
    refusal: platforms that can do so show it to no other user. One `in_place` concerns the chat of the request and is
    shown there, although the answers of its command are private.
    """

    blocks: tuple[Block, ...]
    private: bool = False
    asks: str = ""
    repeated: bool = False
    aside: bool = False
    in_place: bool = False
