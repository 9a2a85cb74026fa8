"""Scheduled work as everybody may see it: jobs, their runs and what came of them. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RunState(StrEnum):
    """Of a run."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    ABANDONED = "abandoned"
    """The process that ran it ended, or was told to."""


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a job; `slot` is when it was due, `told` its result or error, `tries` how often it was begun."""

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
    """A job as its scheduler declared it; `attended` while one is there. `failure` is the newest error, and when."""

    name: str
    cadence: str
    next_at: datetime
    attended: bool
    asked: bool
    run: JobRun | None
    failure: tuple[datetime, str] | None


@dataclass(frozen=True, slots=True)
class RunRequest:
    """That the job is run at once, since `at`; `attended` where a scheduler is there to do so."""

    name: str
    at: datetime
    attended: bool
