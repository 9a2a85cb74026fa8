"""Classification of Discord's errors, and the errors that prevent the bot from serving."""

import math
from dataclasses import dataclass

import aiohttp
import discord

from bot.notifications.courier import OutcomeUnknown, PermanentFailure, RetryLater
from bot.platforms.discord.refusals import LONGEST_SECONDS, ProxyRefusal
from core.errors import Unavailable

UNKNOWN_INTERACTION = 10062
UNKNOWN_WEBHOOK = 10015
INVALID_WEBHOOK_TOKEN = 50027
ALREADY_ACKNOWLEDGED = 40060

_TOKEN_GONE = frozenset((UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, INVALID_WEBHOOK_TOKEN))
# Unknown channel, unknown user, no access, cannot message this user, lacking permissions, thread archived or locked.
_CHAT_GONE = frozenset((10003, 10013, 50001, 50007, 50013, 50083, 160005))
_WAIT_SECONDS = 5.0
_EDITED_TOO_OFTEN, _EDIT_WAIT_SECONDS = 30046, 60.0  # edits of a message older than an hour
_LATER = frozenset((401, 429))  # a revoked token ends the whole service, not this message
_SERVER_ERROR = 500


@dataclass(eq=False)
class DiscordTokenRefused(Unavailable):
    """Discord does not know the bot's token, or revoked it."""


@dataclass(eq=False)
class DiscordRefused(Unavailable):
    """Discord closed the gateway permanently. `close_code` is Discord's number of the reason."""

    close_code: int


def expired(error: discord.HTTPException) -> bool:
    """True if an interaction can no longer be answered."""
    return error.code in _TOKEN_GONE


def retry_seconds(error: discord.HTTPException) -> float:
    """Returns the seconds to wait after a refusal, as requested by Discord, but at most an hour."""
    try:
        seconds = float(error.response.headers.get("Retry-After", _WAIT_SECONDS))
    except ValueError:
        return _WAIT_SECONDS
    return _bounded(seconds)


def _bounded(seconds: float) -> float:
    return min(seconds, LONGEST_SECONDS) if math.isfinite(seconds) and seconds > 0 else _WAIT_SECONDS


def judge(error: Exception) -> RetryLater | PermanentFailure | OutcomeUnknown:
    """Returns the outcome of a message whose sending raised `error`. Re-raises unexpected errors."""
    match error:
        case discord.RateLimited():
            return RetryLater("429", _bounded(error.retry_after))
        case discord.HTTPException():
            return _judge_answer(error)
        case aiohttp.ClientConnectorError():
            return RetryLater(type(error).__name__, _WAIT_SECONDS)
        case aiohttp.ClientError() | OSError() | TimeoutError():
            return OutcomeUnknown(type(error).__name__)
        case _:
            raise error


def _judge_answer(error: discord.HTTPException) -> RetryLater | PermanentFailure | OutcomeUnknown:
    if error.code == _EDITED_TOO_OFTEN:
        return RetryLater(str(error.code), _EDIT_WAIT_SECONDS)
    if error.status in _LATER or isinstance(error, ProxyRefusal):
        return RetryLater(str(error.status), retry_seconds(error))
    if error.status >= _SERVER_ERROR:
        return OutcomeUnknown(str(error.status))
    return PermanentFailure(f"{error.status} {error.code}", chat_gone=error.code in _CHAT_GONE)
