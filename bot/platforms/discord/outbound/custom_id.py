"""What a button's custom_id carries: whose it is and where its answer goes. Nothing is remembered, so it outlives us.

`MODE POSITION : OWNER : PRESS`, such as `u03:80351110224678912:price BTC`; at most 1 + 2 + 1 + 20 + 1 + 64 characters.
A mode in capitals first asks for the words that the press still lacks. A menu's choices are packed in the same way.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.commands import COMMANDS
from bot.platforms.discord.outbound.messages import CUSTOM_ID_LIMIT, ButtonStyle

ANYONE = 0
"""The owner of buttons that everybody may press."""

_PACKED = re.compile(r"([nufNUF])(\d\d):(\d{1,20}):(.{1,64})", re.ASCII | re.DOTALL)
_OLDER = "_before"
_OPENS = frozenset(("preview_details", "receipt", "receipt_details", "privacy_export"))
_ACTS = (
    frozenset(command.name for command in COMMANDS if command.hidden or command.typed != command.parameters) - _OPENS
)
"""What only buttons reach turns the page it stands on, or answers its question; receipts and files open beside it."""

_STYLES = {
    "confirm": ButtonStyle.SUCCESS,
    "buy": ButtonStyle.PRIMARY,
    "reset_now": ButtonStyle.DANGER,
    "privacy_delete": ButtonStyle.DANGER,
    "forget_me": ButtonStyle.DANGER,
}


class ReplyTarget(StrEnum):
    """Where the answer to a press goes."""

    NEW = "n"
    """A message of its own."""
    UPDATE = "u"
    """Into the message that was pressed: a page that is refreshed or turned."""
    FINISH = "f"
    """Into the message that was pressed, whose question is thereby answered."""


@dataclass(frozen=True, slots=True)
class PressedButton:
    """A button, unpacked; `asks` for one more word before it is a command."""

    place: ReplyTarget
    owner: int
    press: str
    asks: bool = False


def pack(press: str, *, position: int, owner: int, page: str, asks: bool = False) -> str:
    """`page` is the command that made the message ('' for a push). Raises ValueError where a press is too long."""
    mode = _place(press, page).value
    packed = f"{mode.upper() if asks else mode}{position:02d}:{owner}:{press}"
    if len(packed) > CUSTOM_ID_LIMIT:
        raise ValueError(packed)
    return packed


def unpack(custom_id: str) -> PressedButton | None:
    """None for what we never packed."""
    found = _PACKED.fullmatch(custom_id)
    return (
        None
        if found is None
        else PressedButton(ReplyTarget(found[1].lower()), int(found[3]), found[4], found[1].isupper())
    )


def pack_asking(pressed: PressedButton) -> str:
    """The same press as the id of the form that asks for what it lacks."""
    return f"{pressed.place.value.upper()}00:{pressed.owner}:{pressed.press}"


def menu_id(kind: str, *, position: int, owner: int) -> str:
    """Of a menu whose choices begin with `kind`; what is chosen says everything itself."""
    return f"s{position:02d}:{owner}:{kind}"[:CUSTOM_ID_LIMIT]


def style_of(press: str) -> ButtonStyle:
    """Confirming is green, what cannot be undone is red."""
    return _STYLES.get(press.partition(" ")[0], ButtonStyle.SECONDARY)


def _place(press: str, page: str) -> ReplyTarget:
    command = press.partition(" ")[0]
    if not page:
        return ReplyTarget.NEW
    if command.removesuffix(_OLDER) == page.removesuffix(_OLDER):
        return ReplyTarget.UPDATE
    return ReplyTarget.FINISH if command in _ACTS else ReplyTarget.NEW
