"""Encoding of a button's custom_id: its owner and the place of its answer. It needs no stored state.

`MODE POSITION : OWNER : PRESS`, such as `u03:80351110224678912:price BTC`; at most 1 + 2 + 1 + 20 + 1 + 64 characters.
An upper-case mode first asks for the words that the press lacks. Choices of a menu are encoded in the same way.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.command import current_name
from bot.commands import COMMANDS
from bot.platforms.discord.outbound.messages import CUSTOM_ID_LIMIT, ButtonStyle

ANYONE = 0
"""Owner of buttons that every user may press."""

_PACKED = re.compile(r"([nufNUF])(\d\d):(\d{1,20}):(.{1,64})", re.ASCII | re.DOTALL)
_OLDER = "_before"
_OPENS = frozenset(("preview_details", "privacy_export"))
_ACTS = (
    frozenset(command.name for command in COMMANDS if command.hidden or command.typed != command.parameters) - _OPENS
)
"""Commands that are hidden, or have parameters that only buttons set.

They update the message of the button or answer its question; receipts and files are sent as new messages.
"""

_STYLES = {
    "confirm": ButtonStyle.SUCCESS,
    "confirm_order": ButtonStyle.SUCCESS,
    "cancel_orders_now": ButtonStyle.DANGER,
    "buy": ButtonStyle.PRIMARY,
    "reset_now": ButtonStyle.DANGER,
    "privacy_delete": ButtonStyle.DANGER,
    "forget_me": ButtonStyle.DANGER,
}


class ReplyTarget(StrEnum):
    """Place of the answer to a press."""

    NEW = "n"
    """A new message."""
    UPDATE = "u"
    """The message that was pressed: a page that is refreshed or turned."""
    FINISH = "f"
    """The message that was pressed, whose question is answered by the press."""


@dataclass(frozen=True, slots=True)
class PressedButton:
    """A decoded button. `asks` is true if one more word is needed before it is a command."""

    place: ReplyTarget
    owner: int
    press: str
    asks: bool = False


def pack(press: str, *, position: int, owner: int, page: str, asks: bool = False) -> str:
    """Encodes a press. `page` is the command that created the message ('' for a notification).

    Raises ValueError if the press is too long.
    """
    mode = _place(press, page).value
    packed = f"{mode.upper() if asks else mode}{position:02d}:{owner}:{press}"
    if len(packed) > CUSTOM_ID_LIMIT:
        raise ValueError(packed)
    return packed


def unpack(custom_id: str) -> PressedButton | None:
    """Decodes a custom_id. None if it was not encoded by `pack`."""
    found = _PACKED.fullmatch(custom_id)
    if found is None:
        return None
    name, space, words = found[4].partition(" ")
    press = f"{current_name(name)}{space}{words}"  # buttons of earlier versions carry former names
    return PressedButton(ReplyTarget(found[1].lower()), int(found[3]), press, found[1].isupper())


def pack_asking(pressed: PressedButton) -> str:
    """Encodes the press as the id of the form that asks for its missing word."""
    return f"{pressed.place.value.upper()}00:{pressed.owner}:{pressed.press}"


def menu_id(kind: str, *, position: int, owner: int) -> str:
    """Returns the id of a menu whose choices begin with `kind`. The chosen value alone determines the press."""
    return f"s{position:02d}:{owner}:{kind}"[:CUSTOM_ID_LIMIT]


def style_of(press: str) -> ButtonStyle:
    """Returns the style of a press: confirmation is green, irreversible actions are red."""
    return _STYLES.get(press.partition(" ")[0], ButtonStyle.SECONDARY)


def _place(press: str, page: str) -> ReplyTarget:
    command = press.partition(" ")[0]
    if not page:
        return ReplyTarget.NEW
    if command.removesuffix(_OLDER) == page.removesuffix(_OLDER):
        return ReplyTarget.UPDATE
    return ReplyTarget.FINISH if command in _ACTS else ReplyTarget.NEW
