"""A job, as the table of jobs declares it, and the slots in which it is due. Pure."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from jobs.schedule.triggers import When

Work = Callable[[], Awaitable[object]]
"""Function of a job. Its return value is stored as the result, as `str`; None stores no text."""


class MisfirePolicy(Enum):
    """Treatment of slots that passed while no scheduler was running."""

    ONCE = "once"
    """One run makes up for all of them, as soon as a scheduler runs. A run that was asked for since does, too."""
    SKIP = "skip"
    """They are skipped; the job runs at its next slot."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job: `work` runs once for every slot of `when`, one run at a time.

    `timeout` is in seconds. With `rerun_interrupted`, any scheduler repeats a run that was killed. A run that makes up
    for `misfire` slots waits until the desk has been up for `startup_delay` seconds, so that heavy work does not slow
    down its first answers.
    """

    name: str
    when: When
    work: Work
    misfire: MisfirePolicy = MisfirePolicy.ONCE
    timeout: float = 300.0
    rerun_interrupted: bool = True
    startup_delay: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """A slot whose time has come; `late` if it passed while no scheduler was running."""

    slot: int
    late: bool


def due(job: Job, last: int | None, now: int, grace_ms: int) -> Due | None:
    """Returns the newest slot up to `now`; None if it is done: `last` is the newest slot that was. Older slots are not
    made up for.
    """
    slot = job.when.before(now)
    if slot is None or (last is not None and slot <= last):
        return None
    return Due(slot, now - slot > grace_ms)
