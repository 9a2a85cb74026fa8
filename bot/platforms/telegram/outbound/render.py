"""Rendering of a reply as Telegram messages. Pure: the same reply gives the same messages.

Text is sent with entities and never in a parse mode, so that input of users cannot be interpreted as markup.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.platforms.telegram.outbound.markup import Line, Marked, TextRun, TextStyle, lines_of, marked, safe, split
from bot.platforms.telegram.outbound.tables import table_lines
from bot.platforms.telegram.outbound.text_width import cells
from bot.reply import Block, Buttons, Document, Fields, Headline, Link, Picture, Reply, Table, Text, Tone

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
DOCUMENT_LIMIT = 50 * 1024 * 1024
PRESS_LIMIT = 64
ALBUM_LIMIT = 10

PLACEHOLDER = "…"
"""Placeholder for a required text that is empty."""

_KEYS_CELLS = 36
_LABEL_CELLS = 40
_WARNING = "⚠️ "
_STYLES = {
    Tone.PLAIN: TextStyle.PLAIN,
    Tone.TITLE: TextStyle.BOLD,
    Tone.NOTE: TextStyle.ITALIC,
    Tone.WARNING: TextStyle.PLAIN,
}
_MARK = "\x1f"  # no press contains it: the argument readers remove invisible characters
_MARKED = re.compile(rf"(?P<press>.*){_MARK}(?P<here>!?)(?P<owner>[0-9a-z]*)", re.DOTALL)
_UNNAMED = re.compile(r"[^\w.()+ -]")
_NAME_LIMIT = 100
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Key:
    """A button that sends `data`, or opens `url`."""

    label: str
    data: str = ""
    url: str = ""


Keyboard = tuple[tuple[Key, ...], ...]


@dataclass(frozen=True, slots=True)
class TextMessage:
    """Text with buttons below. With `ask` and without buttons, the client opens a reply to it."""

    body: Marked
    keyboard: Keyboard = ()
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture with its caption."""

    png: bytes
    name: str
    caption: Marked


