"""What operators do, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.middleware.bans import Bans
from core.job_status import JobRun, JobStatus, RunRequest, RunState
from people.operators.errors import BroadcastExpired, OperatorProtected, UnknownPerson
from people.operators.members import OperatorList
from people.operators.ports import (
    BroadcastStatus,
    DeskCounts,
    Engine,
    Halt,
    Health,
    LedgerAudit,
    OperatorAction,
    OperatorLogEntry,
    OperatorServices,
    PersonRef,
    Reach,
)
from trading.ledger.account_report import AccountAudit, AccountReport
from trading.ledger.audit_process import AuditResult
from trading.orders.types import Balance, HistoryLine
from trading.ports import Account

OPERATOR = "1"
"""Runs the desk on the platform `fake`."""

AT = datetime(2021, 4, 1, 18, tzinfo=UTC)


class MemoryOperations:
    """Halts, bans, drafts and the log; `people` are the numbers of those who were met."""

    def __init__(self, operators: OperatorList) -> None:
        self._operators = operators
        self.identities: dict[tuple[str, str], int] = {}
        self.uses: dict[str, tuple[OperatorAction, str]] = {}
        self.halted: str | None = None
        self.bans: dict[int, str] = {}
        self.drafts: dict[str, tuple[int, str]] = {}
        self.sent: list[str] = []
        self.reach = Reach(3)
        self.whole = True
        self.findings: tuple[str, ...] = ()

    async def halt(self, use: OperatorAction, reason: str) -> bool:
        changed = self.halted != reason
        self.halted = reason
        await self.note(use, "halted")
        return changed

    async def resume(self, use: OperatorAction) -> bool:
        changed = self.halted is not None
        self.halted = None
        await self.note(use, "resumed")
        return changed

    async def ban(self, use: OperatorAction, who: PersonRef, reason: str) -> int:
        person = self._find(who)
        if any(number == person and self._operators.include(*name) for name, number in self.identities.items()):
            raise OperatorProtected(str(who))
        self.bans[person] = reason
        await self.note(use, f"banned {person}")
        return person

    async def unban(self, use: OperatorAction, who: PersonRef) -> tuple[int, bool]:
        person = self._find(who)
        await self.note(use, f"unbanned {person}")
        return person, self.bans.pop(person, None) is not None

    async def draft(self, use: OperatorAction, token: str, text: str) -> Reach:
        self.drafts[token] = (use.person_id, text)
        await self.note(use, "drafted")
        return self.reach

    async def send(self, use: OperatorAction, token: str) -> int:
        self.sent.append(self._take(use, token))
        await self.note(use, "sent")
        return self.reach.people

    async def drop(self, use: OperatorAction, token: str) -> None:
        self._take(use, token)
        await self.note(use, "dropped")

    async def note(self, use: OperatorAction, result: str) -> None:
        assert len(use.line) <= 1000
        self.uses.setdefault(use.command_id, (use, result))

    async def log(self, limit: int) -> Sequence[OperatorLogEntry]:
        newest = list(reversed(self.uses.values()))[:limit]
        return [OperatorLogEntry(AT, use.platform, use.external_id, use.line, result) for use, result in newest]

    async def counts(self) -> DeskCounts:
        halt = None if self.halted is None else Halt(self.halted, AT)
        sending = BroadcastStatus(AT, 3, {"sent": 1, "pending": 1, "dead": 1}) if self.sent else None
        outbox = {"sent": 40, "pending": 2, "dead": 1}
        return DeskCounts(12, len(self.bans), 10, 34, outbox, 1, 5, halt, sending)

    async def account_report(self, who: PersonRef) -> tuple[int, AccountReport]:
        person = self._find(who)
        account = Account(100 + person, person, "simulator", "USDC", 1, Decimal(1_000_000), AT)
        balances = (Balance("USDC", Decimal(999_000), Decimal(0)), Balance("BTC", Decimal("0.0172"), Decimal(0)))
        grant = HistoryLine(None, AT, "grant", None, Decimal(0), None, Decimal(1_000_000), Decimal(0), None, None)
        return person, AccountReport((AccountAudit(account, 2, balances, (grant,), self.findings),), self.whole)

    async def banned(self) -> Mapping[int, str]:
        return dict(self.bans)

    def _find(self, who: PersonRef) -> int:
        known = self.identities.get((who.platform, who.external_id)) if who.platform else int(who.external_id)
        if known is None or known not in self.identities.values():
            raise UnknownPerson(str(who))
        return known

    def _take(self, use: OperatorAction, token: str) -> str:
        owner, text = self.drafts.get(token, (None, ""))
        if owner != use.person_id:
            raise BroadcastExpired
        del self.drafts[token]
        return text


class MemoryAudits:
    """An audit that takes as long as it is told to."""

    def __init__(self) -> None:
        self.now = LedgerAudit(0.4, AuditResult(entries=7))
        self.begun = 0

    async def start(self, patience: float) -> LedgerAudit:
        self.begun += 1
        return self.now

    async def last(self, patience: float) -> LedgerAudit:
        return self.now


class MemoryJobs:
    """Two jobs: one that went well, one that did not."""

    def __init__(self) -> None:
        self.attended = True
        self.failed_at = AT
        self.asked: list[tuple[str, str]] = []
        later = AT + timedelta(minutes=3)
        done = JobRun(
            "training",
            AT,
            state=RunState.DONE,
            asked=False,
            started=AT,
            ended=later,
            worker="desk:1",
            told="champion 3",
            tries=1,
        )
        gone = replace(done, job="quality", state=RunState.FAILED, told="MarketUnavailable: <b>no</b> answer")
        self.runs = [done, gone]

    async def jobs(self) -> list[JobStatus]:
        day = AT + timedelta(days=1)
        done, gone = self.runs
        return [
            JobStatus("training", "0 0 * * * UTC", day, self.attended, asked=False, run=done, failure=None),
            JobStatus(
                "quality",
                "10 0 * * * UTC",
                day,
                self.attended,
                asked=False,
                run=gone,
                failure=(self.failed_at, gone.told),
            ),
            JobStatus("expire", "every 1 h", day, self.attended, asked=False, run=None, failure=None),
        ]

    async def history(self, name: str, limit: int) -> list[JobRun]:
        return [run for run in self.runs if run.job == name][:limit]

    async def ask(self, name: str, by: str) -> RunRequest | None:
        if name not in {job.name for job in await self.jobs()}:
            return None
        self.asked.append((name, by))
        return RunRequest(name, AT, self.attended)


class MemoryOperating:
    """The whole part, with its check."""

    def __init__(self, identities: dict[tuple[str, str], int]) -> None:
        operators = OperatorList({"fake": frozenset((OPERATOR,))})
        self.operations = MemoryOperations(operators)
        self.operations.identities = identities
        self.audits = MemoryAudits()
        self.jobs = MemoryJobs()
        self.condition = Health("1.2.3", 3_600_000, 120 << 20, Engine(0.42, 30 << 20), Engine(0.11, 2 << 20))
        self.bans = Bans(self.operations)
        self.operating = OperatorServices(
            operators, self.operations, self._look, self.audits, self.bans.forget, self.jobs
        )

    async def _look(self) -> Health:
        return self.condition
