"""Trades targets back by their schedules, each at a time of the user's own day, if a weight has left its band.

The command id of a group consists of the target and the date, so that there is one group for each date, however often
and by however many desks it is tried. A date on which every weight is inside its band is passed over in silence.
"""

import logging
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.clock import Clock
from core.database import Pool
from core.errors import DatabaseUnavailable, DeskError, Unavailable
from core.recurrence import Slot, next_slot
from pipeline.errors import MarketUnavailable
from pipeline.market import MarketInfo
from trading.order_groups.errors import GroupInProgress
from trading.order_groups.ports import OrderGroups
from trading.ports import TradingDesk
from trading.rebalancing.notices import RebalancingFailed
from trading.rebalancing.ports import DueTarget, ScheduleProgress, TargetStore
from trading.rebalancing.postgres import PostgresTargets
from trading.rebalancing.targets import Schedule, Target, drifts, leaves_band
from trading.recurring.notices import obstacle_of

EVERY_SECONDS = 60
BATCH_SIZE = 50

LATEST = timedelta(hours=6)
"""Age up to which a date is tried: while prices are old or trading is halted, or after Paperdesk was not running."""

MAX_FAILURES = 3
"""Failures in a row after which a schedule ends."""

CLAIM = timedelta(seconds=60)

log = logging.getLogger(__name__)
_MOST_MISSED = 400


class ScheduledRebalancing:
    """Job that trades due targets; `run` may be called by any number of desks at once. Calls `on_told` when notices
    entered the outbox. `info` is that of the running market; `clock` returns UTC ms.
    """

    def __init__(
        self,
        pool: Pool,
        desk: TradingDesk,
        groups: OrderGroups,
        info: Callable[[], MarketInfo],
        clock: Clock,
        *,
        jitter: random.Random,
        on_told: Callable[[], None],
    ) -> None:
        self._targets: TargetStore = PostgresTargets(pool, jitter=jitter)
        self._desk = desk
        self._groups = groups
        self._info = info
        self._clock = clock
        self._on_told = on_told

    async def run(self) -> int:
        """Returns the number of dates that it dealt with. Raises DatabaseUnavailable and MarketUnavailable: the rest
        waits for the next run.
        """
        now = datetime.fromtimestamp(self._clock() / 1000, UTC)
        done = 0
        for due in await self._targets.due(self._info().market, now, BATCH_SIZE):
            if due.target.schedule is not None and await self._targets.claim(due.target, now, now + CLAIM):
                try:
                    done += await self._one(due, due.target.schedule, now)
                except DeskError:
                    raise
                except Exception:  # a defect that one target shows must not keep those behind it waiting
                    log.exception("target %d cannot be rebalanced", due.target.target_id)
        if done:
            self._on_told()
        return done

    async def _one(self, due: DueTarget, schedule: Schedule, now: datetime) -> bool:
        target = due.target
        if due.zone != schedule.timezone:
            since = min(now, schedule.slot.at - timedelta(microseconds=1))
            moved = Schedule(schedule.rhythm, due.zone, next_slot(schedule.rhythm, due.zone, since, target.last_day))
            await self._targets.advance(target, ScheduleProgress(moved, None, target.failures), None)
            return False
        slot, following = _newest(schedule, now)
        onward = replace(schedule, slot=following)
        if now - slot.at > LATEST:
            missed = RebalancingFailed(target.market, slot.day.isoformat(), None, _ms(following))
            return await self._targets.advance(target, ScheduleProgress(onward, slot.day, target.failures), missed)
        try:
            await self._trade(target, slot)
        except (DatabaseUnavailable, MarketUnavailable):
            raise
        except (Unavailable, GroupInProgress):
            return False  # tried again until the date is too old
        except DeskError as error:
            failures = target.failures + 1
            ended = failures >= MAX_FAILURES
            next_at = None if ended else _ms(following)
            notice = RebalancingFailed(target.market, slot.day.isoformat(), obstacle_of(error), next_at)
            step = ScheduleProgress(None if ended else onward, slot.day, 0 if ended else failures)
            return await self._targets.advance(target, step, notice)
        return await self._targets.advance(target, ScheduleProgress(onward, slot.day), None)

    async def _trade(self, target: Target, slot: Slot) -> None:
        """Places the group of a date, or goes on with it. Raises the errors of `OrderGroups`, and NoAccount."""
        account = await self._desk.account(target.person_id)
        found = drifts(target, await self._desk.portfolio(account))
        if found is not None and not any(leaves_band(each, target.band) for each in found):
            return
        shown = await self._groups.plan(account, target.weights, with_cash=target.with_cash)
        if shown.executions or (shown.untraded and found is not None):
            await self._groups.place(account, command_of(target, slot), shown.group, scheduled=True)


def command_of(target: Target, slot: Slot) -> str:
    """Returns the command id of the group of a date."""
    return f"rebalance:{target.target_id}:{slot.day.isoformat()}"


def _newest(schedule: Schedule, now: datetime) -> tuple[Slot, Slot]:
    """Returns the newest slot that has come, and the one after it."""
    slot = schedule.slot
    for _ in range(_MOST_MISSED):
        following = next_slot(schedule.rhythm, schedule.timezone, slot.at, slot.day)
        if following.at > now:
            return slot, following
        slot = following
    return slot, next_slot(schedule.rhythm, schedule.timezone, now, slot.day)


def _ms(slot: Slot) -> int:
    return round(slot.at.timestamp() * 1000)
