"""Delivery of notifications: one courier per platform, and the outcomes of a delivery."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from bot.reply import Reply


@dataclass(frozen=True, slots=True)
class Delivered:
    """The platform confirmed the delivery; `message_id` is the platform's own."""

    message_id: str


@dataclass(frozen=True, slots=True)
class RetryLater:
    """The message was certainly not delivered; it may be tried again in `retry_seconds` (429, no connection)."""

    reason: str
    retry_seconds: float


@dataclass(frozen=True, slots=True)
class PermanentFailure:
    """The message was certainly not delivered and never will be: the chat is gone or the bot is blocked there
    (`chat_gone`), or the message itself is refused.
    """

    reason: str
    chat_gone: bool


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """The message may have been delivered: the answer was lost after sending. It is never sent again automatically."""

    reason: str


Outcome = Delivered | RetryLater | PermanentFailure | OutcomeUnknown


class PostponedChats(Protocol):
    """Chats of a platform that may not be written to yet. Their notifications wait in the outbox and occupy no slot."""

    def chats(self) -> Collection[str]:
        """Returns the chats, and the groups with all their topics, whose notifications may not be claimed now."""

    def taken(self, chat: str) -> None:
        """Records that a notification for the chat or group was claimed."""


class NonePostponed:
    """`PostponedChats` of a platform that may be written to in every chat."""

    def chats(self) -> Collection[str]:
        """Returns no chats."""
        return ()

    def taken(self, chat: str) -> None:
        """Does nothing."""


class Courier(Protocol):
    """Sender to one platform. Never raises for errors of the platform or the network."""

    platform: str

    async def deliver(self, chat_id: str, reply: Reply, *, nonce: str, silent: bool) -> Outcome:
        """Sends the whole reply to a chat. `nonce` (at most 25 ASCII characters) is the outbox id: a platform that can
        refuse a repeated one is asked to. Waits for the platform's own rate limits; answers take precedence.
        """

    async def edit(self, chat_id: str, message_id: str, reply: Reply) -> Outcome:
        """Replaces one of the bot's messages (`Delivered.message_id`) by the reply, as one message.

        Returns `PermanentFailure` if the message is gone or the platform cannot edit. An edit may be repeated, so it is
        never `OutcomeUnknown`.
        """
