"""What keeps the desk out of Telegram. Holds no token: the library's own errors do."""

from dataclasses import dataclass

from pipeline.errors import Unavailable


@dataclass(eq=False)
class TelegramTokenRefused(Unavailable):
    """Telegram does not know the token."""


@dataclass(eq=False)
class TelegramLeaseLost(Unavailable):
    """The connection that held the lease is gone: another process may answer now, so this one must stop."""
