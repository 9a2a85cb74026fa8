"""Past, current and future runs of jobs, in PostgreSQL. All queries of the package are made here."""

import random
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum

import asyncpg

from core.database import Database, Pool
from core.job_status import JobRun, JobStatus, RunRequest, RunState
from core.sql import load_queries
from jobs.schedule.job import Job

SQL = load_queries(__package__, "run_store.sql")

TRIES = 3
"""Maximum number of attempts of a run whose process ends each time."""

MAX_RUNS = 200
"""Runs of a job that the history keeps."""

MAX_RESULT_LENGTH = 500
"""Most characters of a result or an error."""

SILENT_SECONDS = 30.0
"""Time without a heartbeat after which a scheduler counts as gone."""


class RunClaim(Enum):
    """Result of a claim to run a slot."""

    OURS = "ours"
    THEIRS = "theirs"
    """The slot is done or is being run by another scheduler, or a newer one is."""
    BUSY = "busy"
    """An earlier run of the job is still in progress on some scheduler."""


class Runs:
    """Store of the runs of one scheduler, identified as `worker`. Every method raises DatabaseUnavailable."""

    def __init__(self, pool: Pool, worker: str = "", *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom())
        self._worker = worker

    # -- for schedulers ------------------------------------------------------------------------

    async def declare(self, jobs: Sequence[Job], now: int) -> None:
        """Records that these jobs have a scheduler, and when each is due next."""
        names, cadences = [job.name for job in jobs], [str(job.when) for job in jobs]
        await self._rows("declare", names, cadences, [moment(job.when.after(now)) for job in jobs])

    async def last(self, jobs: Sequence[Job], now: int) -> Mapping[str, int]:
        """Returns, by job, the newest slot up to `now` that needs no further run."""
        names, again = [job.name for job in jobs], [job.name for job in jobs if job.rerun_interrupted]
        rows = await self._rows("last", names, again, moment(now), TRIES)
        return {row["job"]: milliseconds(row["slot"]) for row in rows}

    async def claim(self, job: Job, slot: int, now: int) -> RunClaim:
        """Claims a slot; returns OURS if this scheduler is to run it."""
        arguments = (job.name, moment(slot), self._worker, job.rerun_interrupted, TRIES, moment(now))
        return await self._claim("claim", *arguments)

    async def claim_asked(self, job: Job, now: int) -> RunClaim:
        """Claims a requested run; returns OURS if this scheduler is to run it."""
        return await self._claim("claim_asked", job.name, moment(now), self._worker)

    async def _claim(self, name: str, *arguments: object) -> RunClaim:
        try:
            return RunClaim.OURS if await self._rows(name, *arguments) else RunClaim.THEIRS
        except asyncpg.UniqueViolationError:  # job_run_one_at_a_time; or requested twice within a millisecond
            return RunClaim.BUSY

    async def asked(self, jobs: Sequence[Job]) -> list[str]:
        """Returns the names of the jobs for which a run is requested."""
        return [row["name"] for row in await self._rows("asked", [job.name for job in jobs])]

    async def beat(self, job: str, slot: int) -> bool:
        """Records a heartbeat. Returns False if the run was abandoned meanwhile and no longer belongs to this
        scheduler.
        """
        return bool(await self._rows("beat", job, moment(slot), self._worker))

    async def finish(self, job: str, slot: int, state: RunState, result: str) -> None:
        """Stores the result of a run, and deletes the oldest runs."""
        await self._rows("finish", job, moment(slot), self._worker, state.value, result[:MAX_RESULT_LENGTH])
        await self._rows("trim", job, MAX_RUNS)

    async def abandon(self, silent_seconds: float, running: Collection[str]) -> list[str]:
        """Abandons runs without a heartbeat, except this scheduler's that are `running`; returns the names of their
        jobs.
        """
        rows = await self._rows("abandon", silent_seconds, self._worker, list(running))
        await self._rows("forget")
        return [row["job"] for row in rows]

    async def leave(self) -> None:
        """Abandons the unfinished runs of this scheduler, which ends."""
        await self._rows("leave", self._worker)

    # -- for operators -------------------------------------------------------------------------

    async def ask(self, name: str, by: str) -> RunRequest | None:
        """Requests an immediate run of the job; returns None if there is no such job."""
        rows = await self._rows("ask", name, by[:128], SILENT_SECONDS)
        return RunRequest(name, rows[0]["asked_at"], rows[0]["attended"]) if rows else None

    async def answer(self, wish: RunRequest) -> JobRun | None:
        """Returns the requested run; None until it has begun."""
        rows = await self._rows("answer", wish.name, wish.at)
        return _run(rows[0]) if rows else None

    async def withdraw(self, name: str) -> bool:
        """Withdraws a request; returns False if the run began meanwhile."""
        return bool(await self._rows("withdraw", name))

    async def jobs(self) -> list[JobStatus]:
        """Returns all jobs, the one that is due next first."""
        return [_known(row) for row in await self._rows("jobs", SILENT_SECONDS)]

    async def history(self, name: str, limit: int) -> list[JobRun]:
        """Returns the newest runs of a job, or of all jobs if the name is ''."""
        return [_run(row) for row in await self._rows("history", name, limit)]

    async def _rows(self, name: str, *arguments: object) -> Sequence[asyncpg.Record]:
        return await self._database.fetch(SQL[name], *arguments)


def _run(row: asyncpg.Record, job: str = "") -> JobRun:
    names = ("slot", "asked", "started", "ended", "worker", "told", "tries")
    return JobRun(job=job or row["job"], state=RunState(row["state"]), **{name: row[name] for name in names})


def _known(row: asyncpg.Record) -> JobStatus:
    failure = (row["failed_at"], row["failed_told"]) if row["failed_at"] else None
    run = _run(row, row["name"]) if row["state"] else None
    return JobStatus(
        name=row["name"],
        cadence=row["cadence"],
        next_at=row["next_at"],
        attended=row["attended"],
        asked=row["asked_at"] is not None,
        run=run,
        failure=failure,
    )


def moment(time: int) -> datetime:
    """Converts UTC ms to a datetime for PostgreSQL."""
    return datetime.fromtimestamp(time // 1000, UTC).replace(microsecond=time % 1000 * 1000)


def milliseconds(at: datetime) -> int:
    """Converts a datetime to UTC ms."""
    return int(at.timestamp()) * 1000 + at.microsecond // 1000
