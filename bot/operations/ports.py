"""What the operators' commands ask of the outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from trading.dossier import Dossier

CONSOLE = "console"
"""The platform whose user owns the machine."""

REASON_LIMIT = 200
"""Characters of a reason."""

BROADCAST_LIMIT = 900
"""Characters of a message to everyone."""


@dataclass(frozen=True, slots=True)
class Operators:
    """Who runs the desk: ids by platform, in the platform's own words."""

    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def include(self, platform: str, external_id: str) -> bool:
        """True for them, and for whoever sits at the console."""
        return platform == CONSOLE or external_id in self.ids.get(platform, ())


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
class Who:
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
class Sending:
    """A broadcast on its way: rows of the outbox by state, of `chats` in all."""

    sent_at: datetime
    chats: int
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine that answered after `latency_ms` and takes `size` bytes."""

    latency_ms: float
    size: int


@dataclass(frozen=True, slots=True)
class Counts:
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
class Condition:
    """How the process and its engines are; None where an engine does not answer."""

    version: str
    started_at: int
    memory: int
    postgres: Engine | None
    redis: Engine | None


class Operations(Protocol):
    """Every method raises LedgerDown. A use enters the log in the transaction of its effect."""

    async def halt(self, use: Use, reason: str) -> bool:
        """No order is accepted after this, in any process; False where trading was halted for that reason already."""

    async def resume(self, use: Use) -> bool:
        """False where trading was open."""

    async def ban(self, use: Use, who: Who, reason: str) -> int:
        """The person's number. Raises UnknownPerson and OperatorProtected."""

    async def unban(self, use: Use, who: Who) -> tuple[int, bool]:
        """The person's number, and False where they were not banned. Raises UnknownPerson."""

    async def draft(self, use: Use, token: str, text: str) -> int:
        """Keeps a broadcast under the token for a while; how many chats it would go to now."""

    async def send(self, use: Use, token: str) -> int:
        """Puts the operator's draft into the outbox, once; how many chats it goes to. Raises BroadcastGone."""

    async def drop(self, use: Use, token: str) -> None:
        """Forgets the operator's draft. Raises BroadcastGone."""

    async def note(self, use: Use, result: str) -> None:
        """Logs a use that changes nothing here."""

    async def log(self, limit: int) -> Sequence[Logged]:
        """The last uses, newest first."""

    async def counts(self) -> Counts:
        """What there is, and what waits."""

    async def condition(self) -> Condition:
        """How the process and its engines are."""

    async def dossier(self, who: Who) -> tuple[int, Dossier]:
        """The person's number and the audit of their accounts. Raises UnknownPerson and TooLongToAudit."""

    async def banned(self) -> Mapping[int, str]:
        """The reason of every ban, by person."""

    def audit_all(self, use: Use) -> bool:
        """Begins an audit of the whole ledger, whose result is sent to the operator's chat; False while one runs."""
