"""Width of text on a screen, and its length as counted by Telegram."""

import unicodedata

_WIDE = frozenset(("W", "F"))
_NONE = frozenset(("Mn", "Me", "Cf"))


def utf16(text: str) -> int:
    """Returns the length in UTF-16 code units, in which Telegram counts offsets and lengths."""
    if text.isascii() or max(text) <= "\uffff":
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


def cells(text: str) -> int:
    """Returns the width in a fixed-width font: Chinese and Korean letters take two columns, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if unicodedata.category(character) in _NONE:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def padded(text: str, width: int, *, right: bool) -> str:
    """Pads the text with blanks to `width` columns."""
    blanks = " " * max(0, width - cells(text))
    return blanks + text if right else text + blanks
