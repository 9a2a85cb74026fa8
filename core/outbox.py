"""The outbox's vocabulary: where a notification goes, and its versioned JSON."""

from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class Chat:
    """Where a notice goes, in the platform's own words; in a `public` one others read along."""

    platform: str
    chat_id: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """Where a person wants to be told of an order besides its answer: that it was filled, that a rest of it expired."""

    chat: Chat
    fills: bool = True
    expiries: bool = True


VERSION = 1
"""Of the JSON form of notifications."""

_encoder = msgspec.json.Encoder(decimal_format="string")


def kind_of(notice: msgspec.Struct) -> str:
    """The kind of a notification, which preferences go by: the tag of its class."""
    return str(notice.__struct_config__.tag)


def encode(notice: msgspec.Struct) -> str:
    """The notification as JSON: its version, its kind and its fields; decimals as text."""
    return _encoder.encode({"v": VERSION, "notice": notice}).decode()
