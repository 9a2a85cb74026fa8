"""Trials in PostgreSQL: the only module that accesses their table."""

import random
from collections.abc import Sequence
from datetime import datetime

from core.database import Connection, Database, Pool
from core.sql import load_queries
from pipeline.market import Symbol
from trading.backtest.trials import MAX_TRIALS, RuleTrial, TrialCount

SQL = load_queries(__package__, "queries.sql")


class PostgresTrials:
    """`trading.trials.ports.TrialStore` on a pool whose role is paperdesk_app."""

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom())

    async def record(
        self, person_id: int, market: str, symbol: Symbol, trials: Sequence[RuleTrial], at: datetime
    ) -> TrialCount:
        """Records trials and returns the count; see `TrialStore.record`."""
        scores = {each.digest: each.score for each in trials}

        async def work(connection: Connection) -> TrialCount:
            async with connection.transaction():
                await connection.execute(SQL["lock_person"], person_id)
                await connection.execute(
                    SQL["record"], person_id, market, symbol, list(scores), list(scores.values()), at, MAX_TRIALS
                )
                row = await connection.fetchrow(SQL["count"], person_id, market, symbol)
                return TrialCount(row["count"], row["variance"]) if row else TrialCount(0, 0.0)

        return await self._database.run(work)
