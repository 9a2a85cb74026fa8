"""One process answers Telegram: a PostgreSQL advisory lock on a connection of its own."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from bot.telegram.errors import TelegramLeaseLost
from bot.telegram.inbox import CHANNEL

RETRY_SECONDS = 2.0
_ALIVE_SECONDS = 10.0
_CLOSE_SECONDS = 1.0
_ROLE = {"role": "paperdesk_app", "timezone": "UTC", "application_name": "paperdesk telegram"}
_log = logging.getLogger(__name__)


class Lease:
    """Held while its connection lives; `kept` ends only by raising TelegramLeaseLost."""

    def __init__(self, connection: "asyncpg.Connection[Any]") -> None:
        self._connection = connection

    async def kept(self) -> None:
        """Watches the connection. Raises TelegramLeaseLost."""
        while True:
            try:
                async with asyncio.timeout(_ALIVE_SECONDS):
                    await self._connection.execute("SELECT 1")
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                raise TelegramLeaseLost from error
            await asyncio.sleep(_ALIVE_SECONDS / 10)


@asynccontextmanager
async def leased(
    dsn: str, bot_id: int, *, arrived: Callable[[], None], retry_seconds: float = RETRY_SECONDS
) -> AsyncIterator[Lease]:
    """Waits for the lease of this bot; `arrived` is called whenever any process wrote to the inbox."""
    waiting = False
    while True:
        async with _connection(dsn) as connection:
            if connection is not None and await _granted(connection, _key(bot_id)):
                await connection.add_listener(CHANNEL, lambda *_: arrived())
                yield Lease(connection)
                return
        if connection is not None and not waiting:
            _log.warning("another process answers Telegram for bot %d; this one waits for its place", bot_id)
            waiting = True
        await asyncio.sleep(retry_seconds)


@asynccontextmanager
async def _connection(dsn: str) -> "AsyncIterator[asyncpg.Connection[Any] | None]":
    """A connection of its own, None while the database does not answer; closed in every case."""
    try:
        connection = await asyncpg.connect(dsn, server_settings=_ROLE, timeout=_ALIVE_SECONDS)
    except (OSError, asyncpg.PostgresError) as error:
        _log.warning("no lease while the database does not answer: %s", type(error).__name__)
        yield None
        return
    try:
        yield connection
    finally:
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await connection.close()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            connection.terminate()


async def _granted(connection: "asyncpg.Connection[Any]", key: int) -> bool:
    try:
        return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", key))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False


def _key(bot_id: int) -> int:
    digest = hashlib.sha256(f"paperdesk:telegram:{bot_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
