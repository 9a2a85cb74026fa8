"""Errors that prevent the bot from serving Telegram. Unlike the library's errors, they do not contain the token."""

from dataclasses import dataclass

from core.errors import Unavailable


@dataclass(eq=False)
class TelegramTokenRefused(Unavailable):
    """Telegram does not know the token."""


@dataclass(eq=False)
class TelegramSecretMissing(Unavailable):
    """The webhook has no valid secret and would accept updates from any sender."""


@dataclass(eq=False)
class TelegramSocketExposed(Unavailable):
    """Another account could replace the webhook's socket and receive the secret."""

    path: str
