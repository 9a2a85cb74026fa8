"""Single statements to a PostgreSQL server from outside the event loop, through the driver of the desk."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote, urlsplit

import asyncpg

from app.errors import DatabaseUnreachable
from app.exposure import why
from core.postgres.client import connect
from core.postgres.errors import CUT_OFF, NO_ANSWER

CONNECT_SECONDS = 10


def fetch(dsn: str, statement: str, *values: object) -> "list[asyncpg.Record]":
    """Returns the rows, over a connection of its own. Raises DatabaseUnreachable, asyncpg.PostgresError.

    Blocks. Uses a thread with a loop of its own, so it also works if the calling thread runs a loop.
    """
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, _fetch(dsn, statement, *values)).result()


def where(dsn: str) -> str:
    """Returns the host, port and database of an address, without its password."""
    parts = urlsplit(dsn)
    return unquote(parts.netloc.rpartition("@")[2]) + parts.path


async def _fetch(dsn: str, statement: str, *values: object) -> "list[asyncpg.Record]":
    try:
        connection = await connect(dsn, timeout=CONNECT_SECONDS)
    except (ValueError, *NO_ANSWER) as error:  # an address may be none
        raise DatabaseUnreachable(where(dsn), why(error, dsn)) from error
    try:
        rows: list[asyncpg.Record] = await connection.fetch(statement, *values)
        await connection.close()
    except CUT_OFF as error:
        raise DatabaseUnreachable(where(dsn)) from error
    finally:
        connection.terminate()
    return rows
