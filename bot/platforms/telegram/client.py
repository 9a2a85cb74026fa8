"""Connection to the Bot API: python-telegram-bot's `Bot`, and the classification of its errors.

TelegramError
├── RetryAfter                   not now: wait for the time that Telegram gives, or a default
├── Forbidden                    never: blocked, or removed from the group
├── ChatMigrated                 the group has a new id
├── InvalidToken, Conflict       configuration: the token is wrong, or polled by two processes
└── NetworkError
    ├── ForeignAnswer            not now: a proxy refused the call, which says nothing of the chat
    ├── BadRequest               never: the call itself is wrong (a network error by inheritance only)
    ├── TimedOut                 not now if no connection was made, otherwise uncertain
    └── (others)                 the same; a status of 500 and above is a fault of the server
"""

import logging
import os
from dataclasses import dataclass
from typing import Any

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.notifications.courier import OutcomeUnknown, PermanentFailure, RetryLater
from bot.platforms.telegram.http_transport import UNREADABLE, HttpTransport, RequestNotSent
from bot.platforms.telegram.refusals import DEFAULT_SECONDS, TOO_LARGE, ForeignAnswer
from bot.platforms.telegram.settings import TelegramSettings

POOL = 64
_POOL_SECONDS = 5.0
_MEDIA_SECONDS = 30.0
_RECONNECT_SECONDS = 1.0
_OURS_SECONDS = 60.0
_GONE = (
    "chat not found",
    "user is deactivated",
    "peer_id_invalid",
    "chat_write_forbidden",
    "no rights to send",
    "not enough rights to send text messages",
    "topic_closed",
    "chat_restricted",
)
_TALKATIVE = ("telegram", "aiohttp.client")  # at INFO and DEBUG they log addresses, which contain the token


@dataclass(frozen=True, slots=True)
class MigratedTo:
    """The group was upgraded; the message must be sent to `chat_id` instead."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class ServerFault:
    """Telegram answered with a status of 500 or above: the message was probably not delivered, but may have been."""

    reason: str


@dataclass(frozen=True, slots=True)
class RequestRefused:
    """The call itself was refused. `reason` is Telegram's description, in lower case."""

    reason: str


Verdict = RetryLater | PermanentFailure | OutcomeUnknown | MigratedTo | ServerFault | RequestRefused


MALFORMED = (KeyError, IndexError, TypeError, ValueError, AttributeError)
"""Errors raised while reading an answer that does not conform to the Bot API."""


def token_refused(error: TelegramError) -> bool:
    """True if Telegram itself rejected the token. A proxy's page is a ForeignAnswer."""
    return isinstance(error, InvalidToken)


class Client(Bot):
    """A `Bot` that also returns raw answers of Telegram, without building the library's objects."""

    async def post(self, method: str, **values: Any) -> Any:
        """Performs a call and returns its raw result. Parameters that are None are left out. Raises TelegramError."""
        return await self._post(method, values)

    async def raw_updates(self, offset: int, seconds: int, kinds: list[str], limit: int = 100) -> list[dict[str, Any]]:
        """Performs one long poll and returns the raw updates. Raises TelegramError."""
        asked = {"offset": offset or None, "timeout": seconds, "allowed_updates": kinds, "limit": limit}
        found: Any = await self._post("getUpdates", asked, read_timeout=seconds + 10.0)
        if not isinstance(found, list):
            raise TelegramError(UNREADABLE)
        return found

    async def shutdown(self) -> None:
        """Closes the connections. The library leaves those open that a cancelled `initialize` has opened."""
        await super().shutdown()
        for request in self._request:
            await request.shutdown()


def open_client(settings: TelegramSettings) -> Client:
    """Returns a client that is not connected yet; `async with` connects it. Raises no error that contains the token."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library's switch; without it every 429 is also a warning
    seconds = settings.request_seconds
    connect = min(seconds, _POOL_SECONDS)
    request = HttpTransport(POOL, seconds, connect, max(seconds, _MEDIA_SECONDS))
    polling = HttpTransport(2, seconds, connect, seconds)
    token = settings.token.get_secret_value()
    files = f"{settings.file_url}/file/bot"
    return Client(token, f"{settings.api_url}/bot", base_file_url=files, request=request, get_updates_request=polling)


def judge(error: TelegramError) -> Verdict:  # noqa: PLR0911 - one line a kind of error
    """Classifies the error of a call."""
    reason = str(error).lower()
    match error:
        case RetryAfter():
            return RetryLater("too many requests", _seconds(error))
        case ChatMigrated():
            return MigratedTo(error.new_chat_id)
        case Forbidden():
            return PermanentFailure(reason, chat_gone=True)
        case BadRequest() if any(part in reason for part in _GONE):
            return PermanentFailure(reason, chat_gone=True)
        case BadRequest():
            return RequestRefused(reason)
        case InvalidToken() | Conflict():
            return RetryLater(type(error).__name__, _OURS_SECONDS)
        case ForeignAnswer():
            return RequestRefused(reason) if error.status == TOO_LARGE else RetryLater(reason, DEFAULT_SECONDS)
        case NetworkError() if isinstance(error.__cause__, RequestNotSent):
            return RetryLater("no connection", _RECONNECT_SECONDS)
        case NetworkError() if error.__cause__ is None:
            return ServerFault(reason)
        case _:
            return OutcomeUnknown(f"{type(error).__name__} after sending")


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after) if isinstance(after, int) else after.total_seconds()
