"""Commands that print a report on a desk and end."""

import sys

from app.database.migrate import ROLE
from app.database.queries import where
from app.errors import DatabaseUnreachable
from bot.platforms.console.sanitize import many_lines
from core.postgres.client import create_pool
from core.postgres.errors import CUT_OFF, NO_ANSWER
from people.notifications import outbox_report
from trading.ledger import audit


async def run_audit(dsn: str) -> int:
    """Prints the findings of the audit. Returns 0 if every invariant holds, else 1. Raises DatabaseUnreachable."""
    try:
        code, text = await audit.run_audit(dsn)
    except NO_ANSWER as error:
        raise DatabaseUnreachable(where(dsn)) from error
    sys.stdout.write(many_lines(text) + "\n")
    return code


async def run_outbox(dsn: str, redrive: int | None) -> int:
    """Prints the outbox; with `redrive`, sends that row again first. Returns 1 if there is no such row to send.

    Raises DatabaseUnreachable.
    """
    try:
        async with create_pool(dsn, min_size=1, max_size=1, server_settings={"role": ROLE}) as pool:
            found = redrive is None or await outbox_report.redrive(pool, redrive)
            text = await outbox_report.outbox_report(pool)
    except CUT_OFF as error:
        raise DatabaseUnreachable(where(dsn)) from error
    sys.stdout.write(many_lines(text) + "\n")
    return 0 if found else 1
