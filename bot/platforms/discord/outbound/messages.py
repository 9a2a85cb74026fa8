"""Discord messages as plain data, before they are converted to the library's requests."""

from dataclasses import dataclass, replace
from enum import Enum, IntEnum

# Discord's limits, from its documentation, in characters unless noted otherwise.
TITLE_LIMIT = 256
DESCRIPTION_LIMIT = 4096
FIELD_NAME_LIMIT = 256
FIELD_VALUE_LIMIT = 1024
FOOTER_LIMIT = 2048
CARD_FIELDS = 25
MESSAGE_CARDS = 10
MESSAGE_TEXT_LIMIT = 6000
"""Limit for all embeds of a message together."""
MESSAGE_FILES = 10
CONTENT_LIMIT = 2000
MESSAGE_ROWS = 5
ROW_BUTTONS = 5
LABEL_LIMIT = 80
CUSTOM_ID_LIMIT = 100
MENU_CHOICES = 25
CHOICE_LABEL_LIMIT = 100
PLACEHOLDER_LIMIT = 150
ALT_LIMIT = 1024
FILE_BYTES = 10 << 20
"""Limit for one file, applied here to all files of a message together."""


class Colour(IntEnum):
    """Colours of the stripe at the left of an embed."""

    DESK = 0x3B82F6
    WARNING = 0xF0B132
    QUIET = 0x80848E


class ButtonStyle(Enum):
    """Styles of buttons, with Discord's values."""

    PRIMARY = 1
    SECONDARY = 2
    SUCCESS = 3
    DANGER = 4


@dataclass(frozen=True, slots=True)
class Attached:
    """A file attached to the message. `file_name` is ASCII and unique within the message."""

    data: bytes
    file_name: str
    alt: str


@dataclass(frozen=True, slots=True)
class Field:
    """A name and a value, already escaped."""

    name: str
    value: str
    inline: bool


@dataclass(frozen=True, slots=True)
class Embed:
    """One embed. Discord shows its parts in this order, regardless of their order in the request."""

    title: str = ""
    description: str = ""
    fields: tuple[Field, ...] = ()
    picture: Attached | None = None
    footer: str = ""
    colour: Colour = Colour.DESK

    @property
    def empty(self) -> bool:
        """True if nothing is visible. Discord refuses such embeds."""
        return not (self.title or self.description or self.fields or self.picture or self.footer)

    def characters(self) -> int:
        """Returns the characters that count towards a message's 6000."""
        texts = (
            self.title,
            self.description,
            self.footer,
            *(text for row in self.fields for text in (row.name, row.value)),
        )
        return sum(units(text) for text in texts)


@dataclass(frozen=True, slots=True)
class ButtonComponent:
    """A button."""

    label: str
    custom_id: str
    style: ButtonStyle


@dataclass(frozen=True, slots=True)
class Menu:
    """A select menu that takes a whole row. Each choice corresponds to a button."""

    custom_id: str
    choices: tuple[ButtonComponent, ...]
    placeholder: str = ""


Row = tuple[ButtonComponent, ...] | Menu


@dataclass(frozen=True, slots=True)
class DiscordMessage:
    """One Discord message. `documents` are attached next to the embeds, pictures within them.

    `content` is the text above, for channels that do not show embeds.
    """

    cards: tuple[Embed, ...] = ()
    rows: tuple[Row, ...] = ()
    documents: tuple[Attached, ...] = ()
    content: str = ""

    def files(self) -> tuple[Attached, ...]:
        """Returns the files uploaded with the message."""
        return (*(card.picture for card in self.cards if card.picture is not None), *self.documents)

    def without_files(self) -> "DiscordMessage":
        """Returns the message with files replaced by their descriptions, for places that allow no attachments."""
        told = tuple(Embed(description=document.alt, colour=Colour.QUIET) for document in self.documents)
        cards = (*(_in_words(card) for card in self.cards), *told)
        return replace(self, cards=cards[:MESSAGE_CARDS], documents=())


def words(message: DiscordMessage) -> str:
    """Returns all texts as plain lines, for channels that do not show embeds. The caller limits their length."""
    lines: list[str] = []
    for card in message.without_files().cards:
        lines += [f"**{card.title}**"] if card.title else []
        lines += [card.description] if card.description else []
        lines += [f"{row.name}: {row.value}" for row in card.fields]
        lines += [f"-# {line}" for line in card.footer.split("\n") if line]
    return "\n".join(lines)


def units(text: str) -> int:
    """Returns the length in UTF-16 units, the largest count that Discord may apply."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _in_words(card: Embed) -> Embed:
    if card.picture is None:
        return card
    return replace(card, picture=None, description="\n\n".join(filter(None, (card.description, card.picture.alt))))
