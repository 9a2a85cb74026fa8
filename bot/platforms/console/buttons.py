"""Buttons on the console, pressed by typing their number or their label."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.arguments.typography import plain
from bot.reply import Button, Buttons, Reply

_NUMBER = re.compile(r"\[?(\d{1,3})\]?", re.ASCII)
_WORD = re.compile(r"(?<!\w)[+-](?=\d)|[^\W_]+")


@dataclass(frozen=True, slots=True)
class NoSuchButton:
    """A typed number that matches none of the `count` active buttons."""

    number: int
    count: int


def buttons_of(reply: Reply) -> tuple[Button, ...]:
    """Returns every button of a reply, in the order of their numbers."""
    return tuple(button for block in reply.blocks if isinstance(block, Buttons) for row in block.rows for button in row)


def pressed(text: str, live: Sequence[Button], *, answering: bool = False) -> Button | NoSuchButton | None:
    """Returns the button that a typed line selects by number (from 1) or by label in any case; None if it selects none.

    While `answering` a question, a number without a button is the answer and returns None.
    """
    if number := _NUMBER.fullmatch(text.strip()):
        position = int(number[1])
        if 1 <= position <= len(live):
            return live[position - 1]
        return None if answering else NoSuchButton(position, len(live))
    if text.lstrip().startswith("/") or not (words := _words(text)):
        return None
    return next((button for button in live if _words(button.label) == words), None)


def _words(text: str) -> str:
    """Returns the letters, digits and signs of numbers. A label may contain an emoji that users do not type."""
    return " ".join(_WORD.findall(plain(text).casefold()))
