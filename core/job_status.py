"""Status of scheduled work: jobs, their runs and the results. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RunState(StrEnum):
    """State of a run of a job."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    ABANDONED = "abandoned"
    """The process that ran the job ended, or received a signal to end."""


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a job. `slot` is the time at which it was due, `asked` is true if the run was requested,
    `told` is its result or error, and `tries` is the number of times it was started.
    """

    job: str
    slot: datetime
    asked: bool
    state: RunState
    started: datetime
    ended: datetime | None
    worker: str
    told: str
    tries: int


@dataclass(frozen=True, slots=True)
class JobStatus:
    """Job as declared by its scheduler. `attended` is true while a scheduler is present, `asked` while a run is
    requested; `run` is the newest run, and `failure` the time and the text of the newest error.
    """

    name: str
    cadence: str
    next_at: datetime
    attended: bool
    asked: bool
    run: JobRun | None
    failure: tuple[datetime, str] | None


@dataclass(frozen=True, slots=True)
class RunRequest:
    """Request, made at `at`, to run the job at once. `attended` is true if a scheduler is present to serve it."""

    name: str
    at: datetime
    attended: bool
