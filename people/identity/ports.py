"""What commands ask of whoever keeps identities and watchlists."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from people.identity.codes import Sealed
from pipeline.market import Symbol

CODE_MINUTES = 10
"""How long a code can be entered."""

MOST_TRIES = 5
"""Wrong codes before one is burned, and before an identity has to wait."""

MOST_IDENTITIES = 10
MOST_WATCHED = 50


class How(StrEnum):
    """What becomes of the account of the one who joins: MOVE leaves it behind closed, MERGE brings all of it along."""

    MOVE = "move"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Identity:
    """How a platform names somebody."""

    platform: str
    external_id: str


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """An account at a glance; `positions` are assets held beside the quote asset, `merges` brought in by others."""

    account_id: int
    market: str
    quote_asset: str
    cash: Decimal
    granted: Decimal
    positions: int
    trades: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """What there is of a person: identities in the order of their names, and counts."""

    person_id: int
    identities: tuple[Identity, ...]
    accounts: tuple[AccountSummary, ...]
    alerts: int
    watched: int
    chats: int
    notices: int
    repeats: int = 0

    @property
    def blank(self) -> bool:
        """Met, and nothing more than the chat in which they were; or gone already."""
        held = self.accounts or self.alerts or self.watched or self.notices or self.repeats
        return not held and len(self.identities) <= 1


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """A code that was entered rightly: its number, and the person it leads to."""

    code_id: int
    host_id: int


@dataclass(frozen=True, slots=True)
class Brought:
    """What goes back when a join is undone: counts of accounts, alerts, recurring buys and watched symbols."""

    accounts: int
    alerts: int
    repeats: int
    watched: int


@dataclass(frozen=True, slots=True)
class Parted:
    """An identity left its person. `undone`: it had joined less than a day before and has back what it brought; `ended`
    alerts had nowhere else to be told."""

    undone: bool
    ended: int


@dataclass(frozen=True, slots=True)
class LinkResult:
    """The person that an identity belongs to now, and how that came; `again`: it had been done before."""

    host_id: int
    how: How
    again: bool


class Identities(Protocol):
    """Every method raises DatabaseUnavailable and may be repeated without harm."""

    async def keep_code(self, person_id: int, code: Sealed, now: int) -> None:
        """The person's code from now (UTC ms) for CODE_MINUTES; an older one is worth nothing any more. Raises
        LinkedMeanwhile."""

    async def claim(
        self, identity: Identity, code: Sealed, now: int, *, public: bool, by_link: bool = False
    ) -> LinkRequest:
        """Enters a code; one that came `by_link` needs the consent of its person. Raises LinkCodeWrong,
        LinkCodeExpired, LinkCodeUsed, LinkCodeBurned, LinkBlocked, and LinkCodePublic where others read along:
        then the code is burned."""

    async def cancel(self, identity: Identity, code_id: int) -> None:
        """Burns a code that the identity entered. Raises LinkGone."""

    async def join(self, identity: Identity, code_id: int, how: How, now: int, market_time: int) -> LinkResult:
        """Makes the identity one of the code's person, in one transaction. Raises LinkGone, LinkCodeBurned,
        LinkCodeExpired, LinkedAlready, LinkedElsewhere, TooManyIdentities, MergeShort, and
        LinkUnconfirmed where the code came by a link and its person has not agreed to `how`."""

    async def ask_host(self, identity: Identity, code_id: int, how: How, now: int) -> How:
        """Asks the person who made the code, once, with CODE_MINUTES from now to answer; returns the way that they are
        asked about, the first that was chosen. Raises LinkHostUnreachable."""

    async def allow(self, person_id: int, code_id: int, now: int) -> tuple[Identity, How]:
        """The person who made the code agrees: the identity that may `join`, and how. Raises LinkGone."""

    async def refuse(self, person_id: int, code_id: int) -> None:
        """The person who made the code does not agree: it is burned. Raises LinkGone."""

    async def holdings(self, person_id: int) -> Holdings:
        """What there is of a person."""

    async def part(self, person_id: int, identity: Identity) -> Parted:
        """The identity leaves the person; a join of less than a day is undone. Raises OnlyIdentity, NotYoursAnyMore."""

    async def brought(self, identity: Identity) -> Brought | None:
        """What `part` would give back to the identity; None where it joined more than a day ago, or never."""

    async def forget(self, person_id: int, now: int, market_time: int) -> bool:
        """Everything about a person goes; the ledger stays under numbers that point to nobody. False where nobody was
        there."""

    async def export(self, person_id: int, now: int) -> bytes:
        """All that is held about a person, as JSON in UTF-8; docs/export.md describes it."""


class Watchlists(Protocol):
    """What people watch, in their order. Every method raises DatabaseUnavailable."""

    async def watched(self, person_id: int) -> Sequence[Symbol]:
        """In the order in which they were added."""

    async def watch(self, person_id: int, symbols: Sequence[Symbol]) -> Sequence[Symbol]:
        """Adds at the end what is not there; returns what was added. Raises WatchlistFull: then nothing was."""

    async def unwatch(self, person_id: int, symbols: Sequence[Symbol]) -> Sequence[Symbol]:
        """Removes; returns what was there."""
