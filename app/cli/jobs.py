"""`paperdesk jobs list|run NAME|history [NAME]`: the scheduled jobs of a desk, from the command line."""

import asyncio
import random
import sys
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.table import Table

from app.cli.tables import plain_console, plain_table
from app.connections.stores import open_pool
from app.database.queries import where
from app.errors import DatabaseUnreachable, NoScheduler
from bot.platforms.console.locale_hints import timezone_hint
from core.errors import DatabaseUnavailable
from core.job_status import JobRun, JobStatus, RunRequest, RunState
from core.text import clean
from jobs.schedule.run_store import Runs
from people.operators.errors import UnknownJob

_SHOWN = 40
_BEGINS_SECONDS = 30.0
_POLL_SECONDS = 0.2
_RESULT_LENGTH = 200


async def run_verb(dsn: str, verb: str, name: str) -> int:
    """Runs one of the three verbs. Returns 1 if a requested run failed.

    Raises UnknownJob, NoScheduler and DatabaseUnreachable.
    """
    try:
        async with open_pool(dsn) as pool:
            runs = Runs(pool, jitter=random.Random())  # noqa: S311 - spreads retries, guards nothing
            known = await runs.jobs()
            if name and name not in {job.name for job in known}:
                raise UnknownJob(name, ", ".join(sorted(job.name for job in known)) or "-")
            if verb == "run":
                return await _run(runs, name)
            _print(_jobs(known) if verb == "list" else _history(await runs.history(name, _SHOWN)))
            return 0
    except DatabaseUnavailable as error:
        raise DatabaseUnreachable(where(dsn)) from error


async def _run(runs: Runs, name: str) -> int:
    """Requests the run from the scheduler and waits until it is over."""
    wish = await runs.ask(name, "command line")
    if wish is None:
        raise UnknownJob(name, "-")
    run = await _begun(runs, wish)
    if run is None:
        raise NoScheduler(name)
    sys.stdout.write(f"{clean(name, _RESULT_LENGTH)}: begun by {clean(run.worker, _RESULT_LENGTH)}\n")
    sys.stdout.flush()
    while run is not None and run.state is RunState.RUNNING:
        await asyncio.sleep(_POLL_SECONDS)
        run = await runs.answer(wish)
    if run is None:
        raise NoScheduler(name)
    sys.stdout.write(
        f"{clean(name, _RESULT_LENGTH)}: {run.state.value} after {_took(run)}: "
        f"{clean(run.told, _RESULT_LENGTH) or '-'}\n"
    )
    return 0 if run.state is RunState.DONE else 1


async def _begun(runs: Runs, wish: RunRequest) -> JobRun | None:
    """Waits for the start of the run. None if no scheduler takes it; the request is then withdrawn."""
    for _ in range(round(_BEGINS_SECONDS / _POLL_SECONDS) if wish.attended else 0):
        if (run := await runs.answer(wish)) is not None:
            return run
        await asyncio.sleep(_POLL_SECONDS)
    return None if await runs.withdraw(wish.name) else await runs.answer(wish)


def _jobs(known: Sequence[JobStatus]) -> Table:
    table = plain_table("job", "when", "next", "last run", "state", "result", "last error")
    for job in known:
        run = job.run
        last = (_time(run.started), run.state.value, run.told) if run else ("-", "-", "")
        failure = f"{_time(job.failure[0])} {job.failure[1]}" if job.failure else ""
        due = _time(job.next_at) if job.attended else "no scheduler"
        table.add_row(*(clean(cell, _RESULT_LENGTH) for cell in (job.name, job.cadence, due, *last, failure)))
    return table


def _history(runs: Sequence[JobRun]) -> Table:
    table = plain_table("job", "due", "began", "took", "state", "by", "result")
    for run in runs:
        due = "asked for" if run.asked else _time(run.slot)
        cells = (run.job, due, _time(run.started), _took(run), run.state.value, run.worker, run.told)
        table.add_row(*(clean(cell, _RESULT_LENGTH) for cell in cells))
    return table


def _print(table: Table) -> None:
    plain_console(240).print(table if table.row_count else "nothing yet: no scheduler has started")


def _took(run: JobRun) -> str:
    return "-" if run.ended is None else f"{(run.ended - run.started).total_seconds():.1f} s"


def _time(at: datetime) -> str:
    """Returns the time as text in the zone of the machine."""
    return at.astimezone(ZoneInfo(timezone_hint())).strftime("%Y-%m-%d %H:%M:%S")
