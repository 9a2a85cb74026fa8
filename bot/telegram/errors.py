"""What keeps the desk out of Telegram. Holds no token: the library's own errors do."""


class TokenRefused(Exception):
    """Telegram does not know the token."""
