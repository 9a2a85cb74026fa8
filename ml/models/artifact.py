r"""A trained model as one blob of bytes that describes itself. It is trusted only if its SHA-256 is the recorded one.

    PAPERDESK-MODEL <format>\n       the format is a whole number
    <size of the head>               4 bytes, little endian
    <head>                           JSON: {"state": {...}, "blobs": [[name, size], ...]}
    <blobs>                          one after the other, nothing behind them; boosters as UBJSON

Reading a blob executes none of its content.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

from ml.errors import ModelTooBig, ModelUnusable

FORMAT = 1
MAX_BYTES = 64 << 20
"""Largest size of a blob: a bound against mistakes, far above the size of a trained model."""

_MAGIC = b"PAPERDESK-MODEL "
_PREAMBLE = _MAGIC + b"%d\n" % FORMAT
_SIZE_BYTES = 4
_MAX_BLOBS = 1000
_MEGABYTE = 1 << 20
_MAX_HEAD_BYTES = 4 << 20
"""Largest size of the JSON, which takes many times as much memory when it is read. 5,000 symbols take a tenth of it."""


@dataclass(frozen=True, slots=True)
class ModelParts:
    """Contents of a model.

    `state` consists of numbers, texts, lists and dictionaries of them. `blobs` are by name, such as the UBJSON of
    boosters.
    """

    state: dict[str, object]
    blobs: dict[str, bytes]


def pack(parts: ModelParts) -> bytes:
    """Returns the parts as a blob, the same bytes for the same parts. Tuples are read back as lists.

    Raises ModelTooBig; ValueError for a NaN, an infinity or a key that is not text; TypeError for values without a JSON
    form.
    """
    sizes = [[name, len(blob)] for name, blob in parts.blobs.items()]
    _check_keys(parts.state)
    head = json.dumps({"state": parts.state, "blobs": sizes}, allow_nan=False, separators=(",", ":")).encode("utf-8")
    packed = b"".join((_PREAMBLE, len(head).to_bytes(_SIZE_BYTES, "little"), head, *parts.blobs.values()))
    if len(packed) > MAX_BYTES or len(sizes) > _MAX_BLOBS or len(head) > _MAX_HEAD_BYTES:
        raise ModelTooBig(-(-len(packed) // _MEGABYTE), MAX_BYTES // _MEGABYTE)
    return packed


def digest(blob: bytes) -> str:
    """Returns the SHA-256 in hexadecimal."""
    return sha256(blob).hexdigest()


def unpack(blob: bytes, sha256: str, version: int) -> ModelParts:
    """Returns the parts of the model `version`, whose recorded digest is `sha256`.

    Raises ModelUnusable: `damaged` if the bytes differ from the stored ones, `foreign` if they are not a model of this
    format.
    """
    if len(blob) > MAX_BYTES or not compare_digest(digest(blob).encode(), sha256.encode()):
        raise ModelUnusable(version, "damaged")
    try:
        return _read(blob)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ModelUnusable(version, "foreign") from error


def _read(blob: bytes) -> ModelParts:
    """Returns the parts. Raises ValueError, TypeError, KeyError and RecursionError for bytes not made by `pack`."""
    if not blob.startswith(_PREAMBLE):
        raise ValueError("another format")
    begin = len(_PREAMBLE) + _SIZE_BYTES
    place = begin + int.from_bytes(blob[len(_PREAMBLE) : begin], "little")
    if place - begin > _MAX_HEAD_BYTES:
        raise ValueError("a head that is too long")
    head = json.loads(blob[begin:place].decode("utf-8"), parse_constant=_refuse)
    state, sizes = head["state"], head["blobs"]
    if not isinstance(state, dict) or len(sizes) > _MAX_BLOBS:
        raise ValueError("no state, or too many blobs")
    blobs = {}
    for name, size in sizes:
        if not (isinstance(name, str) and type(size) is int and 0 <= size <= len(blob) - place):
            raise ValueError("a blob that is not there")
        blobs[name] = blob[place : place + size]
        place += size
    if place != len(blob) or len(blobs) != len(sizes):
        raise ValueError("bytes that nobody names, or a name twice")
    return ModelParts(state, blobs)


def _refuse(text: str) -> None:
    """Raises ValueError for NaN and Infinity, which `json` would read as numbers."""
    raise ValueError(text)


def _check_keys(value: object) -> None:
    """Raises ValueError for a key that is not text, which JSON would silently convert to text."""
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("a key that is no text")
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            _check_keys(each)
