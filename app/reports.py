"""What a command line tells of a desk and then ends."""

import sys

import asyncpg

from app.errors import DatabaseUnreachable
from app.migrate import where
from trading import audit


async def run_audit(dsn: str) -> int:
    """Prints what the audit finds; 0 when every promise holds, else 1. Raises DatabaseUnreachable."""
    try:
        code, text = await audit.run_audit(dsn)
    except (OSError, asyncpg.PostgresError) as error:
        raise DatabaseUnreachable(where(dsn)) from error
    sys.stdout.write(text + "\n")
    return code
