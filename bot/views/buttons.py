"""Helpers that assemble buttons and rows of replies."""

from collections.abc import Iterable, Sequence

from bot.reply import Button, Buttons

PRESS_LIMIT = 64
"""Most bytes of a press: the limit of Telegram's callback data."""

ROW = 5
"""Most buttons in a row: Discord's limit."""

ROWS = 5


def row_name(title: str, head: str) -> str:
    """Returns the name of a row that is shown on its own: `Order 4`, but `BTC/USDC`. A name without a letter is unclear
    without the title of its column.
    """
    return head if not title or any(map(str.isalpha, head)) else f"{title} {head}"


def button(label: str, *words: str) -> Button | None:
    """Returns a button that sends the words as a command line; None if they are longer than a press may be."""
    press = " ".join(words)
    return Button(label, press) if len(press.encode()) <= PRESS_LIMIT else None


def rows(*lines: Sequence[Button | None]) -> tuple[Buttons, ...]:
    """Returns one block of the rows that hold a button; () if none does."""
    kept = [tuple(entry for entry in line if entry is not None) for line in lines]
    filled = tuple(line[:ROW] for line in kept if line)
    return (Buttons(filled[:ROWS]),) if filled else ()


def grid(buttons: Iterable[Button | None]) -> tuple[Buttons, ...]:
    """Returns the buttons in as many full rows as they need."""
    there = [entry for entry in buttons if entry is not None]
    return rows(*(there[at : at + ROW] for at in range(0, len(there), ROW)))
