"""One unit of work on a pooled connection: bounded waits, bounded retries, PostgreSQL's errors told apart."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar

import asyncpg

from pipeline.driver_errors import CUT_OFF
from trading.errors import AmountTooLarge, GrantChanged, LedgerDown, NoAccount
from trading.matching import AMOUNT_LIMIT

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
T = TypeVar("T")

ACQUIRE_SECONDS = 2.0
CALL_SECONDS = 4.0
ATTEMPTS = 4
PAUSE_SECONDS = 0.02
"""The first pause, before jitter; each further one is twice as long."""

_COMMAND_ID_KEY = "entry_command_id_key"
_PERSON_KEY = "_person_id_fkey"
_ACCOUNT_OPEN = "account_open"
_GRANT = "opening_grant_in_force"
_AMOUNT_BOUNDS = ("amount_bounds", "positive_amount_bounds", "signed_amount_bounds")

# Another transaction was in the way; the next attempt sees what it did.
_CONTENDED = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)

# Nobody knows whether the work was committed: commands are repeated with their id.
_LOST = (
    *CUT_OFF,
    asyncpg.TooManyConnectionsError,
    asyncpg.LockNotAvailableError,
)


async def keep_session(_connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """For `asyncpg.create_pool(reset=...)`: nothing here changes its session, and the driver's own reset would cost
    every order a second round trip."""


class Database:
    """Runs work that may be repeated: reads, and commands that carry an id."""

    def __init__(self, pool: Pool, *, jitter: random.Random, call_seconds: float = CALL_SECONDS) -> None:
        self._pool = pool
        self._jitter = jitter
        self._call_seconds = call_seconds

    async def run(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """The work's answer; raises LedgerDown, or the domain error of a broken constraint."""
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
                if not _passes(error):
                    raise _broken_constraint(error) from error
            except _CONTENDED + _LOST as error:
                if attempt == ATTEMPTS - 1 or isinstance(error, TimeoutError):
                    raise LedgerDown from error
            await asyncio.sleep(PAUSE_SECONDS * 2**attempt * (0.5 + self._jitter.random()))
        raise LedgerDown


def _passes(error: asyncpg.IntegrityConstraintViolationError) -> bool:
    """Whether the next attempt sees why: the command took effect just now, or the person left just now."""
    name = error.constraint_name or ""
    return name == _COMMAND_ID_KEY or name.endswith(_PERSON_KEY)


def _broken_constraint(error: asyncpg.IntegrityConstraintViolationError) -> Exception:
    """The one place where a constraint's name becomes a domain error; an unknown one is a mistake of ours."""
    if error.constraint_name in _AMOUNT_BOUNDS:
        return AmountTooLarge(AMOUNT_LIMIT, "")
    if error.constraint_name == _ACCOUNT_OPEN:  # closed while the command was on its way
        return NoAccount()
    if error.constraint_name == _GRANT:
        return GrantChanged()
    return error
