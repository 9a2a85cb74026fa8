"""What keeps the desk out of Telegram. Holds no token: the library's own errors do."""

from dataclasses import dataclass

from core.errors import Unavailable


@dataclass(eq=False)
class TelegramTokenRefused(Unavailable):
    """Telegram does not know the token."""


@dataclass(eq=False)
class TelegramSecretMissing(Unavailable):
    """A webhook without a secret would take updates from anyone."""


@dataclass(eq=False)
class TelegramSocketExposed(Unavailable):
    """Another account could put a socket of its own in the place of the webhook's, and hear the secret."""

    path: str
