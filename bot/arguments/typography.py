"""Replaces typographic characters of phones and keyboards by plain ones: `—5%` is `-5%`, `１００` is `100`.

Only characters with one plain counterpart are replaced. Digits of other scripts, superscripts and fractions stay, so
that an amount is never read as another number than the one shown.
"""

import re
import unicodedata

_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u207b\u2212\u2796\ufe58\ufe63"
_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u00b4`"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
_FULL_WIDTH = {0xFF01 + offset: chr(0x21 + offset) for offset in range(0x5E)}
_PLAIN = (
    dict.fromkeys(map(ord, _HYPHENS), "-")
    | dict.fromkeys(map(ord, _SINGLE_QUOTES), "'")
    | dict.fromkeys(map(ord, _DOUBLE_QUOTES), '"')
    | _FULL_WIDTH
    | {
        ord("\u2026"): "...",
        ord("\u301c"): "~",
        ord("\u223c"): "~",
        ord("\u2236"): ":",
        ord("\u2267"): "\u2265",
        ord("\u2266"): "\u2264",
        ord("\u3001"): ",",
        ord("\u2044"): "/",
        ord("\u2215"): "/",
        ord("\ufe6a"): "%",
        ord("\u066a"): "%",
        ord("\uffe6"): "\u20a9",
    }
)
_QUOTES = "'\""
_COMMAS = ",;"
_GROUP = re.compile(r"[0-9]{3}(?![0-9])")


def plain(word: str) -> str:
    """Returns the word with plain hyphens, quotes and letters, and without the quotes around it; never empty for a
    word.
    """
    replaced = unicodedata.normalize("NFC", word).translate(_PLAIN)
    return replaced.strip(_QUOTES) or replaced


def without_commas(words: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the words without the commas that separate them: `1h, bb`. One before a group of digits stays:
    `1, 000`.
    """
    return tuple(
        word if _GROUP.match(after) and word.rstrip(_COMMAS)[-1:].isdigit() else word.rstrip(_COMMAS) or word
        for word, after in zip(words, (*words[1:], ""), strict=False)
    )
