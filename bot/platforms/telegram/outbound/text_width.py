"""How wide text is on a screen, and how long it is for Telegram."""

import unicodedata

_WIDE = frozenset(("W", "F"))
_NONE = frozenset(("Mn", "Me", "Cf"))


def utf16(text: str) -> int:
    """UTF-16 code units: what Telegram counts offsets and lengths in."""
    if text.isascii() or max(text) <= "\uffff":
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


def cells(text: str) -> int:
    """Columns of a fixed-width font: Chinese and Korean letters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if unicodedata.category(character) in _NONE:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def padded(text: str, width: int, *, right: bool) -> str:
    """The text with blanks up to `width` columns."""
    blanks = " " * max(0, width - cells(text))
    return blanks + text if right else text + blanks
