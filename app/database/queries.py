"""Single statements to a PostgreSQL server from outside the event loop, through asyncpg."""

import asyncio
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote, urlsplit

import asyncpg

from app.errors import DatabaseUnreachable
from app.exposure import why
from app.ops.stop_signals import check_stopped, is_stopped
from core.postgres.client import connect
from core.postgres.errors import CUT_OFF, NO_ANSWER

CONNECT_SECONDS = 10

OWN_NAMES = "pg_catalog, pg_temp"
"""search_path of a session with more rights than the owner of the database, who can create functions and operators in
every other schema. With it, no unqualified name refers to an object of the owner.
"""

_STOP_POLL_SECONDS = 0.05

_SUPERUSER = {"search_path": OWN_NAMES, "role": "none"}
"""Settings in the startup packet, which take precedence over those that the owner has set for the database."""


def fetch(dsn: str, statement: str, *values: object) -> "list[asyncpg.Record]":
    """Returns the rows, over a connection of its own. Raises DatabaseUnreachable, asyncpg.PostgresError.

    Blocks. Uses a thread with a loop of its own, so it also works if the calling thread runs a loop. A server may never
    answer: a stop signal ends the connection and raises what `check_stopped` raises.
    """
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, _until_stopped(_fetch(dsn, statement, *values))).result()


def fetch_as_superuser(dsn: str, statement: str, *values: object) -> "list[asyncpg.Record]":
    """Acts like `fetch`, in a session that runs no code of the owner of the database. Every session of the embedded
    superuser is opened here.
    """
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, _fetch(dsn, statement, *values, settings=_SUPERUSER)).result()


def where(dsn: str) -> str:
    """Returns the host, port and database of an address, without its password."""
    parts = urlsplit(dsn)
    return unquote(parts.netloc.rpartition("@")[2]) + parts.path


async def _until_stopped(query: "Coroutine[object, object, list[asyncpg.Record]]") -> "list[asyncpg.Record]":
    task = asyncio.ensure_future(query)
    while not task.done():
        await asyncio.wait({task}, timeout=_STOP_POLL_SECONDS)
        if is_stopped() and not task.done():
            task.cancel()
            await asyncio.wait({task})
            check_stopped()
    return task.result()


async def _fetch(
    dsn: str, statement: str, *values: object, settings: Mapping[str, str] | None = None
) -> "list[asyncpg.Record]":
    try:
        connection = await connect(dsn, timeout=CONNECT_SECONDS, server_settings=settings)
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
