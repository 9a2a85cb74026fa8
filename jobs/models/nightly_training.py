"""Nightly job: trains the models, then moves minutes from Redis into the archive, then trims Redis."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence

from core.job_status import JobRun
from jobs.schedule.run_store import milliseconds
from ml.registry.records import ModelRow

Part = Callable[[], Awaitable[object]]


async def run_nightly(train: Part | None, trim: Part, seconds: float) -> str:
    """Trains the models, then archives and trims, and returns both results as text. Without `train`, only trims.

    Training takes `seconds` at most. Even if it fails, the archive is filled and Redis trimmed after it; only then is
    its error raised.
    """
    learnt: object = "no training here"
    failure: Exception | None = None
    try:
        if train is not None:
            async with asyncio.timeout(seconds):
                learnt = await train()
    except Exception as error:  # noqa: BLE001 - raised below
        failure = error
    trimmed = await trim()
    if failure is not None:
        raise failure
    return f"{learnt}; {trimmed}"


def trained_since(run: JobRun, newest: Sequence[ModelRow], horizons: Collection[int]) -> bool:
    """Returns whether models of all horizons were trained since the run was due, as by `paperdesk train`.

    `newest` are the newest models of the market. A run that was asked for always trains.
    """
    due = milliseconds(run.slot)
    fresh = {row.horizon for row in newest if row.trained_at >= due}
    return not run.asked and fresh >= set(horizons)
