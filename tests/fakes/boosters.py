"""Boosters whose stored bytes are changed, as a login that may write the registry can change them."""

import re
import struct
from collections.abc import Iterator

import numpy as np
import xgboost

FEATURES = 5
_ARRAY = re.compile(rb"\[\$([dlLU])#L(.{8})", re.DOTALL)
_TEXT = re.compile(rb"SL\0{6}..(\[?-?\d[^{}]{0,20}?)(?=L\0{6}|})", re.DOTALL)
_FORMATS = {b"d": ">f", b"l": ">i", b"L": ">q", b"U": ">B"}


def booster(rounds: int = 3, **parameters: object) -> xgboost.Booster:
    drawn = np.random.default_rng(3)
    rows = drawn.normal(size=(400, FEATURES)).astype(np.float32)
    wanted = rows[:, 0] * rows[:, 1] + rows[:, 2]
    given = {"max_depth": 3, "nthread": 1, "seed": 1, **parameters}
    matrix = xgboost.QuantileDMatrix(rows, wanted, nthread=1, max_bin=int(str(given.get("max_bin", 256))))
    return xgboost.train(given, matrix, rounds)


def ubjson(model: xgboost.Booster) -> bytes:
    return bytes(model.save_raw("ubj"))


def with_number(raw: bytes, array: str, node: int, value: float) -> bytes:
    """The same bytes with another number in an array of the first tree."""
    found = re.compile(array.encode() + _ARRAY.pattern, re.DOTALL).search(raw)
    assert found is not None
    return _written(raw, found.end(), _FORMATS[found[1]], node, value)


def numbers(raw: bytes) -> Iterator[tuple[str, int, int]]:
    """The format, the place of its array, and the place in it of every number of every array."""
    for found in _ARRAY.finditer(raw):
        for place in range(int.from_bytes(found[2], "big")):
            yield _FORMATS[found[1]], found.end(), place


def mutated(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Every number of every array at its extremes, every parameter, and every byte turned round."""
    extremes: dict[str, tuple[float, ...]] = {
        ">f": (np.nan, np.inf, -np.inf, 3.4e38, -3.4e38, 1e-45, 0.0),
        ">i": (-(2**31), -2, -1, 0, 1, 6, 14, 15, FEATURES, 300_000_000, 900_000_000, 2**31 - 1),
        ">q": (-1, 2**62),
        ">B": (0, 1, 2, 255),
    }
    for kind, begin, place in numbers(raw):
        for value in extremes[kind]:
            yield f"{kind} at {begin}, {place}: {value}", _written(raw, begin, kind, place, value)
    for found in _TEXT.finditer(raw):
        for text in (b"0", b"-1", b"2", b"4294967297", b"900000000", b"1e999", b"nan", b"[nan]", b"[9E38]", b"[]", b""):
            size = b"SL" + len(text).to_bytes(8, "big")
            yield f"text at {found.start()}: {text!r}", raw[: found.start()] + size + text + raw[found.end() :]
    for place in range(len(raw)):
        for change in (1, 255):
            yield f"byte {place} ^ {change}", raw[:place] + bytes([raw[place] ^ change]) + raw[place + 1 :]
    for end in range(0, len(raw), 7):
        yield f"cut at {end}", raw[:end]


def _written(raw: bytes, begin: int, kind: str, place: int, value: float) -> bytes:
    changed = bytearray(raw)
    number = value if kind == ">f" else int(value)
    struct.pack_into(kind, changed, begin + place * struct.calcsize(kind), number)
    return bytes(changed)
