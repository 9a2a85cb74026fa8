"""Errors of linking, unlinking and watchlists, as data. The texts for users are in the catalogs."""

from dataclasses import dataclass
from decimal import Decimal

from core.errors import Refused


@dataclass(eq=False)
class LinkCodeWrong(Refused):
    """No open code matches the text: it was mistyped, or a newer code replaced it."""


@dataclass(eq=False)
class LinkCodeExpired(Refused):
    """The code is older than `minutes`."""

    minutes: int


@dataclass(eq=False)
class LinkCodeUsed(Refused):
    """The code was used, or another identity entered it first."""


@dataclass(eq=False)
class LinkCodeRevoked(Refused):
    """The code was cancelled, entered wrongly too often, or posted in a chat that other users can read."""


@dataclass(eq=False)
class LinkCodePublic(Refused):
    """The code was posted in a chat that other users can read, and is therefore no longer valid."""


@dataclass(eq=False)
class LinkBlocked(Refused):
    """Too many wrong codes were entered; the next one is accepted in `minutes` minutes."""

    minutes: int


@dataclass(eq=False)
class LinkRequestExpired(Refused):
    """The button belongs to a link that is no longer open, or to another user."""


@dataclass(eq=False)
class LinkUnconfirmed(Refused):
    """The code was entered by opening a link, and the user who created it has not confirmed yet."""


@dataclass(eq=False)
class LinkHostUnreachable(Refused):
    """The code was entered by opening a link, and the user who created it has no private chat in which to confirm."""


@dataclass(eq=False)
class MergeShort(Refused):
    """Both accounts together hold `missing` too little of `asset` in cash to return the second grant."""

    missing: Decimal
    asset: str


@dataclass(eq=False)
class LinkedAlready(Refused):
    """Both identities already belong to the same user."""


@dataclass(eq=False)
class LinkedElsewhere(Refused):
    """The identity that would join belongs to another user who has several identities."""


@dataclass(eq=False)
class LinkedMeanwhile(Refused):
    """The user joined another user, or deleted their data, while the command was being processed."""


@dataclass(eq=False)
class TooManyIdentities(Refused):
    """The user already has `limit` identities."""

    limit: int


@dataclass(eq=False)
class OnlyIdentity(Refused):
    """The last identity of a user cannot be unlinked."""


@dataclass(eq=False)
class AccountNoLongerYours(Refused):
    """The button belongs to a user other than the one who pressed it."""


@dataclass(eq=False)
class WatchlistFull(Refused):
    """The user already watches `limit` symbols."""

    limit: int


@dataclass(eq=False)
class NotWatched(Refused):
    """The symbol `text` is not on the user's watchlist."""

    text: str
