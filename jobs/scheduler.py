"""The schedule: which job runs when. One scheduler a desk, in UTC."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)

_GRACE_SECONDS = 300
"""How late a run may start; the library's own second would skip runs on a busy machine."""


@dataclass(frozen=True, slots=True)
class Job:
    """`work` is run at once and then every `every_seconds`; a run that is still going is not joined by another."""

    name: str
    every_seconds: int
    work: Callable[[], Awaitable[object]]


async def run_schedule(*jobs: Job) -> None:
    """A service: runs the jobs until it is cancelled. A job that fails is logged and runs again at its next time."""
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"misfire_grace_time": _GRACE_SECONDS, "coalesce": True, "max_instances": 1}
    )
    scheduler.add_listener(_report, EVENT_JOB_ERROR)
    for job in jobs:
        trigger = IntervalTrigger(seconds=job.every_seconds, timezone=UTC)
        scheduler.add_job(job.work, trigger, id=job.name, next_run_time=datetime.now(UTC))
    scheduler.start()
    try:
        await asyncio.Event().wait()
    finally:
        scheduler.shutdown(wait=False)


def _report(event: JobExecutionEvent) -> None:
    log.error("job %s failed", event.job_id, exc_info=event.exception)
