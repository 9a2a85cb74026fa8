"""kill -9 of the process that applies a corporate action: whole accounts or none, and a second run completes it."""

import asyncio
import sys
from decimal import Decimal

import asyncpg

from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS
from tests.support.action_fire import apply
from tests.support.resting_house import MARKET, D, RestingHouse, limit
from tests.support.trading_house import findings, owner_of
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import Side
from trading.ports import Account

ACCOUNTS = 5


BLOCKED = """
    SELECT (SELECT count(*) FROM corporate_action_account) = 2 AND EXISTS (
        SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')
"""
ENDED = """
    SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND query ~ 'apply_action'
                       AND pid <> pg_backend_pid())
"""


async def until(owner: "asyncpg.Connection[asyncpg.Record]", condition: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await owner.fetchval(condition):  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.02)


async def coins(house: RestingHouse, account: Account) -> Decimal:
    """All coins of an account, available and held."""
    return sum(await house.money(account, "BTC"), D(0))


async def test_an_action_that_is_killed_is_completed_by_the_next_run(
    pool: "asyncpg.Pool[asyncpg.Record]", dsn: str
) -> None:
    house = RestingHouse(PostgresOrderStore(pool), PostgresLedger(pool))
    accounts = [await house.account(person) for person in range(1, ACCOUNTS + 1)]
    for account in accounts:
        await house.coins(account, "2")
        await house.accept(account, limit(Side.SELL, "1", "120"))
    before = [await coins(house, account) for account in accounts]
    async with owner_of(dsn) as owner, owner_of(dsn) as looker:
        await owner.execute(
            "INSERT INTO symbol_hold (market, symbol, market_time_ms, since)"
            " VALUES ($1, 'BTCUSDC', 0, now() - interval '1 minute')",
            MARKET,
        )
        third = owner.transaction()
        await third.start()  # the process waits for the third account, in the middle of its transaction
        await owner.execute("SELECT FROM balance WHERE account_id = $1 FOR UPDATE", accounts[2].account_id)
        program = (sys.executable, "-m", "tests.support.action_fire", dsn)
        process = await asyncio.create_subprocess_exec(*program, cwd=PROJECT)

        try:
            await until(looker, BLOCKED)
        finally:
            process.kill()
            await process.wait()
        await third.rollback()
        await until(looker, ENDED)  # PostgreSQL has noticed that nobody is there to commit
        assert await looker.fetchval("SELECT finished_at FROM corporate_action") is None
    split = [now == was * 1000 for was, now in zip(before, [await coins(house, a) for a in accounts], strict=True)]
    assert split == [True, True, False, False, False]
    assert await findings(dsn) == [], "the accounts that were reached are whole, the others are as they were"
    assert await apply(dsn) == 3
    assert await apply(dsn) == 0
    assert [await coins(house, account) for account in accounts] == [each * 1000 for each in before]
    assert [await house.money(account, "BTC") for account in accounts] == [(each * 1000, D(0)) for each in before]
    assert await findings(dsn) == []
