"""A recurring buy as people have it, and what commands and the job ask of its store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, assert_never

from core.outbox import Telling
from core.recurrence import Rhythm, Slot
from pipeline.market import Symbol
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Size
from trading.recurring.notices import BuyFailed, BuyMissed

MOST_PLANS = 10
"""Of one person in one market, paused ones too."""

MOST_FAILURES = 3
"""In a row; then a plan stops."""


class PlanState(StrEnum):
    """ACTIVE buys; PAUSED was told to wait, STOPPED failed too often. Both can be resumed."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class NewPlan:
    """`command_id` is unique to the wish and the same when it is delivered again; `slot` is the first, reckoned in
    `timezone`."""

    command_id: str
    person_id: int
    market: str
    symbol: Symbol
    size: Size
    rhythm: Rhythm
    timezone: str
    slot: Slot


@dataclass(frozen=True, slots=True)
class RecurringBuy:
    """A row of `recurring_buy`. `slot` is the next one, `failures` those in a row, `last_day` the last date that was
    dealt with, `tried_at` when the slot was tried in vain for the first time."""

    plan_id: int
    person_id: int
    market: str
    symbol: Symbol
    size: Size
    rhythm: Rhythm
    state: PlanState
    timezone: str
    slot: Slot
    failures: int = 0
    last_day: date | None = None
    tried_at: datetime | None = None


class Plans(Protocol):
    """A person's recurring buys. Every method raises DatabaseUnavailable."""

    async def create(self, new: NewPlan) -> RecurringBuy:
        """The plan, made by the first call of its command. Raises TooManyPlans."""

    async def of(self, person_id: int, market: str) -> Sequence[RecurringBuy]:
        """All in a market, the oldest first."""

    async def find(self, person_id: int, plan_id: int) -> RecurringBuy:
        """The person's own plan. Raises UnknownPlan."""

    async def pause(self, person_id: int, plan_id: int) -> RecurringBuy:
        """Keeps a plan from buying until it is resumed. Raises UnknownPlan."""

    async def resume(self, person_id: int, plan_id: int, timezone: str, slot: Slot) -> RecurringBuy:
        """Lets a plan buy again, next in `slot`; one that is active stays as it is. Raises UnknownPlan."""

    async def remove(self, person_id: int, plan_id: int) -> RecurringBuy:
        """Ends a plan; returns it as it was. Raises UnknownPlan."""


@dataclass(frozen=True, slots=True)
class DuePlan:
    """A plan whose time has come, or whose person lives in another `zone` than it was reckoned in. `placed`: the order
    of its slot is in the ledger already."""

    plan: RecurringBuy
    zone: str
    placed: bool = False


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How a plan goes on: the slot that is next, reckoned in `timezone`, and what became of the last one."""

    slot: Slot
    timezone: str
    last_day: date | None
    failures: int = 0
    state: PlanState = PlanState.ACTIVE


class PlanStore(Protocol):
    """What the job needs. Every method raises DatabaseUnavailable and may be repeated without harm."""

    async def due(self, market: str, now: datetime, limit: int) -> Sequence[DuePlan]:
        """Plans of a market that somebody has to look at and nobody does, those due first first; none of persons who
        may not use the desk."""

    async def claim(self, plan: RecurringBuy, now: datetime, until: datetime) -> bool:
        """Keeps others away until then; False where somebody was faster, or the plan has changed."""

    async def move_on(
        self, plan: RecurringBuy, step: PlanProgress, notices: Sequence[tuple[str, BuyFailed | BuyMissed]]
    ) -> bool:
        """One transaction: the plan goes on, and its notices, by their keys, enter the outbox; False where somebody
        else moved it."""

    async def wait(self, plan: RecurringBuy, now: datetime) -> None:
        """It could not be done yet; remembers since when."""

    async def telling(self, person_id: int) -> Telling | None:
        """Where the person is told of an order that nobody waits for: in the chat chosen for it, else the private chat
        in which they were seen last."""


def size_parts(size: Size) -> tuple[str, Decimal]:
    """The kind, `base`, `quote` or `share`, and the figure."""
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
    """The size of these parts."""
    kinds: dict[str, type[BaseQuantity | QuoteAmount | Share]]
    kinds = {"base": BaseQuantity, "quote": QuoteAmount, "share": Share}
    return kinds[kind](figure)


def command_of(plan: RecurringBuy, day: date) -> str:
    """The id of the order of a date: however often it is placed, there is one. The query `due` knows it too."""
    return f"recurring:{plan.plan_id}:{day.isoformat()}"
