"""Sanitization of strings for a terminal: control sequences are removed."""

from core.text import clean

_LONGEST = 20_000


def one_line(text: str) -> str:
    """Returns the text as one line that cannot move the cursor, change colours, or reorder surrounding text."""
    return text if text.isascii() and text.isprintable() else clean(text, limit=_LONGEST)


def many_lines(text: str) -> str:
    """Sanitizes text that may have several lines."""
    return "\n".join(one_line(line) for line in text.split("\n"))
