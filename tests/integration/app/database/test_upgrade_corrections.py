"""Corrections and a corporate action of migration 0055 are there after the migrations, audited, and can be undone."""

import random
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.database.migrate import MIGRATIONS, ROLE, migrate
from core.database import Pool
from tests.fakes.priced_market import BTC, NOON
from tests.support.resting_house import MARKET
from tests.support.trading_house import AT, GRANT, command, findings, opened, order
from trading.ledger.corporate_actions import ActionKind, CorporateAction, CorporateActions
from trading.ledger.correction_errors import AlreadyReversed
from trading.ledger.corrections import adjust, reverse
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import Side

D = Decimal
LAST = "0055"
WALL = 1_700_000_000_000
TABLES = ("entry", "posting", "orders", "fill", "balance", "entry_correction", "holding_change", "corporate_action")
SPLIT = CorporateAction("split", MARKET, BTC, ActionKind.REDENOMINATION, "a test", ratio=D(10))


NO_CHAT = """CREATE FUNCTION notice_chat(bigint, text) RETURNS SETOF notification_chat LANGUAGE sql
AS 'SELECT * FROM notification_chat WHERE false'
"""
"""Today's corrections ask this function, which a database of then lacks, for the chat of a notice: nobody has one."""


@pytest.fixture
async def then(empty_dsn: str, tmp_path: Path) -> "AsyncIterator[tuple[Pool, Pool]]":
    """Connections of the application and of the owner to a database of then."""
    for file in MIGRATIONS.glob("*.sql"):
        if file.stem.partition(".")[0] <= LAST:
            (tmp_path / file.name).symlink_to(file)
    migrate(empty_dsn, folder=tmp_path)
    settings = {"role": ROLE, "timezone": "UTC"}
    async with (
        asyncpg.create_pool(empty_dsn, min_size=1, max_size=2, server_settings=settings) as pool,
        asyncpg.create_pool(empty_dsn, min_size=1, max_size=2, server_settings={"timezone": "UTC"}) as owner,
    ):
        yield pool, owner


async def undone(owner: "Pool", reference: str) -> None:
    async with owner.acquire() as connection, connection.transaction():
        await reverse(connection, reference, "wrong price", AT, NOON)


async def rows(owner: "Pool") -> dict[str, list[dict[str, Any]]]:
    """All rows of then, by table, with the columns of then."""
    return {
        table: [dict(row) for row in await owner.fetch(f"SELECT * FROM {table} ORDER BY 1, 2")]  # noqa: S608 - constants
        for table in TABLES
    }


async def test_corrections_and_actions_of_then_are_kept_and_undone(then: "tuple[Pool, Pool]", empty_dsn: str) -> None:
    pool, owner = then
    await owner.execute(NO_CHAT)
    ledger = PostgresLedger(pool)
    accounts = [await opened(ledger, person) for person in (1, 2)]
    for account in accounts:
        await ledger.place(order(account, Side.BUY, "3", "100"), command(f"buy-{account.account_id}"))
        await ledger.place(order(account, Side.SELL, "1", "110"), command(f"sell-{account.account_id}"))
    await undone(owner, "command:sell-1")
    async with owner.acquire() as connection, connection.transaction():
        await adjust(connection, accounts[1].account_id, D(50), "goodwill", command("gift"))
    await owner.execute(
        "INSERT INTO symbol_hold (market, symbol, market_time_ms, since)"
        " VALUES ($1, $2, 0, now() - interval '1 minute')",
        MARKET,
        BTC,
    )
    actions = CorporateActions(owner, lambda: WALL, jitter=random.SystemRandom())
    assert await actions.apply(SPLIT) == 2
    before = await rows(owner)

    await owner.execute("DROP FUNCTION notice_chat")
    migrate(empty_dsn)
    await pool.expire_connections()
    await owner.expire_connections()
    after = await rows(owner)
    for table, known in before.items():
        kept = [{name: row[name] for name in known[0]} for row in after[table]]
        assert kept == known, table
    assert {
        (account.account_id, balance.asset): balance.total
        for account in accounts
        for balance in (await ledger.state(account)).balances
    } == {(row["account_id"], row["asset"]): row["available"] + row["held"] for row in before["balance"]}
    assert await findings(empty_dsn) == []
    lines = [(await ledger.history(account.account_id, 10, None)).lines for account in accounts]
    assert [[(line.kind, line.reason) for line in each] for each in lines] == [
        [("action", ""), ("reversal", "wrong price"), ("sell", ""), ("buy", ""), ("grant", "")],
        [("action", ""), ("adjustment", "goodwill"), ("sell", ""), ("buy", ""), ("grant", "")],
    ]
    with pytest.raises(AlreadyReversed):
        await undone(owner, "command:sell-1")
    assert await actions.apply(SPLIT) == 0
    result = await actions.undo(SPLIT.action_id)
    assert (result.reversed, list(result.left)) == (2, [])
    await undone(owner, "command:buy-1")
    assert (await ledger.state(accounts[0])).cash.total == GRANT
    assert await findings(empty_dsn) == []
