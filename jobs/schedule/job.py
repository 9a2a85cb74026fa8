"""A job, as the table of jobs declares it, and when a run of it is due. Pure."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from jobs.schedule.triggers import When

Work = Callable[[], Awaitable[object]]
"""What it returns is kept as the result, in its own words (`str`); None says nothing."""


class Late(Enum):
    """What becomes of slots that passed while nobody was there to run them."""

    ONCE = "once"
    """One run makes up for all of them, as soon as somebody is there."""
    SKIP = "skip"
    """The next slot is soon enough."""


@dataclass(frozen=True, slots=True)
class Job:
    """`work` is done once for every slot of `when`, one run at a time.

    `timeout` is in seconds. A run that was killed is taken up `again` by whoever is there. What is made up for `late`
    waits until the desk was up for `rest` seconds: heavy work is not the first thing a person should feel.
    """

    name: str
    when: When
    work: Work
    late: Late = Late.ONCE
    timeout: float = 300.0
    again: bool = True
    rest: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """A slot whose time has come; `late` where it passed while nobody was there."""

    slot: int
    late: bool


def due(job: Job, last: int | None, now: int, grace_ms: int) -> Due | None:
    """The newest slot up to `now`, unless it is done: `last` is the newest that was. Older ones are not made up for."""
    slot = job.when.before(now)
    if slot is None or (last is not None and slot <= last):
        return None
    return Due(slot, now - slot > grace_ms)
