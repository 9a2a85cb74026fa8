"""Interfaces of limits: for commands, for the desks that place orders, and for the job that watches accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from pipeline.market import Symbol
from trading.limits.check import LimitChange
from trading.limits.types import Limit, LimitKind, OwnLimit, Pause, ProposedOrder, Standing
from trading.ports import Account


@dataclass(frozen=True, slots=True)
class WatchedAccount:
    """Account whose limits depend on its equity, with the time zone of its user."""

    account_id: int
    person_id: int
    timezone: str


@dataclass(frozen=True, slots=True)
class DayEnds:
    """Ends of a user's present day and of the day after, in UTC."""

    present: datetime
    following: datetime


@dataclass(frozen=True, slots=True)
class ReachedLimit:
    """Account that has reached a limit at its last valuation: `reference` is the equity that it is measured against."""

    account_id: int
    person_id: int
    limit: Limit
    equity: Decimal
    reference: Decimal
    until: datetime | None


@dataclass(frozen=True, slots=True)
class LimitsOverview:
    """A user's limits, those of the desk, and the pause of the account, if it is paused."""

    own: Sequence[OwnLimit]
    desk: Sequence[Limit]
    pause: Pause | None


class LimitStore(Protocol):
    """Store of limits and of what they are measured against. Every method raises DatabaseUnavailable."""

    async def watched(self, market: str, quote: str, after: int, limit: int) -> Sequence[WatchedAccount]:
        """Returns open accounts with an id above `after` that have a limit which depends on their equity."""

    async def watched_account(self, account_id: int) -> WatchedAccount | None:
        """Returns an open account, or None."""

    async def symbols(self, account_ids: Sequence[int]) -> Sequence[Symbol]:
        """Returns the symbols that the accounts hold."""

    async def value(
        self, accounts: Mapping[int, DayEnds], marks: Mapping[Symbol, Decimal], at: datetime
    ) -> Sequence[int]:
        """Values accounts and keeps the peak and the day's beginning. A day that has begun keeps its end, and the next
        one ends with the user's day, but has 23 hours at least: `timezone` changes freely. A holding without a mark
        keeps the price of the valuation before, or its average cost. Returns those that it valued: not those that a
        later moment valued before, unless that lacks a coin or money of now.
        """

    async def reached(self, account_ids: Sequence[int], at: datetime) -> Sequence[ReachedLimit]:
        """Returns the limits that these accounts have reached and that do not pause them yet."""

    async def pause(self, reached: ReachedLimit, market: str, quote: str, at: datetime, market_time: int) -> bool:
        """Pauses an account, cancels its open purchases with their lists and writes the notification, in one
        transaction. Returns False if it was paused before, or is above the limit again.
        """

    async def limits_of(self, account_id: int, at: datetime) -> tuple[Sequence[Limit], Pause | None]:
        """Returns the limits in force for an account, the strictest of each kind, and its pause."""

    async def standing(
        self, account: Account, symbol: Symbol, price: Decimal, newest: int, since: datetime
    ) -> Standing | None:
        """Returns what an order for a symbol at a price is measured against, with the `newest` sales and all since a
        moment. None before the first valuation.
        """


class LimitGuard(Protocol):
    """Limits before an order is written, and the valuation of an account where the ledger cannot judge one."""

    async def check(self, account: Account, symbol: Symbol, price: Decimal, order: ProposedOrder) -> None:
        """Raises LimitReached if the order would pass a limit now. The ledger checks again when it books the order."""

    async def value(self, account_id: int) -> None:
        """Values the account at current prices, as the ledger needs after ValuationNeeded."""

    async def settle(self, account: Account) -> None:
        """Pauses the account if it has reached a limit at current prices, before its references begin anew."""


class Limits(Protocol):
    """Limits, for commands. Every method raises DatabaseUnavailable."""

    async def overview(self, account: Account) -> LimitsOverview:
        """Returns the limits of the user and of the desk."""

    async def preview(self, account: Account, kind: LimitKind, wish: Decimal | None) -> LimitChange:
        """Returns what `change` would change now. Raises LimitNotSet if there is no limit to remove."""

    async def change(self, account: Account, kind: LimitKind, wish: Decimal | None) -> LimitChange:
        """Sets a user's limit, None removes it: at once if that is stricter, else after the delay. Raises LimitNotSet
        if there is none to remove.
        """

    async def keep(self, account: Account, kind: LimitKind) -> OwnLimit:
        """Drops a change that is to come, and returns the limit. Raises LimitNotSet."""

    async def resume(self, account: Account) -> Decimal:
        """Ends a pause by the drawdown and returns the equity, which is the new peak. A pause by the day's loss beside
        it lasts. Raises NotPaused, PauseLasts.
        """

    async def change_desk(self, kind: LimitKind, wish: Decimal | None) -> None:
        """Sets a limit of the desk at once, None removes it. Raises LimitNotSet."""