@dataclass(frozen=True, slots=True)
class PhotoMessage:
    """One picture with buttons below."""

    photo: Photo
    keyboard: Keyboard = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file with its caption. `name` includes the extension."""

    data: bytes
    name: str
    caption: Marked


@dataclass(frozen=True, slots=True)
class DocumentMessage:
    """One file with buttons below."""

    file: File
    keyboard: Keyboard = ()


@dataclass(frozen=True, slots=True)
class AlbumMessage:
    """Two to ten pictures. Telegram allows no buttons below them."""

    photos: tuple[Photo, ...]


Message = TextMessage | PhotoMessage | DocumentMessage | AlbumMessage


@dataclass(frozen=True, slots=True)
class Press:
    """A decoded button.

    `here` requests the answer in place of the message. `owner` is the user for whom the button was made, 0 for any
    user.
    """

    line: str
    here: bool
    owner: int


def render(reply: Reply, *, command: str = "", owner: int = 0, ask: bool = False) -> tuple[Message, ...]:
    """Renders the messages: pictures and files first, buttons below the last message.

    `command` is the name of the answered command, whose own buttons are answered in place. `owner` is the user who may
    press the buttons in a group. `ask`: the reply asks for a word, so the client opens a reply.
    """
    keyboard = _keyboard(reply, command, owner)
    pictures = [block for block in reply.blocks if isinstance(block, Picture)]
    files = [block for block in reply.blocks if isinstance(block, Document) and _sendable(block)]
    if len(pictures) + len(files) == 1:
        portions = split(_lines(reply.blocks, captioned=True), CAPTION_LIMIT)
        if len(portions) <= 1:
            return (_captioned((pictures or files)[0], portions[0] if portions else [], keyboard),)
    texts = split(_lines(reply.blocks, captioned=False), TEXT_LIMIT)
    if keyboard and not texts:
        texts = [[(TextRun(PLACEHOLDER),)]]
    bodies = [marked(portion) for portion in texts]
    messages = tuple(TextMessage(body) for body in bodies[:-1])
    last = tuple(TextMessage(body, keyboard, ask=ask and not keyboard) for body in bodies[-1:])
    attached = (*_pictures(pictures), *(_captioned(file, _alt(file.alt)) for file in files))
    return (*attached, *messages, *last) or (TextMessage(Marked(PLACEHOLDER)),)


def render_one(reply: Reply) -> Message:
    """Renders the reply as one message for an edit: its first picture, and as much of its text as fits."""
    messages = render(reply)
    if len(messages) == 1 and not isinstance(messages[0], AlbumMessage):
        return messages[0]
    keyboard = _keyboard(reply, "", 0)
    pictures = [block for block in reply.blocks if isinstance(block, Picture)]
    portions = split(_lines(reply.blocks, captioned=bool(pictures)), CAPTION_LIMIT if pictures else TEXT_LIMIT)
    first = portions[0] if portions else [(TextRun(PLACEHOLDER),)]
    return _captioned(pictures[0], first, keyboard) if pictures else TextMessage(marked(first), keyboard)


def read_press(data: str) -> Press:
    """Decodes the data of a button made by `render`. Other data is a plain line."""
    found = _MARKED.fullmatch(data)
    if found is None:
        return Press(data, here=False, owner=0)
    owner = int(found["owner"], 36) if found["owner"] else 0
    return Press(found["press"], bool(found["here"]), owner)


# -- text --------------------------------------------------------------------------------------


def _lines(blocks: Sequence[Block], *, captioned: bool) -> list[Line]:
    """Renders the blocks as lines.

    `captioned` includes the description of the picture or file, as part of its caption.
    """
    lines: list[Line] = []
    before: Block | None = None
    for block in blocks:
        drawn = _block(block, captioned=captioned)
        if not drawn:
            continue
        if lines and not _belongs_to(block, before):
            lines.append(())
        lines += drawn
        before = block
    return lines


def _belongs_to(block: Block, before: Block | None) -> bool:
    """True if no empty line separates the blocks: content after its title."""
    return isinstance(before, Text) and before.tone is Tone.TITLE and not isinstance(block, Text)


def _block(block: Block, *, captioned: bool) -> list[Line]:  # noqa: PLR0911 - one line a kind of block
    match block:
        case Text(body, tone):
            return lines_of(body, _STYLES[tone], _WARNING if tone is Tone.WARNING else "")
        case Fields(rows):
            return [(TextRun(f"{safe(label)}:", TextStyle.BOLD), TextRun(f" {safe(value)}")) for label, value in rows]
        case Table():
            return table_lines(block)
        case Picture(alt=alt):
            return lines_of(alt) if captioned else []
        case Document(alt=alt):
            return lines_of(alt) if captioned or not _sendable(block) else []
        case Link(label, url):
            return [(TextRun(f"{safe(label)}: {url}"),)]
        case Headline(title, url, note):
            return [(TextRun(safe(title), TextStyle.LINK, url),), *lines_of(note, TextStyle.ITALIC)]
        case Buttons():
            return []
        case _:
            assert_never(block)


# -- pictures and files ------------------------------------------------------------------------


def _captioned(block: Picture | Document, lines: Sequence[Line], keyboard: Keyboard = ()) -> Message:
    if isinstance(block, Picture):
        return PhotoMessage(_photo(block, lines), keyboard)
    return DocumentMessage(File(block.data, _file_name(block.name), marked(lines)), keyboard)


def _photo(picture: Picture, lines: Sequence[Line]) -> Photo:
    return Photo(picture.png, picture.name, marked(lines))


def _alt(alt: str) -> list[Line]:
    """Returns as much of the description as fits into one caption."""
    return [*split(lines_of(alt), CAPTION_LIMIT), []][0]


def _sendable(document: Document) -> bool:
    """True if Telegram accepts the file: not empty and at most 50 MB. Otherwise only its description is sent."""
    return 0 < len(document.data) <= DOCUMENT_LIMIT


def _file_name(name: str) -> str:
    """Returns a name that cannot contain a folder or a header."""
    return _UNNAMED.sub("_", safe(name)).strip("._ ")[-_NAME_LIMIT:] or "file"


def _pictures(pictures: Sequence[Picture]) -> list[PhotoMessage | AlbumMessage]:
    """Groups pictures into albums of up to ten. A single picture is not an album."""
    photos = [_photo(picture, _alt(picture.alt)) for picture in pictures]
    groups = [photos[at : at + ALBUM_LIMIT] for at in range(0, len(photos), ALBUM_LIMIT)]
    return [PhotoMessage(group[0]) if len(group) == 1 else AlbumMessage(tuple(group)) for group in groups]


# -- buttons -----------------------------------------------------------------------------------


def _keyboard(reply: Reply, command: str, owner: int) -> Keyboard:
    rows: list[tuple[Key, ...]] = []
    for block in reply.blocks:
        if isinstance(block, Buttons):
            for row in block.rows:
                keys = [Key(_label(button.label), _data(button.press, command, owner)) for button in row]
                rows += _rows(keys)
    return tuple(rows)


def _label(text: str) -> str:
    cleaned = safe(text).strip() or PLACEHOLDER
    return cleaned if len(cleaned) <= _LABEL_CELLS else cleaned[: _LABEL_CELLS - 1] + "…"


def _data(press: str, command: str, owner: int) -> str:
    """Encodes the press with its marks as far as they fit.

    Without the marks it is answered by a new message, and any user may press it.
    """
    here = "!" if command and _family(press.partition(" ")[0], command) else ""
    for marks in (f"{here}{_base36(owner)}", _base36(owner)):
        data = f"{press}{_MARK}{marks}" if marks else press
        if len(data.encode()) <= PRESS_LIMIT:
            return data
    return press


def _family(name: str, command: str) -> bool:
    """True for a command, its hidden continuations (`history_before`), and the buttons that confirm or cancel."""
    family = name.partition("_")[0]
    return family == command.partition("_")[0] or family in ("confirm", "cancel")


def _base36(number: int) -> str:
    digits = ""
    while number > 0:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def _rows(keys: list[Key]) -> list[tuple[Key, ...]]:
    """Distributes buttons evenly over as few rows as show every label in full on a phone."""
    widest = max((cells(key.label) for key in keys), default=0)
    for count in range(1, len(keys)):
        size = -(-len(keys) // count)
        if widest + 2 <= _KEYS_CELLS // size:
            return [tuple(keys[at : at + size]) for at in range(0, len(keys), size)]
    return [(key,) for key in keys]
