"""What a command line tells of a desk and then ends."""

import sys

from app.database.migrate import ROLE
from app.database.queries import where
from app.errors import DatabaseUnreachable
from core.postgres.client import create_pool
from core.postgres.errors import CUT_OFF, NO_ANSWER
from people.notifications import outbox_report
from trading.ledger import audit


async def run_audit(dsn: str) -> int:
    """Prints what the audit finds; 0 when every promise holds, else 1. Raises DatabaseUnreachable."""
    try:
        code, text = await audit.run_audit(dsn)
    except NO_ANSWER as error:
        raise DatabaseUnreachable(where(dsn)) from error
    sys.stdout.write(text + "\n")
    return code


async def run_outbox(dsn: str, redrive: int | None) -> int:
    """Prints the outbox; with `redrive` sends that row again first, and returns 1 where there is none to send."""
    try:
        async with create_pool(dsn, min_size=1, max_size=1, server_settings={"role": ROLE}) as pool:
            found = redrive is None or await outbox_report.redrive(pool, redrive)
            text = await outbox_report.outbox_report(pool)
    except CUT_OFF as error:
        raise DatabaseUnreachable(where(dsn)) from error
    sys.stdout.write(text + "\n")
    return 0 if found else 1
