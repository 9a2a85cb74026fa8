"""What is refused around identities and watchlists, as data; the sentences live in the catalogs."""

from dataclasses import dataclass
from decimal import Decimal

from core.errors import Refused


@dataclass(eq=False)
class LinkCodeWrong(Refused):
    """No open code reads like this: mistyped, or replaced by a newer one."""


@dataclass(eq=False)
class LinkCodeExpired(Refused):
    """The code is older than `minutes`."""

    minutes: int


@dataclass(eq=False)
class LinkCodeUsed(Refused):
    """The code was used, or somebody else entered it first."""


@dataclass(eq=False)
class LinkCodeBurned(Refused):
    """The code was cancelled, entered wrongly too often, or pasted where others read."""


@dataclass(eq=False)
class LinkCodePublic(Refused):
    """The code was pasted where others read along; it is worth nothing now."""


@dataclass(eq=False)
class LinkBlocked(Refused):
    """Too many wrong codes; the next may be entered in so many minutes."""

    minutes: int


@dataclass(eq=False)
class LinkGone(Refused):
    """The button belongs to a link that is not open any more, or to somebody else."""


@dataclass(eq=False)
class LinkUnconfirmed(Refused):
    """The code came by a link, and the person who made it has not confirmed yet."""


@dataclass(eq=False)
class LinkHostUnreachable(Refused):
    """The code came by a link, and its person has no private chat in which to confirm."""


@dataclass(eq=False)
class MergeShort(Refused):
    """Both accounts together have `missing` too little of `asset` in cash to give the second grant back."""

    missing: Decimal
    asset: str


@dataclass(eq=False)
class LinkedAlready(Refused):
    """Both identities are one person already."""


@dataclass(eq=False)
class LinkedElsewhere(Refused):
    """The identity that would join is one of several of another person."""


@dataclass(eq=False)
class LinkedMeanwhile(Refused):
    """The person joined another one, or deleted their data, while the command was on its way."""


@dataclass(eq=False)
class TooManyIdentities(Refused):
    """The person has `limit` identities already."""

    limit: int


@dataclass(eq=False)
class OnlyIdentity(Refused):
    """The last identity of a person cannot leave them."""


@dataclass(eq=False)
class NotYoursAnyMore(Refused):
    """The button belongs to a person that this identity is not."""


@dataclass(eq=False)
class WatchlistFull(Refused):
    """The person watches `limit` symbols already."""

    limit: int


@dataclass(eq=False)
class NotWatched(Refused):
    """The symbol is not on the person's watchlist."""

    text: str
