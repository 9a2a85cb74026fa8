"""Small helpers with which commands put replies together."""

from collections.abc import Iterable, Sequence

from bot.reply import Button, Buttons

PRESS_LIMIT = 64
"""Bytes of a press: Telegram's callback data."""

ROW = 5
"""Buttons in a row: Discord's limit."""

ROWS = 5


def row_name(title: str, head: str) -> str:
    """What a row is called where it stands alone: `Order 4`, but `BTC/USDC`. A name without a letter says nothing
    without the title of its column."""
    return head if not title or any(map(str.isalpha, head)) else f"{title} {head}"


def button(label: str, *words: str) -> Button | None:
    """A button that presses the words as a command line; None where they are longer than a press may be."""
    press = " ".join(words)
    return Button(label, press) if len(press.encode()) <= PRESS_LIMIT else None


def rows(*lines: Sequence[Button | None]) -> tuple[Buttons, ...]:
    """One block of the rows that hold a button, or nothing."""
    kept = [tuple(entry for entry in line if entry is not None) for line in lines]
    filled = tuple(line[:ROW] for line in kept if line)
    return (Buttons(filled[:ROWS]),) if filled else ()


def grid(buttons: Iterable[Button | None]) -> tuple[Buttons, ...]:
    """Buttons in as many full rows as they need."""
    there = [entry for entry in buttons if entry is not None]
    return rows(*(there[at : at + ROW] for at in range(0, len(there), ROW)))
