"""Audit of the whole ledger, in a separate process so that trading is not slowed down."""

import asyncio
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from types import TracebackType
from typing import Self

import msgspec

from core.system.child_env import python_env
from people.operators.ports import LedgerAudit
from trading.ledger import audit_process
from trading.ledger.audit_process import AuditResult

LIMIT_SECONDS = 600.0


class AuditProcess:
    """`people.operators.ports.LedgerAudits`. An audit in progress is cancelled when the context ends."""

    def __init__(self, dsn: str, *, limit_seconds: float = LIMIT_SECONDS) -> None:
        self._dsn = dsn
        self._limit = limit_seconds
        self._task: asyncio.Task[LedgerAudit] | None = None
        self._begun = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def start(self, patience: float) -> LedgerAudit:
        """Starts an audit unless one is running, and waits for it at most `patience` seconds."""
        if self._task is None or self._task.done():
            self._begun = time.monotonic()
            self._task = asyncio.create_task(self._run())
        return await self._wait(self._task, patience)

    async def last(self, patience: float) -> LedgerAudit:
        """Returns the audit that is running or the last one. Starts one if there was none."""
        return await (self.start(patience) if self._task is None else self._wait(self._task, patience))

    async def _wait(self, task: "asyncio.Task[LedgerAudit]", patience: float) -> LedgerAudit:
        await asyncio.wait((task,), timeout=patience)
        return task.result() if task.done() else LedgerAudit(time.monotonic() - self._begun)

    async def _run(self) -> LedgerAudit:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            audit_process.__name__,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=python_env(database=True),
        )
        try:
            async with asyncio.timeout(self._limit):
                told, _ = await process.communicate(self._dsn.encode())
        except TimeoutError:
            return LedgerAudit(time.monotonic() - self._begun, slow=True)
        finally:
            await _end(process)
        return LedgerAudit(time.monotonic() - self._begun, _verdict(told))


def _verdict(output: bytes) -> AuditResult:
    try:
        return msgspec.json.decode(output, type=AuditResult)
    except msgspec.MsgspecError:
        return AuditResult(failed="the process ended without a verdict")


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()
