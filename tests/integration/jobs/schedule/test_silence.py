"""A scheduler to whom PostgreSQL is away for longer than it may be silent."""

import asyncio

import asyncpg

from core.errors import DatabaseUnavailable
from jobs.schedule.job import Job
from jobs.schedule.run_store import Runs
from jobs.schedule.scheduler import Scheduler, SchedulerTiming
from jobs.schedule.triggers import IntervalTrigger
from tests.integration.jobs.schedule.sped_time import HOUR, Sped, until

Pool = asyncpg.Pool
SILENT = 0.2
PACE = SchedulerTiming(
    poll_seconds=0.02, heartbeat_seconds=3600.0, abandon_seconds=SILENT, grace_ms=12 * HOUR, soonest=0.005
)
"""No sign of life comes between the return of PostgreSQL and the next look for the dead."""


class Cut(Runs):
    """Raises DatabaseUnavailable while `away`; `looks` are those for the dead that were answered."""

    away = False
    looks = 0

    async def _rows(self, name: str, *arguments: object) -> "list[asyncpg.Record]":
        if self.away:
            raise DatabaseUnavailable
        rows = await super()._rows(name, *arguments)
        self.looks += name == "abandon"
        return rows


async def test_a_scheduler_never_abandons_its_own_run(pool: Pool) -> None:
    runs, release, worked = Cut(pool, "one"), asyncio.Event(), 0

    async def work() -> str:
        nonlocal worked
        worked += 1
        await release.wait()
        return "worked"

    async def silent() -> bool:
        longest = "SELECT beat < clock_timestamp() - make_interval(secs => $1) FROM job_run"
        return bool(await pool.fetchval(longest, SILENT))

    async def looked() -> bool:
        return runs.looks > seen + 1

    async def ended() -> bool:
        return bool(await pool.fetchval("SELECT ended IS NOT NULL FROM job_run"))

    job = Job("slow", IntervalTrigger(HOUR), work, rerun_interrupted=True)
    task = asyncio.create_task(Scheduler([job], runs, Sped(), PACE).run())
    try:

        async def begun() -> bool:
            return worked == 1

        await until(begun)
        runs.away = True
        await until(silent)
        seen, runs.away = runs.looks, False
        await until(looked)
        release.set()
        await until(ended)
    finally:
        task.cancel()
        await asyncio.wait([task])
    assert [tuple(row) for row in await pool.fetch("SELECT state, tries, told FROM job_run")] == [("done", 1, "worked")]
    assert worked == 1
