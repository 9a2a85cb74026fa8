"""Where a push ends: one courier a platform, and what became of a delivery."""

from dataclasses import dataclass
from typing import Protocol

from bot.reply import Reply


@dataclass(frozen=True, slots=True)
class Delivered:
    """The platform confirmed it; `message_id` is its own."""

    message_id: str


@dataclass(frozen=True, slots=True)
class NotNow:
    """Certainly not delivered; may be tried again in `retry_seconds` (429, no connection)."""

    reason: str
    retry_seconds: float


@dataclass(frozen=True, slots=True)
class Never:
    """Certainly not delivered and never will be: the chat is gone or the desk is blocked there (`chat_gone`), or the
    message itself is refused."""

    reason: str
    chat_gone: bool


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may have been delivered: the answer was lost after sending. Never sent again by itself."""

    reason: str


Outcome = Delivered | NotNow | Never | Uncertain


class Courier(Protocol):
    """Sends to one platform. Never raises for what the platform or the network does."""

    platform: str

    async def deliver(self, chat_id: str, reply: Reply, *, nonce: str, silent: bool) -> Outcome:
        """Sends the whole reply to a chat. `nonce` (at most 25 ASCII characters) is the outbox id: where the platform
        can refuse a repeated one it is told to. Waits for the platform's own rate limits, answers going first."""

    async def edit(self, chat_id: str, message_id: str, reply: Reply) -> Outcome:
        """Puts the reply in the place of a message of ours (`Delivered.message_id`), as one message. `Never` where the
        message is gone or the platform has no such thing; an edit may be repeated, so it is never `Uncertain`."""
