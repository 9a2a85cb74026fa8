"""Commands of operators for the scheduled jobs."""

from collections.abc import Sequence

from bot.arguments.plain_words import LongText
from bot.commands.operators import logged, use_of
from bot.context import Context
from bot.reply import Align, Block, Column, Reply, Table, Text, Tone
from bot.views.buttons import button, rows
from core.job_status import JobRun, JobStatus
from core.text import clean
from people.operators.errors import UnknownJob
from pipeline.market import DAY_MS

LAST = 10

_SHOWN = 120
_MAX_NAMED = 40
_RECENT_MS = 7 * DAY_MS
"""Age up to which a failure is shown (milliseconds)."""


@logged
async def jobs(ctx: Context, name: LongText | None = None) -> Reply:
    """Shows all jobs, or the last runs of one."""
    known = await ctx.services.operating.jobs.jobs()
    found = None if name is None else _named(name, known)
    await ctx.operations.note(use_of(ctx), "shown")
    return _all(known, ctx) if found is None else await _one(found, ctx)


@logged
async def jobs_run(ctx: Context, name: LongText) -> Reply:
    """Requests an immediate run of a job."""
    wish = await ctx.services.operating.jobs.ask(name, f"{ctx.inbound.platform}:{ctx.inbound.external_id}")
    if wish is None:
        raise UnknownJob(clean(name, _MAX_NAMED), "–")
    await ctx.operations.note(use_of(ctx), "asked")
    said = ctx.text("jobs-asked" if wish.attended else "jobs-asked-later", name=name)
    return Reply((Text(said), *rows([button(ctx.text("button-jobs"), "jobs")])))


def _named(name: str, known: Sequence[JobStatus]) -> JobStatus:
    for job in known:
        if job.name == name.casefold().strip():
            return job
    raise UnknownJob(clean(name, _MAX_NAMED), ", ".join(sorted(job.name for job in known)) or "–")


def _all(known: Sequence[JobStatus], ctx: Context) -> Reply:
    title = Text(ctx.text("jobs-title"), Tone.TITLE)
    if not known:
        return Reply((title, Text(ctx.text("jobs-none"))))
    columns = tuple(Column(ctx.text(f"label-{label}")) for label in ("job", "next", "last", "state"))
    table = Table(columns, tuple(_row(job, ctx) for job in known))
    failures = [_failure(job, ctx) for job in known if _failed_lately(job, ctx)]
    return Reply((title, table, *failures))


def _failed_lately(job: JobStatus, ctx: Context) -> bool:
    return job.failure is not None and ctx.services.clock() - job.failure[0].timestamp() * 1000 < _RECENT_MS


def _row(job: JobStatus, ctx: Context) -> tuple[str, ...]:
    now, run = ctx.services.clock(), job.run
    due = ctx.format.brief_moment(job.next_at, now) if job.attended else "–"
    if run is None:
        return job.name, due, "–", ctx.text("jobs-state-none")
    return job.name, due, ctx.format.brief_moment(run.started, now), ctx.text(f"jobs-state-{run.state}")


async def _one(job: JobStatus, ctx: Context) -> Reply:
    title = Text(ctx.text("jobs-history-title", name=job.name), Tone.TITLE)
    next_at = ctx.text("jobs-next", time=ctx.format.moment(job.next_at), cadence=job.cadence)
    due = Text(next_at if job.attended else ctx.text("jobs-unattended"))
    runs = await ctx.services.operating.jobs.history(job.name, LAST)
    buttons = rows(
        [
            button(ctx.text("button-job-run", name=job.name), "jobs_run", job.name),
            button(ctx.text("button-jobs"), "jobs"),
        ]
    )
    if not runs:
        return Reply((title, due, Text(ctx.text("jobs-history-none", name=job.name)), *buttons))
    columns = (
        Column(ctx.text("label-last")),
        Column(ctx.text("label-took"), Align.RIGHT),
        Column(ctx.text("label-state")),
        Column(ctx.text("label-told")),
    )
    failure = () if job.failure is None else (_failure(job, ctx),)
    return Reply((title, due, Table(columns, tuple(_run(run, ctx) for run in runs)), *failure, *buttons))


def _run(run: JobRun, ctx: Context) -> tuple[str, ...]:
    began = ctx.format.brief_moment(run.started, ctx.services.clock())
    took = "–" if run.ended is None else ctx.format.age(round((run.ended - run.started).total_seconds() * 1000))
    return began, took, ctx.text(f"jobs-state-{run.state}"), clean(run.told, _SHOWN) or "–"


def _failure(job: JobStatus, ctx: Context) -> Block:
    at, error = job.failure or (job.next_at, "")
    line = ctx.text("jobs-failed", time=ctx.format.moment(at), error=clean(error, _SHOWN))
    return Text(f"{job.name}: {line}", Tone.NOTE)
