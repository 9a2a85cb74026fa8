"""Strings on their way to a terminal: nothing in them may steer it, whoever wrote them."""

from core.text import clean

_LONGEST = 20_000


def one_line(text: str) -> str:
    """The text as one line that cannot move the cursor, colour, or reorder what stands around it."""
    return text if text.isascii() and text.isprintable() else clean(text, limit=_LONGEST)


def many_lines(text: str) -> str:
    """The same for text that may have several lines."""
    return "\n".join(one_line(line) for line in text.split("\n"))
