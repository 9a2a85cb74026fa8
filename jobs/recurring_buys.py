"""Executes due recurring buys through TradingDesk, as /buy does, each at a time of the user's own day.

The order's command id consists of the plan and the date, so that there is one order for each date, however often and by
however many desks it is tried. A failure is reported to the user, and the plan continues with its next date; it stops
after MAX_FAILURES in a row.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from core.clock import Clock
from core.database import Pool
from core.errors import DatabaseUnavailable, DeskError, Unavailable
from core.recurrence import Slot, next_slot
from pipeline.errors import MarketUnavailable, SymbolHalted
from pipeline.market import MarketInfo
from pipeline.rules import DELISTED
from trading.errors import IdempotencyKeyReused
from trading.orders.types import Side
from trading.ports import TradingDesk
from trading.recurring.notices import BuyFailed, BuyMissed, obstacle_of
from trading.recurring.ports import (
    MAX_FAILURES,
    DuePlan,
    PlanProgress,
    PlanState,
    PlanStore,
    RecurringBuy,
    command_of,
    size_parts,
)
from trading.recurring.postgres import PostgresPlans

EVERY_SECONDS = 60
BATCH_SIZE = 100
AT_ONCE = 5
"""Concurrent buys: half of the connections of a desk."""

LATEST = timedelta(hours=6)
"""Age up to which a date that passed while Paperdesk was not running is bought at once; an older one is skipped and
reported.
"""

PATIENCE = timedelta(minutes=15)
"""Time for which a stale price or a halt of all trading is waited for before it counts as a failure."""

CLAIM = timedelta(seconds=60)
_MAX_MISSED = 400

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RecurringBuysReport:
    """Outcomes of the plans that were due."""

    bought: int = 0
    failed: int = 0
    missed: int = 0
    waiting: int = 0

    def __str__(self) -> str:
        return f"{self.bought} bought, {self.failed} failed, {self.missed} missed, {self.waiting} waiting"


@dataclass(frozen=True, slots=True)
class _Due:
    """Due slots of a plan: the slot to buy in (None if all are too old), the missed ones, and the next one. `last_day`
    is the newest date that has come.
    """

    slot: Slot | None
    missed: tuple[Slot, ...]
    following: Slot
    last_day: date


class RecurringBuys:
    """Job that executes recurring buys; `run` may be called by any number of desks at once. `info` is that of the
    running market; `clock` returns UTC ms.
    """

    def __init__(
        self, pool: Pool, desk: TradingDesk, info: Callable[[], MarketInfo], clock: Clock, *, jitter: random.Random
    ) -> None:
        self._plans: PlanStore = PostgresPlans(pool, jitter=jitter)
        self._desk = desk
        self._info = info
        self._clock = clock

    async def run(self) -> RecurringBuysReport:
        """Executes the due plans. Raises DatabaseUnavailable and MarketUnavailable: the rest waits for the next run."""
        market, tried, done = self._info().market, set[int](), RecurringBuysReport()
        now = datetime.fromtimestamp(self._clock() / 1000, UTC)
        while due := await self._untried(market, now, tried):
            for at in range(0, len(due), AT_ONCE):
                part = due[at : at + AT_ONCE]
                tried.update(each.plan.plan_id for each in part)
                for one in await asyncio.gather(*(self._alone(each, now) for each in part), return_exceptions=True):
                    if isinstance(one, BaseException):
                        raise one
                    done = _sum(done, one)
        return done

    async def _untried(self, market: str, now: datetime, tried: set[int]) -> Sequence[DuePlan]:
        found = await self._plans.due(market, now, BATCH_SIZE + len(tried))
        return [each for each in found if each.plan.plan_id not in tried]

    async def _alone(self, due: DuePlan, now: datetime) -> RecurringBuysReport:
        """Executes one plan. A defect that shows in it keeps no other from its date."""
        try:
            return await self._one(due, now)
        except DeskError:
            raise
        except Exception:
            log.exception("recurring buy %d cannot be executed", due.plan.plan_id)
            return RecurringBuysReport()

    async def _one(self, due: DuePlan, now: datetime) -> RecurringBuysReport:
        plan = due.plan
        if not await self._plans.claim(plan, now, now + CLAIM):
            return RecurringBuysReport()
        if due.zone != plan.timezone:
            return await self._move(plan, due.zone, now)
        found = _due(plan, now, placed=due.placed)
        missed = _missed(plan, found)
        if found.slot is None:
            step = PlanProgress(found.following, plan.timezone, found.last_day, plan.failures)
            await self._plans.advance(plan, step, missed)
            return RecurringBuysReport(missed=len(found.missed))
        return replace(await self._buy(plan, found, found.slot, missed, now), missed=len(found.missed))

    async def _move(self, plan: RecurringBuy, zone: str, now: datetime) -> RecurringBuysReport:
        """Moves the plan to the user's new time zone; a slot that was not due in the old zone is computed again in the
        new one.
        """
        since = min(now, plan.slot.at - timedelta(microseconds=1))
        slot = next_slot(plan.rhythm, zone, since, plan.last_day)
        await self._plans.advance(plan, PlanProgress(slot, zone, None, plan.failures), ())
        return RecurringBuysReport()

    async def _buy(
        self,
        plan: RecurringBuy,
        due: _Due,
        slot: Slot,
        missed: Sequence[tuple[str, BuyFailed | BuyMissed]],
        now: datetime,
    ) -> RecurringBuysReport:
        try:
            await self._place(plan, slot)
        except IdempotencyKeyReused:  # done before, for an account that the user has left since
            log.info("recurring buy %d of %s was done before", plan.plan_id, slot.day)
        except (DatabaseUnavailable, MarketUnavailable):
            raise
        except DeskError as error:
            if isinstance(error, Unavailable) and now - (plan.last_attempt_at or now) < PATIENCE:
                await self._plans.wait(plan, now)
                return RecurringBuysReport(waiting=1)
            return await self._fail(plan, due, slot, missed, error)
        moved = await self._plans.advance(plan, PlanProgress(due.following, plan.timezone, slot.day), missed)
        return RecurringBuysReport(bought=int(moved))

    async def _place(self, plan: RecurringBuy, slot: Slot) -> None:
        account = await self._desk.account(plan.person_id)
        telling = await self._plans.notification_target(plan.person_id)
        command = command_of(plan, slot.day)
        await self._desk.place(account, command, Side.BUY, plan.symbol, plan.size, notify=telling)

    async def _fail(
        self,
        plan: RecurringBuy,
        due: _Due,
        slot: Slot,
        missed: Sequence[tuple[str, BuyFailed | BuyMissed]],
        error: DeskError,
    ) -> RecurringBuysReport:
        failures = plan.failures + 1
        delisted = isinstance(error, SymbolHalted) and error.status == DELISTED  # no later date can bring it back
        stopped = delisted or failures >= MAX_FAILURES
        kind, figure = size_parts(plan.size)
        notice = BuyFailed(
            plan_id=plan.plan_id,
            market=plan.market,
            symbol=plan.symbol,
            size_kind=kind,
            size=figure,
            day=slot.day.isoformat(),
            obstacle=obstacle_of(error),
            failures=failures,
            next_at=None if stopped else _ms(due.following),
        )
        state = PlanState.STOPPED if stopped else PlanState.ACTIVE
        step = PlanProgress(due.following, plan.timezone, slot.day, failures, state)
        moved = await self._plans.advance(plan, step, (*missed, (f"repeat:{plan.plan_id}:{slot.day}", notice)))
        return RecurringBuysReport(failed=int(moved))


def _due(plan: RecurringBuy, now: datetime, *, placed: bool) -> _Due:
    """Returns the due slots. The newest slot that has come is bought if it is not too old; those before it were missed,
    except the one whose order was `placed` by a desk that stopped before it could record that.
    """
    come = [plan.slot]
    while (following := _following(plan, come[-1])).at <= now and len(come) < _MAX_MISSED:
        come.append(following)
    if following.at <= now:
        following = next_slot(plan.rhythm, plan.timezone, now, following.day)
    newest = come[-1]
    slot = newest if now - newest.at <= LATEST or (placed and newest is plan.slot) else None
    missed = tuple(each for each in come if each is not slot and not (placed and each is plan.slot))
    return _Due(slot, missed, following, newest.day)


def _following(plan: RecurringBuy, slot: Slot) -> Slot:
    return next_slot(plan.rhythm, plan.timezone, slot.at, slot.day)


def _missed(plan: RecurringBuy, due: _Due) -> Sequence[tuple[str, BuyFailed | BuyMissed]]:
    if not due.missed:
        return ()
    kind, figure = size_parts(plan.size)
    notice = BuyMissed(
        plan_id=plan.plan_id,
        market=plan.market,
        symbol=plan.symbol,
        size_kind=kind,
        size=figure,
        day=due.missed[-1].day.isoformat(),
        count=len(due.missed),
        next_at=_ms(due.following),
    )
    return ((f"repeat-missed:{plan.plan_id}:{due.missed[-1].day}", notice),)


def _ms(slot: Slot) -> int:
    return int(slot.at.timestamp() * 1000)


def _sum(one: RecurringBuysReport, other: RecurringBuysReport) -> RecurringBuysReport:
    return RecurringBuysReport(
        one.bought + other.bought, one.failed + other.failed, one.missed + other.missed, one.waiting + other.waiting
    )
