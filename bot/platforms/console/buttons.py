"""Buttons without a mouse: pressed by their number or by their words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.arguments.typography import plain
from bot.reply import Button, Buttons, Reply

_NUMBER = re.compile(r"\[?(\d{1,3})\]?", re.ASCII)
_WORD = re.compile(r"(?<!\w)[+-](?=\d)|[^\W_]+")


@dataclass(frozen=True, slots=True)
class NoSuchButton:
    """A number was typed, but only `count` buttons are live."""

    number: int
    count: int


def buttons_of(reply: Reply) -> tuple[Button, ...]:
    """Every button of a reply, in the order of their numbers."""
    return tuple(button for block in reply.blocks if isinstance(block, Buttons) for row in block.rows for button in row)


def pressed(text: str, live: Sequence[Button], *, answering: bool = False) -> Button | NoSuchButton | None:
    """What a typed line presses: a button by number (from 1) or by its words in any case; None when it is no press.
    Where it is `answering` a question, a number that no button has is the answer."""
    if number := _NUMBER.fullmatch(text.strip()):
        position = int(number[1])
        if 1 <= position <= len(live):
            return live[position - 1]
        return None if answering else NoSuchButton(position, len(live))
    if text.lstrip().startswith("/") or not (words := _words(text)):
        return None
    return next((button for button in live if _words(button.label) == words), None)


def _words(text: str) -> str:
    """Letters, digits and the sign of a number: a label may carry an emoji that nobody types."""
    return " ".join(_WORD.findall(plain(text).casefold()))
