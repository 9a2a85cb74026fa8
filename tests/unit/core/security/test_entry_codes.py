"""Entries with an authentication code: opened where they were sealed, and as they were sealed."""

import pytest

from core.security.entry_codes import EntryCodes

CODES = EntryCodes(bytes(range(32)))
PLACE, BODY = "preview:7:token", b'{"amount":"10"}'


def test_what_was_sealed_is_opened() -> None:
    entry = CODES.seal(PLACE, BODY)
    assert CODES.open(PLACE, entry) == BODY
    assert len(entry) == 32 + len(BODY)
    assert CODES.open("\ud800:한", CODES.seal("\ud800:한", b"")) == b""


def test_nothing_else_is() -> None:
    entry = CODES.seal(PLACE, BODY)
    for changed in (entry.replace(b"10", b"99"), BODY, b"", entry[:-1], entry + b" ", entry[:32], entry[1:]):
        assert CODES.open(PLACE, changed) is None
    assert CODES.open("preview:8:token", entry) is None
    assert CODES.open("preview:7:toke", CODES.seal(PLACE, BODY)[:32] + b"n" + BODY) is None
    assert EntryCodes(bytes(32)).open(PLACE, entry) is None


def test_a_short_key_is_none() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        EntryCodes(b"key")
