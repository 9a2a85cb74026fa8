"""Ports of the operator commands."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.job_status import JobRun, JobStatus, RunRequest
from people.operators.members import OperatorList
from people.operators.platforms import Platforms
from trading.ledger.account_report import AccountReport
from trading.ledger.audit_process import AuditResult

REASON_LIMIT = 200
"""Maximum length of a reason, in characters."""

BROADCAST_LIMIT = 900
"""Maximum length of a broadcast, in characters."""


@dataclass(frozen=True, slots=True)
class OperatorAction:
    """One use of an operator command. Repeating it under the same id has no second effect."""

    command_id: str
    platform: str
    external_id: str
    person_id: int
    line: str


@dataclass(frozen=True, slots=True)
class OperatorLogEntry:
    """A use as stored in the log."""

    at: datetime
    platform: str
    external_id: str
    line: str
    result: str


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A user, by number or by an identity on a platform."""

    platform: str
    external_id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.external_id}" if self.platform else self.external_id


@dataclass(frozen=True, slots=True)
class Halt:
    """A halt of trading: its reason and its start."""

    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """Number of users that a broadcast reaches.

    `private` counts users with a private chat, `direct` users to whom the bot opens a direct message on Discord.
    `missed` counts the others by reason: `banned`, `off`, `blocked`, `group` or `unknown`.
    """

    private: int = 0
    direct: int = 0
    missed: Mapping[str, int] = field(default_factory=dict)

    @property
    def people(self) -> int:
        """Number of users it is sent to."""
        return self.private + self.direct


@dataclass(frozen=True, slots=True)
class BroadcastStatus:
    """A broadcast in progress: rows of the outbox by state, of `chats` in all (one per user)."""

    sent_at: datetime
    chats: int
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine that answered after `latency_ms` and takes `size` bytes."""

    latency_ms: float
    size: int


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """Counts from PostgreSQL. `orders_today` counts since midnight UTC."""

    people: int
    banned: int
    accounts: int
    orders_today: int
    outbox: Mapping[str, int]
    inbox_waiting: int
    alerts_waiting: int
    halt: Halt | None
    sending: BroadcastStatus | None


@dataclass(frozen=True, slots=True)
class Health:
    """Health of the process and its engines. An engine that does not answer is None.

    `uptime_ms` is the time since the start of the process; `memory` is in bytes.
    """

    version: str
    uptime_ms: int
    memory: int
    postgres: Engine | None
    redis: Engine | None


class Operations(Protocol):
    """Store of operator actions. Every method raises DatabaseUnavailable.

    A use is logged in the same transaction as its effect.
    """

    async def halt(self, use: OperatorAction, reason: str) -> bool:
        """Halts trading: no process accepts an order after this.

        False if trading was already halted for that reason.
        """

    async def resume(self, use: OperatorAction) -> bool:
        """Resumes trading. False if trading was open."""

    async def ban(self, use: OperatorAction, who: PersonRef, reason: str) -> int:
        """Bans a user and returns the user's number. Raises UnknownPerson and OperatorProtected."""

    async def unban(self, use: OperatorAction, who: PersonRef) -> tuple[int, bool]:
        """Lifts a ban.

        Returns the user's number, 0 for a user who deleted their data, and False if they were not banned. Raises
        UnknownPerson.
        """

    async def draft(self, use: OperatorAction, token: str, text: str) -> Reach:
        """Stores a broadcast under the token for a limited time. Returns the users that it would reach now."""

    async def send(self, use: OperatorAction, token: str) -> int:
        """Puts the operator's draft into the outbox, once. Returns the number of recipients.

        Raises BroadcastExpired.
        """

    async def drop(self, use: OperatorAction, token: str) -> None:
        """Deletes the operator's draft. Raises BroadcastExpired."""

    async def note(self, use: OperatorAction, result: str) -> None:
        """Logs a use that changes nothing in the database."""

    async def log(self, limit: int) -> Sequence[OperatorLogEntry]:
        """Returns the last uses, newest first."""

    async def counts(self) -> DeskCounts:
        """Returns the counts of stored and of waiting rows."""

    async def account_report(self, who: PersonRef) -> tuple[int, AccountReport]:
        """Returns the user's number and the audit of their accounts. Raises UnknownPerson and TooLongToAudit."""


@dataclass(frozen=True, slots=True)
class LedgerAudit:
    """An audit of the whole ledger after `seconds`.

    It is in progress while there is no `verdict`. `slow` is true if it was cancelled because it took too long.
    """

    seconds: float
    verdict: AuditResult | None = None
    slow: bool = False


class LedgerAudits(Protocol):
    """Audits of the whole ledger, at most one at a time, isolated from other work."""

    async def start(self, patience: float) -> LedgerAudit:
        """Starts an audit unless one is running, and waits for it at most `patience` seconds."""

    async def last(self, patience: float) -> LedgerAudit:
        """Returns the audit that is running or the last one. Starts one if there was none."""


class Jobs(Protocol):
    """Scheduled jobs. Every method raises DatabaseUnavailable."""

    async def jobs(self) -> Sequence[JobStatus]:
        """Returns all jobs, the next due first."""

    async def history(self, name: str, limit: int) -> Sequence[JobRun]:
        """Returns the newest runs of a job."""

    async def ask(self, name: str, by: str) -> RunRequest | None:
        """Requests an immediate run of the job. None if there is no such job."""


@dataclass(frozen=True, slots=True)
class OperatorServices:
    """Dependencies of the operator commands. `bans_changed` triggers a reload of the bans."""

    operators: OperatorList
    operations: Operations
    health: Callable[[], Awaitable[Health]]
    audits: LedgerAudits
    bans_changed: Callable[[], None]
    jobs: Jobs
    platforms: Platforms = field(default_factory=Platforms)
