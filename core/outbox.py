"""Vocabulary of the outbox: the chat for a notification, and the notification's versioned JSON."""

from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class Chat:
    """Chat that receives a notification, in the platform's own identifiers. Other users also read a `public` chat."""

    platform: str
    chat_id: str
    public: bool = False

    @property
    def group(self) -> str:
        """Group of a topic (`group/topic`), since topics share the limits of their group; otherwise the chat itself."""
        return self.chat_id.partition("/")[0]


@dataclass(frozen=True, slots=True)
class NotificationTarget:
    """Chat for notifications about an order in addition to its reply, and the notifications that are wanted: the order
    was filled (`fills`), an unfilled remainder expired (`expiries`).
    """

    chat: Chat
    fills: bool = True
    expiries: bool = True


VERSION = 1
"""Version of the JSON form of notifications."""

_encoder = msgspec.json.Encoder(decimal_format="string")


def kind_of(notice: msgspec.Struct) -> str:
    """Returns the kind of a notification, to which preferences apply: the tag of its class."""
    return str(notice.__struct_config__.tag)


def encode(notice: msgspec.Struct) -> str:
    """Returns the notification as JSON: its version, its kind and its fields, with decimals as text."""
    return _encoder.encode({"v": VERSION, "notice": notice}).decode()
