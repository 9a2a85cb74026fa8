"""Interfaces of targets: for commands and for jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from pipeline.market import Symbol
from trading.rebalancing.notices import BandLeft, RebalancingFailed
from trading.rebalancing.targets import Schedule, Target


@dataclass(frozen=True, slots=True)
class NewTarget:
    """Target as a user wishes it; without a `band`, that of the target before stays."""

    person_id: int
    market: str
    weights: Mapping[Symbol, Decimal]
    with_cash: bool
    band: Decimal | None = None


class Targets(Protocol):
    """Targets of users, one in each market. Every method raises DatabaseUnavailable and may be repeated."""

    async def find(self, person_id: int, market: str) -> Target | None:
        """Returns the user's target, or None."""

    async def save(self, new: NewTarget) -> Target:
        """Stores a target in place of the one before, whose band and schedule stay."""

    async def set_band(self, person_id: int, market: str, band: Decimal) -> Target:
        """Sets the band. Raises NoTarget."""

    async def set_schedule(self, person_id: int, market: str, schedule: Schedule | None) -> Target:
        """Sets the schedule; None ends it. Raises NoTarget."""

    async def remove(self, person_id: int, market: str) -> Target:
        """Removes the target and returns it. Raises NoTarget."""


@dataclass(frozen=True, slots=True)
class DueTarget:
    """Target whose schedule is due, or whose user's time zone, `zone`, differs from that of the schedule."""

    target: Target
    zone: str


@dataclass(frozen=True, slots=True)
class ScheduleProgress:
    """Next state of a schedule: None if it ends; `last_day` is the date that was dealt with, None if none was."""

    schedule: Schedule | None
    last_day: date | None
    failures: int = 0


class TargetStore(Protocol):
    """Store of targets for jobs. Every method raises DatabaseUnavailable and may be repeated without harm."""

    async def watched(self, market: str, after: int, limit: int) -> Sequence[Target]:
        """Returns targets with an id above `after`, without those of banned users and of users who linked away."""

    async def check(self, target: Target, at: datetime, left: BandLeft | None) -> bool:
        """Records a check; `left` is the notification if a band is left, which is sent at the first check that finds
        it. Returns whether it was sent.
        """

    async def due(self, market: str, now: datetime, limit: int) -> Sequence[DueTarget]:
        """Returns targets whose schedule needs work and that no worker has claimed, without those that `watched` leaves
        out: the earliest first, after them those that were tried before, the least recent first.
        """

    async def claim(self, target: Target, now: datetime, until: datetime) -> bool:
        """Claims a schedule until then. Returns False if another worker did, or the schedule has changed."""

    async def advance(self, target: Target, step: ScheduleProgress, notice: RebalancingFailed | None) -> bool:
        """Moves a schedule to its next state and puts its notification into the outbox, in one transaction. Returns
        False if another worker moved it.
        """
