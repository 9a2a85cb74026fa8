"""Recurring buys, and their stores for commands and the job."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, assert_never

from core.outbox import NotificationTarget
from core.recurrence import Recurrence, Slot
from pipeline.market import Symbol
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Size
from trading.recurring.notices import BuyFailed, BuyMissed

MAX_PLANS = 10
"""Most plans of one user in one market, paused ones included."""

MAX_FAILURES = 3
"""Failures in a row after which a plan stops."""


class PlanState(StrEnum):
    """State of a plan. ACTIVE buys; PAUSED was paused by the user, STOPPED failed too often. Both can be resumed."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class NewPlan:
    """Plan to be created. `command_id` is unique to the request and stays the same if it is delivered again; `slot` is
    the first, computed in `timezone`.
    """

    command_id: str
    person_id: int
    market: str
    symbol: Symbol
    size: Size
    rhythm: Recurrence
    timezone: str
    slot: Slot


@dataclass(frozen=True, slots=True)
class RecurringBuy:
    """Row of `recurring_buy`. `slot` is the next one, `failures` those in a row, `last_day` the last date that was
    dealt with, `last_attempt_at` the time of the slot's first failed try.
    """

    plan_id: int
    person_id: int
    market: str
    symbol: Symbol
    size: Size
    rhythm: Recurrence
    state: PlanState
    timezone: str
    slot: Slot
    failures: int = 0
    last_day: date | None = None
    last_attempt_at: datetime | None = None


class Plans(Protocol):
    """Store of a user's recurring buys. Every method raises DatabaseUnavailable."""

    async def create(self, new: NewPlan) -> RecurringBuy:
        """Returns the plan, created by the first call of its command. Raises TooManyPlans."""

    async def of(self, person_id: int, market: str) -> Sequence[RecurringBuy]:
        """Returns all plans in a market, the oldest first."""

    async def find(self, person_id: int, plan_id: int) -> RecurringBuy:
        """Returns the user's own plan. Raises UnknownPlan."""

    async def pause(self, person_id: int, plan_id: int) -> RecurringBuy:
        """Pauses a plan until it is resumed. Raises UnknownPlan."""

    async def resume(self, person_id: int, plan_id: int, timezone: str, slot: Slot) -> RecurringBuy:
        """Resumes a plan, with `slot` as its next; an active plan is not changed. Raises UnknownPlan."""

    async def remove(self, person_id: int, plan_id: int) -> RecurringBuy:
        """Ends a plan; returns it as it was. Raises UnknownPlan."""


@dataclass(frozen=True, slots=True)
class DuePlan:
    """Plan whose slot is due, or whose user's time zone, `zone`, differs from the plan's. `placed` is True if the order
    of its slot is already in the ledger.
    """

    plan: RecurringBuy
    zone: str
    placed: bool = False


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """Next state of a plan: its next slot, computed in `timezone`, and the outcome of the last one."""

    slot: Slot
    timezone: str
    last_day: date | None
    failures: int = 0
    state: PlanState = PlanState.ACTIVE


class PlanStore(Protocol):
    """Store of plans for the job. Every method raises DatabaseUnavailable and may be repeated without harm."""

    async def due(self, market: str, now: datetime, limit: int) -> Sequence[DuePlan]:
        """Returns the plans of a market that need work and that no worker has claimed, the earliest due first, without
        those of banned users.
        """

    async def claim(self, plan: RecurringBuy, now: datetime, until: datetime) -> bool:
        """Claims the plan until then. Returns False if another worker claimed it first, or the plan has changed."""

    async def advance(
        self, plan: RecurringBuy, step: PlanProgress, notices: Sequence[tuple[str, BuyFailed | BuyMissed]]
    ) -> bool:
        """Moves the plan to its next state and puts its notifications, by their keys, into the outbox, in one
        transaction. Returns False if another worker moved it.
        """

    async def wait(self, plan: RecurringBuy, now: datetime) -> None:
        """Records that the slot could not be bought yet, and since when; releases the claim."""

    async def notification_target(self, person_id: int) -> NotificationTarget | None:
        """Returns the chat for notifications of an order that no user waits for: the chat chosen for it, else the
        private chat in which the user was seen last. None if there is neither.
        """


def size_parts(size: Size) -> tuple[str, Decimal]:
    """Returns the kind, `base`, `quote` or `share`, and the figure."""
    match size:
        case BaseQuantity(amount):
            return "base", amount
        case QuoteAmount(amount):
            return "quote", amount
        case Share(fraction):
            return "share", fraction
        case _:
            assert_never(size)


def size_of(kind: str, figure: Decimal) -> Size:
    """Returns the size of these parts."""
    kinds: dict[str, type[BaseQuantity | QuoteAmount | Share]]
    kinds = {"base": BaseQuantity, "quote": QuoteAmount, "share": Share}
    return kinds[kind](figure)


def command_of(plan: RecurringBuy, day: date) -> str:
    """Returns the command id of the order of a date, so that there is one however often it is placed. The query `due`
    forms the same id.
    """
    return f"recurring:{plan.plan_id}:{day.isoformat()}"
