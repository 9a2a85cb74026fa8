"""Sanitization of untrusted text for display."""

import unicodedata

VARIABLE_LIMIT = 300
"""Maximum number of characters of one variable."""


_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


_BREAKS = frozenset("\t\n\r\v\f\u2028\u2029")


_MARKS = frozenset(("Mn", "Me"))


_MARKS_IN_A_ROW = 2


def clean(text: str, limit: int = VARIABLE_LIMIT) -> str:
    """Returns text that cannot affect the text around it.

    Control, bidirectional, zero-width and unassigned characters are removed, line breaks and tabs become spaces, at
    most two combining marks stay on a letter, and text longer than `limit` ends in an ellipsis.
    """
    if text.isascii() and text.isprintable() and len(text) <= limit:
        return text
    kept: list[str] = []
    marks = 0
    for character in text[: 4 * limit]:
        seen = " " if character in _BREAKS else character
        category = unicodedata.category(seen)
        if category in _UNSEEN:
            continue
        marks = marks + 1 if category in _MARKS else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(seen)
    cleaned = "".join(kept)
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"
