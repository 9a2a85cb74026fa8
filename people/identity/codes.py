"""One-time codes: 80 random bits in an alphabet that survives being read aloud. Pure.

The first four characters are the selector, which says whose code is meant, so that wrong codes count against it; only
the hash of the whole is kept.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import NewType, Self

from people.identity.errors import LinkCodeWrong

LinkCode = NewType("LinkCode", str)
"""A code as it is compared: 16 characters in upper case."""

RANDOM_BYTES = 20
LENGTH = 16
SELECTOR = 4
GROUP = 4

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_LOOKALIKES = str.maketrans("ILO", "110")
_SHAPE = re.compile(f"[{_ALPHABET}]{{{LENGTH}}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is kept of a code."""

    selector: str
    hash: bytes

    @classmethod
    def of(cls, code: LinkCode) -> Self:
        """The SHA-256 of 80 random bits needs no salt."""
        return cls(code[:SELECTOR], hashlib.sha256(code.encode()).digest())


def code_from(token: str) -> LinkCode:
    """A code made of a random token, of which 80 bits are used."""
    bits = int.from_bytes(hashlib.sha256(token.encode()).digest()[:10])
    return LinkCode("".join(_ALPHABET[bits >> 5 * place & 31] for place in range(LENGTH)))


def spelled(code: LinkCode) -> str:
    """In groups, as people read it: `7K2M-...`."""
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def read_code(text: str) -> LinkCode:
    """The code whatever its case and groups, I and L read as 1, O as 0. Raises LinkCodeWrong."""
    plain = text.upper().replace("-", "").replace(" ", "").removeprefix("LINK_").translate(_LOOKALIKES)
    if not _SHAPE.fullmatch(plain):
        raise LinkCodeWrong
    return LinkCode(plain)
