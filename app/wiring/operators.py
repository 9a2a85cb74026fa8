"""Operators' part of a running desk."""

import random
from contextlib import AsyncExitStack

from redis.asyncio import Redis

from app.settings import Settings
from bot.middleware.bans import Bans
from core.clock import wall_clock
from core.database import Pool
from jobs.schedule.run_store import Runs
from people.operators.health import HealthCheck, redis_probe
from people.operators.ledger_audit import AuditProcess
from people.operators.ports import OperatorServices
from people.operators.postgres import PostgresOperations


async def operating_desk(
    settings: Settings, pool: Pool, redis: Redis, *, dsn: str, jitter: random.Random, stack: AsyncExitStack
) -> tuple[OperatorServices, Bans]:
    """Returns the dependencies of the operators' commands, and the check that blocks banned users.

    `stack` ends audits that are running.
    """
    operators = settings.operators.operators()
    operations = PostgresOperations(pool, operators, jitter=jitter)
    audits = await stack.enter_async_context(AuditProcess(dsn))
    bans = Bans(operations)
    condition = HealthCheck(wall_clock, operations.engine, redis_probe(redis))
    return OperatorServices(operators, operations, condition, audits, bans.forget, Runs(pool, jitter=jitter)), bans
