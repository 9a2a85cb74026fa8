"""What the operators' commands ask of the outside."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.job_status import JobRun, JobStatus, RunRequest
from people.operators.members import OperatorList
from people.operators.platforms import Platforms
from trading.ledger.account_report import Dossier
from trading.ledger.audit_process import AuditResult

REASON_LIMIT = 200
"""Characters of a reason."""

BROADCAST_LIMIT = 900
"""Characters of a message to everyone."""


@dataclass(frozen=True, slots=True)
class Use:
    """One use of an operator's command; repeated under its id it has no second effect."""

    command_id: str
    platform: str
    external_id: str
    person_id: int
    line: str


@dataclass(frozen=True, slots=True)
class Logged:
    """A use as the log keeps it."""

    at: datetime
    platform: str
    external_id: str
    line: str
    result: str


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person by number, or by an identity on a platform."""

    platform: str
    external_id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.external_id}" if self.platform else self.external_id


@dataclass(frozen=True, slots=True)
class Halt:
    """Trading is halted since then."""

    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people a broadcast reaches: in their `private` chats, and by a `direct` message that the desk opens on
    Discord. `missed` counts the others by the reason: `banned`, `off`, `blocked`, `group` or `unknown`."""

    private: int = 0
    direct: int = 0
    missed: Mapping[str, int] = field(default_factory=dict)

    @property
    def people(self) -> int:
        """Everyone it is sent to."""
        return self.private + self.direct


@dataclass(frozen=True, slots=True)
class Sending:
    """A broadcast on its way: rows of the outbox by state, of `chats` (one a person) in all."""

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
    """What PostgreSQL holds; `orders_today` since midnight UTC."""

    people: int
    banned: int
    accounts: int
    orders_today: int
    outbox: Mapping[str, int]
    inbox_waiting: int
    alerts_waiting: int
    halt: Halt | None
    sending: Sending | None


@dataclass(frozen=True, slots=True)
class Health:
    """How the process and its engines are; None where an engine does not answer. Up for `uptime_ms`; `memory` in
    bytes."""

    version: str
    uptime_ms: int
    memory: int
    postgres: Engine | None
    redis: Engine | None


class Operations(Protocol):
    """Every method raises DatabaseUnavailable. A use enters the log in the transaction of its effect."""

    async def halt(self, use: Use, reason: str) -> bool:
        """No order is accepted after this, in any process; False where trading was halted for that reason already."""

    async def resume(self, use: Use) -> bool:
        """False where trading was open."""

    async def ban(self, use: Use, who: PersonRef, reason: str) -> int:
        """The person's number. Raises UnknownPerson and OperatorProtected."""

    async def unban(self, use: Use, who: PersonRef) -> tuple[int, bool]:
        """The person's number, 0 for one who deleted their data, and False where they were not banned. Raises
        UnknownPerson."""

    async def draft(self, use: Use, token: str, text: str) -> Reach:
        """Keeps a broadcast under the token for a while; whom it would reach now."""

    async def send(self, use: Use, token: str) -> int:
        """Puts the operator's draft into the outbox, once; how many people it goes to. Raises BroadcastGone."""

    async def drop(self, use: Use, token: str) -> None:
        """Forgets the operator's draft. Raises BroadcastGone."""

    async def note(self, use: Use, result: str) -> None:
        """Logs a use that changes nothing here."""

    async def log(self, limit: int) -> Sequence[Logged]:
        """The last uses, newest first."""

    async def counts(self) -> DeskCounts:
        """What there is, and what waits."""

    async def dossier(self, who: PersonRef) -> tuple[int, Dossier]:
        """The person's number and the audit of their accounts. Raises UnknownPerson and TooLongToAudit."""


@dataclass(frozen=True, slots=True)
class LedgerAudit:
    """An audit of the whole ledger after `seconds`: under way while there is no `verdict`; `slow` where it was given up
    for the time it took."""

    seconds: float
    verdict: AuditResult | None = None
    slow: bool = False


class LedgerAudits(Protocol):
    """At most one audit of the whole ledger at a time, away from everything else."""

    async def begin(self, patience: float) -> LedgerAudit:
        """Begins one, unless one is under way, and waits for it so many seconds."""

    async def last(self, patience: float) -> LedgerAudit:
        """The last one, or the one that is under way; begins one where there was none."""


class Jobs(Protocol):
    """The desk's scheduled work. Every method raises DatabaseUnavailable."""

    async def jobs(self) -> Sequence[JobStatus]:
        """All of them, what is due next first."""

    async def history(self, name: str, limit: int) -> Sequence[JobRun]:
        """The newest runs of a job."""

    async def ask(self, name: str, by: str) -> RunRequest | None:
        """Wants the job run at once; None where there is no such job."""


@dataclass(frozen=True, slots=True)
class Operating:
    """Everything the operators' commands need. `bans_changed`: asks anew who is banned."""

    operators: OperatorList
    operations: Operations
    condition: Callable[[], Awaitable[Health]]
    audits: LedgerAudits
    bans_changed: Callable[[], None]
    jobs: Jobs
    platforms: Platforms = field(default_factory=Platforms)
