"""Leader election among processes: a PostgreSQL advisory lock on a dedicated connection.

The lock is released with its connection, so the death of a leader frees it at once, no renewal is needed, and emptying
Redis does not affect it. While PostgreSQL restarts, no process can take the lock, and the leader continues.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from core.postgres.client import connect
from core.postgres.errors import NO_ANSWER

log = logging.getLogger(__name__)

STANDBY_SECONDS = 0.5
"""Interval at which a standby process tries to take the lock."""

LAPSE_SECONDS = 10.0
"""Longest time that a leader continues without confirming its lease. Two processes may lead for at most this long."""

_POLL_SECONDS = 0.5
_ANSWER_SECONDS = 3.0
_CLOSE_SECONDS = 1.0
_SESSION = {
    "role": "paperdesk_app",
    "timezone": "UTC",
    "application_name": "paperdesk lease",
    # a machine that disappears loses the lock as fast as a process that ends
    "tcp_keepalives_idle": "3",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}

_REFUSING = (ConnectionRefusedError, asyncpg.CannotConnectNowError)


class LeaseLost(Exception):
    """The lease was lost: another process may be the leader now."""


Listen = Callable[["asyncpg.Connection[Any]"], Awaitable[None]]
"""Subscribes the leader's connection to notifications."""


async def run_as_leader(
    dsn: str,
    name: str,
    work: Callable[[], Awaitable[None]],
    *,
    lapse_seconds: float = LAPSE_SECONDS,
    listen: Listen | None = None,
) -> None:
    """Runs `work` while this process is the leader among all those that share `name` on this database.

    Waits until the lease is free. If the lease is lost, cancels the work and waits again. Returns when `work` returns.
    `listen` is called with each connection that acquires the lease.
    """
    lease = Lease(dsn, name, lapse_seconds, listen)
    while True:
        async with lease.held():
            log.info("this process leads: %s", name)
            try:
                await _while_held(work, lease)
            except* LeaseLost:
                log.warning("this process no longer leads: %s", name)
            else:
                return


async def _while_held(work: Callable[[], Awaitable[None]], lease: "Lease") -> None:
    async with asyncio.TaskGroup() as group:
        keeping = group.create_task(lease.hold())
        await work()
        keeping.cancel()


class Lease:
    """Lease of the leader among the processes that share `name` on this database."""

    def __init__(self, dsn: str, name: str, lapse_seconds: float = LAPSE_SECONDS, listen: Listen | None = None) -> None:
        self._dsn = dsn
        self._name = name
        self._lapse_seconds = lapse_seconds
        self._listen = listen
        self._connection: asyncpg.Connection[Any] | None = None

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Waits for the lease and releases it at the end."""
        standing_by = False
        try:
            while not await self._take():
                if not standing_by:
                    log.info("another process leads, or PostgreSQL does not answer; this one stands by: %s", self._name)
                    standing_by = True
                await asyncio.sleep(STANDBY_SECONDS)
            yield
        finally:
            await self._release()

    async def hold(self) -> None:
        """Holds the lease; ends only by raising LeaseLost.

        A connection that breaks is replaced at once. A server that refuses connections grants the lock to no process. A
        server that does not answer may have granted it to another, so the lease is lost after `lapse_seconds`.
        """
        loop = asyncio.get_running_loop()
        lapses = loop.time() + self._lapse_seconds
        while True:
            await asyncio.sleep(_POLL_SECONDS if self._connection else _POLL_SECONDS / 5)  # before a standby process
            try:
                if not (await self._alive() or await self._take(patient=False)):
                    raise LeaseLost
                lapses = loop.time() + self._lapse_seconds
            except _REFUSING:
                lapses = loop.time() + self._lapse_seconds
            except NO_ANSWER as error:
                if loop.time() >= lapses:
                    raise LeaseLost from error

    async def _alive(self) -> bool:
        if self._connection is None:
            return False
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                await self._connection.execute("SELECT 1")
        except NO_ANSWER:
            log.warning("the connection that held the lease broke: %s", self._name)
            await self._release()
            return False
        return True

    async def _take(self, *, patient: bool = True) -> bool:
        """Tries to take the lock and returns whether it was granted. If PostgreSQL does not answer, returns False, or
        raises the connection's error if not `patient`.
        """
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                connection = await connect(self._dsn, server_settings=_SESSION)
        except NO_ANSWER:
            if patient:
                return False
            raise
        self._connection = connection
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                granted = bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", key_of(self._name)))
                if granted and self._listen:
                    await self._listen(connection)
        except NO_ANSWER:
            await self._release()
            if patient:
                return False
            raise
        if not granted:
            await self._release()
        return granted

    async def _release(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            await asyncio.wait_for(connection.close(), _CLOSE_SECONDS)  # timeout() of 3.11.0 fails in a cancelled task
        except NO_ANSWER:
            connection.terminate()


def key_of(name: str) -> int:
    """Returns the number of the advisory lock."""
    digest = hashlib.sha256(f"paperdesk:{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
