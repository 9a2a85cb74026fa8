"""Runs the audit as a process of its own, `python -m trading.ledger.audit_process`, apart from the one that starts it.

Reads the database's address from standard input, since other users can see arguments, and writes the result as JSON.
"""

import asyncio
import os
import sys
from contextlib import suppress

import msgspec

from trading.ledger.audit import audited

_POLITE = 10
"""Niceness of the audit: trading has priority."""

MAX_SHOWN = 5


class AuditResult(msgspec.Struct, frozen=True):
    """Result of an audit. `first` are the first findings as texts, of `findings` in all; `failed` names the error that
    ended the audit early.

    `uncompared` orders have no archived candle to compare their prices with.
    """

    entries: int = 0
    findings: int = 0
    first: tuple[str, ...] = ()
    uncompared: int = 0
    failed: str = ""


async def run_audit(dsn: str) -> AuditResult:
    """Runs the audit and returns its result. Returns errors of the database as `failed` and raises none."""
    try:
        found = await audited(dsn)
    except Exception as error:  # noqa: BLE001 - only its class is reported: the text may hold the address
        return AuditResult(failed=type(error).__name__)
    first = tuple(str(finding)[:300] for finding in found.findings[:MAX_SHOWN])
    return AuditResult(found.entries, len(found.findings), first, found.uncompared)


def main() -> None:
    """Writes the result of one audit."""
    with suppress(OSError):
        os.nice(_POLITE)
    dsn = sys.stdin.read()
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(run_audit(dsn))))


if __name__ == "__main__":
    main()
