"""Scheduler: runs jobs that are due by the clock it is given, and requested ones.

APScheduler wakes it; which jobs are due, and whether this scheduler or another runs them, is decided here and in the
database. It wakes at least every `SchedulerTiming.poll_seconds` seconds, so that a clock that jumps is noticed soon.
"""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from core.clock import Clock
from core.database import Pool
from core.errors import DatabaseUnavailable, DeskError
from core.job_status import RunState
from jobs.schedule.job import Job, MisfirePolicy, due
from jobs.schedule.run_store import RunClaim, Runs

log = logging.getLogger(__name__)

_END_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class SchedulerTiming:
    """Intervals of a scheduler: it checks at least every `poll_seconds` and at most every `soonest` seconds and sends a
    heartbeat every `heartbeat_seconds` seconds; a run without one for `abandon_seconds` seconds is abandoned. A slot
    that passed `grace_ms` ago is late. Seconds are real ones, `grace_ms` the clock's.
    """

    poll_seconds: float = 5.0
    heartbeat_seconds: float = 5.0
    abandon_seconds: float = 30.0
    grace_ms: int = 300_000
    soonest: float = 0.05


async def run_schedule(jobs: Sequence[Job], pool: Pool, clock: Clock, pace: SchedulerTiming | None = None) -> None:
    """Runs the jobs as a service until it is cancelled. A failure of a job is recorded, and the job runs again at its
    next slot; no error of a job ends the schedule.
    """
    worker = f"{socket.gethostname()[:64]}:{os.getpid()}:{secrets.token_hex(4)}"
    await Scheduler(jobs, Runs(pool, worker), clock, pace or SchedulerTiming()).run()


