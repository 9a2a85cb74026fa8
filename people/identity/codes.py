"""One-time codes: 80 random bits in an alphabet without letters that are easily confused. Pure.

The first four characters are the selector. It identifies the code that was meant, so that wrong attempts count against
that code. Only the hash of the whole code is stored.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import NewType, Self

from people.identity.errors import LinkCodeWrong

LinkCode = NewType("LinkCode", str)
"""A code in the form used for comparison: 16 characters in upper case."""

RANDOM_BYTES = 20
LENGTH = 16
SELECTOR = 4
GROUP = 4

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_LOOKALIKES = str.maketrans("ILO", "110")
_GROUP = f"[{_ALPHABET}]{{{GROUP}}}"
_GROUPS = rf"(?:{_GROUP}[\W_]{{0,3}}){{{LENGTH // GROUP - 1}}}{_GROUP}"
_SHAPE = re.compile(_GROUPS)
_WITHIN = re.compile(rf"(?<![0-9A-Z])(?=({_GROUPS})(?![0-9A-Z]))")
_BETWEEN = re.compile(r"[\W_]")
_DOUBTFUL = re.compile(r"\D*\s\D*")
"""Groups with blanks between them and no digit."""


@dataclass(frozen=True, slots=True)
class HashedCode:
    """Stored form of a code: its selector and its hash."""

    selector: str
    hash: bytes

    @classmethod
    def of(cls, code: LinkCode) -> Self:
        """Hashes a code with SHA-256. No salt is needed for 80 random bits."""
        return cls(code[:SELECTOR], hashlib.sha256(code.encode()).digest())


def code_from(token: str) -> LinkCode:
    """Returns a code made of 80 bits of the SHA-256 hash of a random token."""
    bits = int.from_bytes(hashlib.sha256(token.encode()).digest()[:10])
    return LinkCode("".join(_ALPHABET[bits >> 5 * place & 31] for place in range(LENGTH)))


def spelled(code: LinkCode) -> str:
    """Formats a code in groups of four characters: `7K2M-...`."""
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def read_code(text: str) -> LinkCode:
    """Parses a code that stands alone, in any spelling in which `codes_in` finds it, so that none can be used that is
    not revoked where others read it. I and L are read as 1, O as 0. Raises LinkCodeWrong.
    """
    folded = _folded(text).strip().removeprefix("LINK_")
    read = folded.translate(_LOOKALIKES)
    if not _SHAPE.fullmatch(read) or _DOUBTFUL.fullmatch(folded):
        raise LinkCodeWrong
    return LinkCode(_BETWEEN.sub("", read))


def codes_in(text: str) -> frozenset[LinkCode]:
    """Returns everything in a text that has the shape of a code: four groups of four, in any case and width, joined or
    with up to three signs between them. Groups with blanks between them need a digit, so that four words such as `have
    been here when` are none; one code in 400 has no digit. Words before or after a code may seem to be part of another.
    """
    folded = _folded(text)
    matches = _WITHIN.finditer(folded.translate(_LOOKALIKES))
    written = {match[1]: folded[match.start(1) : match.end(1)] for match in matches}
    return frozenset(
        LinkCode(_BETWEEN.sub("", read)) for read, shown in written.items() if not _DOUBTFUL.fullmatch(shown)
    )


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()
