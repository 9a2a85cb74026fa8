"""Units of work on pooled connections: bounded waits, bounded retries, and classification of PostgreSQL's errors."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias, TypeVar

import asyncpg

from core.errors import DatabaseUnavailable
from core.postgres.errors import CUT_OFF

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
T = TypeVar("T")

ACQUIRE_SECONDS = 2.0
CALL_SECONDS = 4.0
ATTEMPTS = 4
PAUSE_SECONDS = 0.02
"""First pause between attempts, before jitter. Each further pause is twice as long."""

Refusals: TypeAlias = Mapping[str, Callable[[str], Exception]]
"""Errors to raise for violated constraints, by the name of the constraint; each is made of the violation's detail."""
_NONE: Refusals = MappingProxyType({})

_RETRIED = ("entry_command_id_key", "_person_id_fkey")
"""Suffixes of constraint names. The next attempt finds the reason: the command just took effect, or the user left."""

# A concurrent transaction conflicted; the next attempt sees its effects.
_CONTENDED = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)

# It is unknown whether the work was committed: commands are repeated with their id.
_LOST = (
    *CUT_OFF,
    asyncpg.TooManyConnectionsError,
    asyncpg.LockNotAvailableError,
)


async def keep_session(_connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Does nothing, for `asyncpg.create_pool(reset=...)`: no code changes its session, and the driver's own reset would
    cost every order a second round trip.
    """


class Database:
    """Runs work that may be repeated: reads, and commands that carry an id.

    `refusals` maps constraints to the errors to raise if they are violated.
    """

    def __init__(
        self, pool: Pool, *, jitter: random.Random, call_seconds: float = CALL_SECONDS, refusals: Refusals = _NONE
    ) -> None:
        self._pool = pool
        self._jitter = jitter
        self._call_seconds = call_seconds
        self._refusals = refusals

    async def fetch(self, query: str, *arguments: object) -> "list[asyncpg.Record]":
        """Returns the rows of one statement that may be repeated. Raises what `run` raises."""

        async def work(connection: Connection) -> "list[asyncpg.Record]":
            return await connection.fetch(query, *arguments)

        return await self.run(work)

    async def run(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Returns the result of `work`.

        Raises DatabaseUnavailable, the error of `refusals` for a violated constraint, or the driver's own error.
        """
        for attempt in range(ATTEMPTS):
            try:
                async with (
                    asyncio.timeout(self._call_seconds),
                    self._pool.acquire(timeout=ACQUIRE_SECONDS) as connection,
                ):
                    return await work(connection)
            except asyncpg.DataError:
                raise
            except asyncpg.IntegrityConstraintViolationError as error:
                name = error.constraint_name or ""
                if name in self._refusals:
                    refusal = self._refusals[name]
                    raise refusal(error.detail or "") from error
                if not name.endswith(_RETRIED):
                    raise
            except _CONTENDED + _LOST as error:
                if attempt == ATTEMPTS - 1 or isinstance(error, TimeoutError):
                    raise DatabaseUnavailable from error
            await asyncio.sleep(PAUSE_SECONDS * 2**attempt * (0.5 + self._jitter.random()))
        raise DatabaseUnavailable