class Scheduler:
    """Scheduler of `jobs`; any number of schedulers may run at once."""

    def __init__(self, jobs: Sequence[Job], runs: Runs, clock: Clock, pace: SchedulerTiming) -> None:
        names = [job.name for job in jobs]
        if len(set(names)) != len(names):
            raise ValueError(f"two jobs of one name: {sorted(names)}")
        self._jobs = {job.name: job for job in jobs}
        self._runs = runs
        self._clock = clock
        self._pace = pace
        self._done: dict[str, int] = {}
        self._skipped: dict[str, int] = {}
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._begun = 0

    async def run(self) -> None:
        """Runs until cancelled. Unfinished runs are then abandoned, and repeated if the job has `rerun_interrupted`."""
        self._begun = self._clock()
        engine = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 2}
        )
        for job in self._jobs.values():
            engine.add_job(self._poll, _Slots(job, self._clock, self._pace), args=(job,), id=job.name)
        try:
            await self._attend()
            engine.start()
            while True:
                await asyncio.sleep(self._pace.poll_seconds)
                await self._attend()
        finally:
            if engine.running:
                engine.shutdown(wait=False)
            await self._end()

    async def _end(self) -> None:
        for tasks in (self._looking, self._running):  # a check may just have begun a run
            for task in (ending := list(tasks.values())):
                task.cancel()
            if ending:
                await asyncio.wait(ending, timeout=_END_SECONDS)
        with suppress(DatabaseUnavailable):
            await self._runs.leave()

    # -- checks --------------------------------------------------------------------------------

    async def _attend(self) -> None:
        """Declares the jobs, abandons dead runs, and begins requested ones."""
        jobs, now = list(self._jobs.values()), self._clock()
        try:
            await self._runs.declare(jobs, now)
            for name in await self._runs.abandon(self._pace.abandon_seconds, self._running):
                log.warning("a run of %s was abandoned: its process is gone", name)
            self._done = dict(await self._runs.last(jobs, now))
            for name in await self._runs.asked(jobs):
                await self._take_asked(self._jobs[name])
        except DatabaseUnavailable:
            log.warning("the schedule waits: PostgreSQL does not answer")

    async def _poll(self, job: Job) -> None:
        """Begins a check for due slots, unless an earlier one is not over: PostgreSQL may be slow. The check is a task
        of this scheduler: the engine logs a cancelled task of its own as an error.
        """
        if job.name in self._looking or job.name in self._running:
            return
        self._looking[job.name] = asyncio.create_task(self._poll_once(job))
        self._looking[job.name].add_done_callback(lambda _: self._looking.pop(job.name, None))

    async def _poll_once(self, job: Job) -> None:
        try:
            await self._take_due(job)
        except DatabaseUnavailable:
            log.warning("%s waits: PostgreSQL does not answer", job.name)
        except Exception:  # logged as APScheduler would
            log.exception("the check of %s failed", job.name)

    async def _take_due(self, job: Job) -> None:
        """Begins the newest slot whose time has come, unless it is done, or another scheduler runs it."""
        now, last = self._clock(), self._last(job.name)
        if (found := due(job, last, now, self._pace.grace_ms)) is None:
            return
        if found.late and job.misfire is MisfirePolicy.SKIP:
            self._skipped[job.name] = found.slot
            return
        if found.late and now - self._begun < job.startup_delay * 1000:
            return
        claim = await self._runs.claim(job, found.slot, now)
        if claim is RunClaim.OURS:
            self._start(job, found.slot)
        if claim is not RunClaim.BUSY:
            self._done[job.name] = found.slot

    def _last(self, name: str) -> int | None:
        known = [times[name] for times in (self._done, self._skipped) if name in times]
        return max(known, default=None)

    async def _take_asked(self, job: Job) -> None:
        now = self._clock()
        if job.name not in self._running and await self._runs.claim_asked(job, now) is RunClaim.OURS:
            self._start(job, now)

    # -- runs ----------------------------------------------------------------------------------

    def _start(self, job: Job, slot: int) -> None:
        task = asyncio.create_task(self._perform(job, slot), name=f"job {job.name}")
        self._running[job.name] = task
        task.add_done_callback(lambda _: self._running.pop(job.name, None))

    async def _perform(self, job: Job, slot: int) -> None:
        work = asyncio.create_task(_within(job))
        beating = asyncio.create_task(self._beat(job.name, slot, work))
        state, told = RunState.ABANDONED, "the scheduler was told to end"
        try:
            told = result_text(await work)
            state = RunState.DONE
        except asyncio.CancelledError:
            if (current := asyncio.current_task()) and current.cancelling():
                work.cancel()
                await asyncio.wait((work,), timeout=_END_SECONDS)
                raise
            told = "the run was taken for dead"
        except Exception as error:  # an error of one job must not stop the others
            state, told = RunState.FAILED, result_text(error)
            log.exception("job %s failed", job.name)
        finally:
            beating.cancel()
            await self._finish(job.name, slot, state, told)

    async def _finish(self, job: str, slot: int, state: RunState, result: str) -> None:
        try:
            await self._runs.finish(job, slot, state, result)
        except DatabaseUnavailable:
            log.warning("the result of %s could not be stored: %s, %s", job, state.value, result)

    async def _beat(self, job: str, slot: int, work: "asyncio.Task[object]") -> None:
        """Sends heartbeats, and cancels the work if another scheduler has abandoned it."""
        while True:
            await asyncio.sleep(self._pace.heartbeat_seconds)
            try:
                if not await self._runs.beat(job, slot):
                    work.cancel()
                    return
            except DatabaseUnavailable:
                continue


async def _within(job: Job) -> object:
    try:
        async with asyncio.timeout(job.timeout) as limit:
            return await job.work()
    except TimeoutError:
        if limit.expired():
            raise TimeoutError(f"not done after {job.timeout:g} s") from None
        raise


class _Slots(BaseTrigger):  # type: ignore[misc]
    """Trigger that wakes the engine at the job's next slot by the given clock, and at least every `poll_seconds`
    before.
    """

    def __init__(self, job: Job, clock: Clock, pace: SchedulerTiming) -> None:
        self._job = job
        self._clock = clock
        self._pace = pace

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Returns the next wake-up in the engine's time."""
        if previous_fire_time is None:
            return now
        time = self._clock()
        wait = (self._job.when.after(time) - time) / 1000
        return now + timedelta(seconds=min(self._pace.poll_seconds, max(wait, self._pace.soonest)))


def result_text(result: object) -> str:
    """Returns a result or an error as one line of text."""
    if result is None:
        return ""
    if isinstance(result, DeskError):
        details = ", ".join(f"{name}: {value}" for name, value in result.details().items())
        return f"{result.code()} ({details})" if details else result.code()
    if isinstance(result, BaseException):
        return " ".join(f"{type(result).__name__}: {result}".split())
    return " ".join(str(result).split())
