"""Schedulers on a clock that the test speeds up, and jobs that count their runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import asyncpg

from core.clock import Clock, steady_clock
from jobs.schedule.job import Job
from jobs.schedule.run_store import Runs
from jobs.schedule.scheduler import Scheduler, SchedulerTiming
from tests.patience import PATIENCE_SECONDS

Pool = asyncpg.Pool
HOUR = 3_600_000
DAY = 24 * HOUR
START = 1_700_000_000_000 // DAY * DAY + 12 * HOUR
"""A noon, UTC ms."""

PACE = SchedulerTiming(
    poll_seconds=0.02, heartbeat_seconds=0.05, abandon_seconds=60.0, grace_ms=12 * HOUR, soonest=0.005
)


class Sped:
    """A clock that goes `speed` times as fast as the machine's, and jumps when it is told to."""

    def __init__(self, start: int = START, speed: float = 1.0) -> None:
        self._start, self._begun, self._speed = start, steady_clock(), speed

    def __call__(self) -> int:
        return int(self._start + (steady_clock() - self._begun) * self._speed)

    def jump(self, milliseconds: int) -> None:
        self._start += milliseconds


@asynccontextmanager
async def scheduler(
    pool: Pool, clock: Clock, *jobs: Job, name: str = "one", pace: SchedulerTiming = PACE
) -> AsyncIterator[Runs]:
    runs = Runs(pool, name)
    task = asyncio.create_task(Scheduler(jobs, runs, clock, pace).run())
    try:
        yield runs
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(truth: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await truth():  # noqa: ASYNC110 - it asks the database
            await asyncio.sleep(0.02)


async def run_for_the(times: int, work: "Counted") -> None:
    """Until it was run so often, and a while longer: it may be run once too often."""

    async def so_often() -> bool:
        return work.times >= times

    await until(so_often)
    await asyncio.sleep(0.15)
    assert work.times == times


async def states(pool: Pool) -> list[tuple[str, str]]:
    rows = await pool.fetch("SELECT job, state FROM job_run ORDER BY slot")
    return [(row["job"], row["state"]) for row in rows]


class Counted:
    """Work that counts its runs; the first `failing` ones fail."""

    def __init__(self, *, seconds: float = 0.0, failing: int = 0) -> None:
        self.times = 0
        self._seconds = seconds
        self._failing = failing

    async def __call__(self) -> str:
        self.times += 1
        await asyncio.sleep(self._seconds)
        if self.times <= self._failing:
            raise ValueError(self.times)
        return f"run {self.times}"
