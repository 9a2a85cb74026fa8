"""Connections of a process, and the stores behind them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from redis.asyncio import Redis

from app.database.migrate import ROLE
from app.database.queries import where
from app.engines import Engines
from app.errors import DatabaseUnreachable
from app.exposure import why
from app.settings import Settings
from core.database import Pool, keep_session
from core.postgres.client import create_pool
from core.postgres.errors import NO_ANSWER
from pipeline.archive.postgres import CandleArchive
from pipeline.store.redis import RedisStore, open_redis

_CONNECTIONS = 10


@dataclass(frozen=True, slots=True)
class Stores:
    """Connections of this process, and the stores behind them."""

    pool: Pool
    redis: Redis
    store: RedisStore
    archive: CandleArchive


@asynccontextmanager
async def open_stores(settings: Settings, engines: Engines) -> AsyncIterator[Stores]:
    """Opens Redis, and PostgreSQL under the role that changes the ledger through its functions only."""
    async with open_pool(engines.postgres_dsn) as pool, open_redis(engines.redis_url) as redis:
        yield Stores(pool, redis, RedisStore(redis, settings.store.history_points), CandleArchive(pool))


@asynccontextmanager
async def open_pool(dsn: str, *, role: str | None = ROLE) -> AsyncIterator[Pool]:
    """Opens connections, usually under the role that changes the ledger only by its functions; None keeps the login's
    own. Raises DatabaseUnreachable.
    """
    session = {"timezone": "UTC", "application_name": "paperdesk", **({} if role is None else {"role": role})}
    pool = create_pool(dsn, min_size=1, max_size=_CONNECTIONS, server_settings=session, reset=keep_session)
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(pool)
        except NO_ANSWER as error:  # it answered a moment ago
            raise DatabaseUnreachable(where(dsn), why(error, dsn)) from error
        yield pool
