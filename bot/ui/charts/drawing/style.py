"""Palettes, sizes and fonts. Sizes are pixels of a picture 1000 wide, displayed at about 390 on a phone."""

import importlib.util
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

WIDTH = 1000
HEIGHT = 600
MARGIN = 28

TITLE = 40
LEAD = 30
NOTE = 25

_FAMILIES = ("DejaVu Sans", "Noto Sans CJK JP")
_UNKNOWN_GLYPH = "\N{WHITE SQUARE}"
_LONGEST_NAME = 40
_BOLD = 700


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a theme. `up` and `down` also differ in lightness, so that they differ without red and green.

    `lines` are distinguishable with any kind of colour vision. `neutral` is a surface without a change.
    """

    background: str
    ink: str
    muted: str
    grid: str
    up: str
    down: str
    accent: str
    badge: str
    on_fill: str
    neutral: str
    lines: tuple[str, ...]


PALETTES = {
    "dark": Palette(
        background="#12161f",
        ink="#eef1f6",
        muted="#9aa4b5",
        grid="#232a37",
        up="#2fc39a",
        down="#f0525f",
        accent="#5b9cf5",
        badge="#f5b942",
        on_fill="#0b0e14",
        neutral="#2c3444",
        lines=("#fdb03b", "#8560ff", "#d4a7fc", "#dcffcd", "#139088", "#d25237"),
    ),
    "light": Palette(
        background="#ffffff",
        ink="#141a24",
        muted="#5d6878",
        grid="#e6e9ee",
        up="#0f8f6b",
        down="#d0293b",
        accent="#2767c9",
        badge="#94600a",
        on_fill="#ffffff",
        neutral="#dfe3e9",
        lines=("#da7700", "#5e2a6f", "#d957c8", "#111111", "#2f9e86", "#2b59e0"),
    ),
}


@lru_cache(256)
def sized(size: float, *, bold: bool = False) -> FontProperties:
    """Returns the text font of a size in pixels: DejaVu Sans, with Noto Sans CJK for characters that DejaVu lacks.

    The result is cached and must not be modified.
    """
    _add_cjk()
    return FontProperties(family=list(_FAMILIES), weight=_BOLD if bold else "normal", size=size)


@cache
def _add_cjk() -> Path:
    """Registers the CJK font. Its package is only located, because importing it would import pyplot."""
    package = importlib.util.find_spec("notojp_matplotlib")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("notojp_matplotlib", name="notojp_matplotlib")
    path = Path(package.origin).parent / "fonts" / "NotoSansCJKjp-Regular.otf"
    manager = font_manager.fontManager
    manager.addfont(path)
    regular = manager.ttflist[-1]
    manager.ttflist.append(
        replace(regular, weight=_BOLD)
    )  # it has no bold face: the regular one is used without a warning
    return path


@cache
def _faces() -> tuple[FT2Font, ...]:
    _add_cjk()
    manager = font_manager.fontManager
    return tuple(
        font_manager.get_font(manager.findfont(FontProperties(family=family), fallback_to_default=False))
        for family in _FAMILIES
    )


@cache
def has_glyph(character: str) -> bool:
    """True if one of the fonts has a glyph for the character."""
    return any(face.get_char_index(ord(character)) for face in _faces())


def clean(text: str) -> str:
    """Sanitizes text for drawing and truncates it to 40 characters.

    Control, format (bidirectional overrides, zero-width), combining and private characters are removed. White space is
    collapsed to single spaces. Characters without a glyph are replaced by a white square.
    """
    kept = []
    for character in unicodedata.normalize("NFC", text[: 4 * _LONGEST_NAME]):
        category = unicodedata.category(character)
        if character.isspace():
            kept.append(" ")
        elif category[0] not in "CM" or category == "Cn":
            kept.append(character if has_glyph(character) else _UNKNOWN_GLYPH)
    words = " ".join("".join(kept).split())
    return words if len(words) <= _LONGEST_NAME else words[: _LONGEST_NAME - 1] + "…"
