"""Ports of identities and watchlists, as used by commands."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from people.identity.codes import HashedCode
from pipeline.market import Symbol

CODE_MINUTES = 10
"""Minutes for which a code can be entered."""

MAX_TRIES = 5
"""Wrong attempts after which a code is burned, and after which an identity has to wait."""

MAX_IDENTITIES = 10
MAX_WATCHED = 50


class LinkMode(StrEnum):
    """Treatment of the joining user's accounts: MOVE leaves them behind closed, MERGE brings all of them along."""

    MOVE = "move"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Identity:
    """A platform and the user's id on it."""

    platform: str
    external_id: str


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """Summary of an account. `positions` is the number of assets held in addition to the quote asset."""

    account_id: int
    market: str
    quote_asset: str
    cash: Decimal
    granted: Decimal
    positions: int
    trades: int


@dataclass(frozen=True, slots=True)
class PersonalDataSummary:
    """Data stored about a user: identities in the order of their names, accounts, and counts of the rest."""

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
        """True if nothing is stored but at most one identity and its chats.

        This includes users who deleted their data.
        """
        held = self.accounts or self.alerts or self.watched or self.notices or self.repeats
        return not held and len(self.identities) <= 1


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """A code that was entered correctly: its number, and the user who created it."""

    code_id: int
    host_id: int


@dataclass(frozen=True, slots=True)
class RestoredCounts:
    """Counts of what an undone join returns: accounts, alerts, recurring buys and watched symbols."""

    accounts: int
    alerts: int
    repeats: int
    watched: int


@dataclass(frozen=True, slots=True)
class UnlinkResult:
    """Result of unlinking an identity.

    `undone` is true if the identity had joined less than a day before and received back what it had brought. `ended` is
    the number of alerts cancelled because no other chat could receive them.
    """

    undone: bool
    ended: int


@dataclass(frozen=True, slots=True)
class LinkResult:
    """The user an identity now belongs to, and how it joined. `again` is true if the join had been done before."""

    host_id: int
    how: LinkMode
    again: bool


class Identities(Protocol):
    """Store of identities. Every method raises DatabaseUnavailable and is safe to repeat."""

    async def save_code(self, person_id: int, code: HashedCode, now: int) -> None:
        """Stores the user's code, valid for CODE_MINUTES from `now` (UTC ms). An older code becomes invalid.

        Raises LinkedMeanwhile.
        """

    async def claim(
        self, identity: Identity, code: HashedCode, now: int, *, public: bool, by_link: bool = False
    ) -> LinkRequest:
        """Enters a code. A code entered `by_link` needs the consent of the user who created it.

        Raises LinkCodeWrong, LinkCodeExpired, LinkCodeUsed, LinkCodeRevoked and LinkBlocked. Raises LinkCodePublic if
        other users can read the message; the code is then burned.
        """

    async def revoke(self, codes: Collection[HashedCode]) -> None:
        """Burns the open codes among these, whoever made them."""

    async def cancel(self, identity: Identity, code_id: int) -> None:
        """Burns a code that the identity entered. Raises LinkRequestExpired."""

    async def join(self, identity: Identity, code_id: int, how: LinkMode, now: int, market_time: int) -> LinkResult:
        """Moves the identity to the user who created the code, in one transaction.

        Raises LinkRequestExpired, LinkCodeRevoked, LinkCodeExpired, LinkedAlready, LinkedElsewhere, TooManyIdentities
        and MergeShort. Raises LinkUnconfirmed if the code was entered by a link and its user has not agreed to `how`.
        """

    async def ask_host(self, identity: Identity, code_id: int, how: LinkMode, now: int) -> LinkMode:
        """Asks the user who created the code for consent, once, with CODE_MINUTES from now to answer.

        Returns the treatment that the user is asked about, which is the first one chosen. Raises LinkHostUnreachable.
        """

    async def allow(self, person_id: int, code_id: int, now: int) -> tuple[Identity, LinkMode]:
        """Records the consent of the user who created the code. Returns the identity that may `join`, and how.

        Raises LinkRequestExpired.
        """

    async def refuse(self, person_id: int, code_id: int) -> None:
        """Records the refusal of the user who created the code, and burns the code. Raises LinkRequestExpired."""

    async def holdings(self, person_id: int) -> PersonalDataSummary:
        """Returns a summary of the data stored about a user."""

    async def part(self, person_id: int, identity: Identity) -> UnlinkResult:
        """Unlinks the identity from the user. A join less than a day old is undone.

        Raises OnlyIdentity and AccountNoLongerYours.
        """

    async def joined(self, person_id: int, former_id: int) -> Identity:
        """Returns the identity that joined this user less than a day ago and was the user `former_id` before.

        Raises LinkRequestExpired.
        """

    async def brought(self, identity: Identity) -> RestoredCounts | None:
        """Returns what `part` would give back to the identity. None if it joined more than a day ago, or never."""

    async def forget(self, person_id: int, now: int, market_time: int) -> bool:
        """Deletes a user's data. The ledger keeps its entries under numbers that refer to no user.

        Returns False if there was no such user.
        """

    async def export(self, person_id: int, now: int) -> bytes:
        """Returns all data stored about a user as JSON in UTF-8; docs/export.md describes it."""


class Watchlists(Protocol):
    """Store of watchlists, which are ordered. Every method raises DatabaseUnavailable."""

    async def watched(self, person_id: int) -> Sequence[Symbol]:
        """Returns the watched symbols in the order in which they were added."""

    async def watch(self, person_id: int, symbols: Sequence[Symbol]) -> Sequence[Symbol]:
        """Appends symbols that are not on the list, and returns those added.

        Raises WatchlistFull and then adds none.
        """

    async def unwatch(self, person_id: int, symbols: Sequence[Symbol]) -> Sequence[Symbol]:
        """Removes symbols, and returns those that were on the list."""
