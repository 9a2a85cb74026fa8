"""Authentication codes of entries in a store that other programs may write to, such as Redis: HMAC-SHA256 (RFC 2104).

A sealed entry is its code followed by its body. The code also covers the place, so that a copied entry is not valid in
another place.
"""

import hmac

_DIGEST = "sha256"
_CODE_BYTES = 32
_LENGTH_BYTES = 4

SHORTEST_KEY = 32
"""Minimum length of a key in bytes."""


class EntryCodes:
    """Seals entries and opens them again under one key."""

    def __init__(self, key: bytes) -> None:
        """Raises ValueError for a key of fewer than SHORTEST_KEY bytes."""
        if len(key) < SHORTEST_KEY:
            raise ValueError(f"a key has {SHORTEST_KEY} bytes")
        self._key = key

    def seal(self, place: str, body: bytes) -> bytes:
        """Returns the entry to store at `place`."""
        return self._code(place, body) + body

    def open(self, place: str, entry: bytes) -> bytes | None:
        """Returns the body of an entry found at `place`. None unless it was sealed for this place under this key."""
        code, body = entry[:_CODE_BYTES], entry[_CODE_BYTES:]
        return body if hmac.compare_digest(code, self._code(place, body)) else None

    def _code(self, place: str, body: bytes) -> bytes:
        where = place.encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, len(where).to_bytes(_LENGTH_BYTES, "big") + where + body, _DIGEST)
