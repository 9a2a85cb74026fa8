"""What was run, is running and shall run, in PostgreSQL: the only file of this package that speaks to it."""

import random
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum

import asyncpg

from core.database import Connection, Database, Pool
from core.job_status import JobRun, JobStatus, RunRequest, RunState
from core.sql import load_queries
from jobs.schedule.job import Job

SQL = load_queries(__package__, "run_store.sql")

TRIES = 3
"""So often a run is begun whose process dies each time."""

KEPT = 200
"""Runs of a job in the history."""

TOLD_LIMIT = 500
"""Characters of a result or an error."""

SILENT_SECONDS = 30.0
"""A scheduler without a sign of life for so long is gone."""


class RunClaim(Enum):
    """What became of the wish to run a slot."""

    OURS = "ours"
    THEIRS = "theirs"
    """It is done, or done by another, or a newer one is."""
    BUSY = "busy"
    """An earlier run of the job is still under way somewhere."""


class Runs:
    """Of one scheduler, which signs as `worker`. Everything raises DatabaseUnavailable."""

    def __init__(self, pool: Pool, worker: str = "", *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom())
        self._worker = worker

    # -- what a scheduler needs ----------------------------------------------------------------

    async def declare(self, jobs: Sequence[Job], now: int) -> None:
        """Says that these jobs have a scheduler, and when each is due next."""
        names, cadences = [job.name for job in jobs], [str(job.when) for job in jobs]
        await self._rows("declare", names, cadences, [moment(job.when.after(now)) for job in jobs])

    async def last(self, jobs: Sequence[Job], now: int) -> Mapping[str, int]:
        """By job, the newest slot up to now that needs no run any more."""
        names, again = [job.name for job in jobs], [job.name for job in jobs if job.again]
        rows = await self._rows("last", names, again, moment(now), TRIES)
        return {row["job"]: milliseconds(row["slot"]) for row in rows}

    async def claim(self, job: Job, slot: int, now: int) -> RunClaim:
        """Whether this scheduler is the one that runs it."""
        arguments = (job.name, moment(slot), self._worker, job.again, TRIES, moment(now))
        return await self._claim("claim", *arguments)

    async def claim_asked(self, job: Job, now: int) -> RunClaim:
        """The same for a run that somebody asked for."""
        return await self._claim("claim_asked", job.name, moment(now), self._worker)

    async def _claim(self, name: str, *arguments: object) -> RunClaim:
        try:
            return RunClaim.OURS if await self._rows(name, *arguments) else RunClaim.THEIRS
        except asyncpg.UniqueViolationError:  # job_run_one_at_a_time; or asked for twice within a millisecond
            return RunClaim.BUSY

    async def asked(self, jobs: Sequence[Job]) -> list[str]:
        """The names of those that somebody asked for."""
        return [row["name"] for row in await self._rows("asked", [job.name for job in jobs])]

    async def beat(self, job: str, slot: int) -> bool:
        """A sign of life; False where the run was taken for abandoned meanwhile and is no longer ours."""
        return bool(await self._rows("beat", job, moment(slot), self._worker))

    async def finish(self, job: str, slot: int, state: RunState, told: str) -> None:
        """Keeps what came of it, and forgets the oldest runs."""
        await self._rows("finish", job, moment(slot), self._worker, state.value, told[:TOLD_LIMIT])
        await self._rows("trim", job, KEPT)

    async def abandon(self, silent_seconds: float, running: Collection[str]) -> list[str]:
        """Gives up runs without a sign of life, but for ours that are `running`; the names of their jobs."""
        rows = await self._rows("abandon", silent_seconds, self._worker, list(running))
        await self._rows("forget")
        return [row["job"] for row in rows]

    async def leave(self) -> None:
        """Gives up what is still under way here: its scheduler ends."""
        await self._rows("leave", self._worker)

    # -- what people need ----------------------------------------------------------------------

    async def ask(self, name: str, by: str) -> RunRequest | None:
        """Wants the job run at once; None where there is no such job."""
        rows = await self._rows("ask", name, by[:128], SILENT_SECONDS)
        return RunRequest(name, rows[0]["asked_at"], rows[0]["attended"]) if rows else None

    async def answer(self, wish: RunRequest) -> JobRun | None:
        """The run that was wished for, once it has begun."""
        rows = await self._rows("answer", wish.name, wish.at)
        return _run(rows[0]) if rows else None

    async def withdraw(self, name: str) -> bool:
        """No longer wants it; False where it began meanwhile."""
        return bool(await self._rows("withdraw", name))

    async def jobs(self) -> list[JobStatus]:
        """All of them, what is due next first."""
        return [_known(row) for row in await self._rows("jobs", SILENT_SECONDS)]

    async def history(self, name: str, limit: int) -> list[JobRun]:
        """The newest runs of a job, or of all jobs where the name is ''."""
        return [_run(row) for row in await self._rows("history", name, limit)]

    async def _rows(self, name: str, *arguments: object) -> Sequence[asyncpg.Record]:
        async def work(connection: Connection) -> list[asyncpg.Record]:
            return await connection.fetch(SQL[name], *arguments)

        return await self._database.run(work)


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
    """UTC ms as PostgreSQL takes it."""
    return datetime.fromtimestamp(time // 1000, UTC).replace(microsecond=time % 1000 * 1000)


def milliseconds(at: datetime) -> int:
    """The other way."""
    return int(at.timestamp()) * 1000 + at.microsecond // 1000
