"""Grant of an account, and the rows that its orders write."""

from decimal import Decimal

import asyncpg

D = Decimal
GRANT = D(1_000_000)
WALL = 1_700_000_000_000


async def rows_written(pool: "asyncpg.Pool[asyncpg.Record]") -> int:
    return await pool.fetchval(  # type: ignore[no-any-return]
        "SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM orders) + (SELECT count(*) FROM posting)"
    )
