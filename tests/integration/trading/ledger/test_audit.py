"""Each thing is corrupted by hand, as the owner could, and the audit names it."""

import asyncpg
import pytest

from tests.support.trading_house import GRANT, command, findings, opened, order, owner_of
from trading.ledger.audit import run_audit
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import Side


@pytest.fixture
async def traded(pool: "asyncpg.Pool[asyncpg.Record]", dsn: str) -> str:
    """The address of a database with two accounts that traded, sold and reset."""
    ledger = PostgresLedger(pool)
    for person in (1, 2):
        account = await opened(ledger, person)
        await ledger.place(order(account, Side.BUY, "3", "100"), command(f"buy-{person}"))
        await ledger.place(order(account, Side.SELL, "1", "110"), command(f"sell-{person}"))
    await ledger.reset(account, GRANT, command("reset"))
    await ledger.place(order(account, Side.BUY, "2", "120"), command("again"))
    return dsn


async def test_an_honest_ledger_is_clean(traded: str) -> None:
    assert await findings(traded) == []
    code, text = await run_audit(traded)
    assert code == 0
    assert text.startswith("The ledger is clean (8 entries).")


async def test_an_empty_ledger_is_clean(dsn: str) -> None:
    assert await findings(dsn) == []


CORRUPTIONS = {
    "posting malformed": [
        "ALTER DOMAIN positive_amount DROP CONSTRAINT positive_amount_bounds",
        "UPDATE posting SET amount = -amount WHERE entry_id = 1",
    ],
    "posting malformed ": [
        "ALTER DOMAIN account_code DROP CONSTRAINT account_code_known",
        "UPDATE posting SET target = 'pocket' WHERE seq = 3",
    ],
    "posting malformed  ": [
        "ALTER TABLE posting DROP CONSTRAINT posting_moves",
        "UPDATE posting SET target = source WHERE seq = 3",
    ],
    "entry without postings": ["DELETE FROM posting WHERE entry_id = 3"],
    "posting of another account": ["UPDATE posting SET target = 'available/2' WHERE entry_id = 1"],
    "posting of another account ": [
        "ALTER TABLE posting DROP CONSTRAINT posting_entry_id_fkey",
        "INSERT INTO posting VALUES (999, 1, 'issuance', 'exchange', 'BTC', 1)",
    ],
    "trade differs from order": ["UPDATE posting SET amount = amount + 1 WHERE seq = 1 AND entry_id = 2"],
    "trade differs from order ": ["DELETE FROM posting WHERE seq = 3 AND entry_id = 2"],
    "order without its entry": ["UPDATE entry SET order_id = 1 WHERE order_id = 2"],
    "order without its entry ": ["UPDATE entry SET kind = 'grant' WHERE id = 2"],
    "order differs from fills": ["UPDATE fill SET price = price + 0.01 WHERE order_id = 1"],
    "order differs from fills ": ["DELETE FROM fill WHERE order_id = 1"],
    "order differs from fills  ": ["UPDATE orders SET fee = fee / 2, received = received + fee / 2 WHERE id = 1"],
    "order differs from fills   ": ["UPDATE orders SET fee_asset = 'USDC' WHERE id = 1"],
    "account differs from entries": ["UPDATE account SET granted = granted + 1 WHERE id = 1"],
    "account differs from entries ": ["UPDATE account SET round = round + 1 WHERE id = 1"],
    "account differs from entries  ": [
        "INSERT INTO account (person_id, market, quote_asset, granted, opened_at)\n"  # noqa: ISC004
        "VALUES (9, 'binance', 'USDC', 1, now())"
    ],
    "ledger not append only": ["GRANT UPDATE ON posting TO paperdesk_app"],
    "ledger not append only ": ["GRANT DELETE ON entry TO PUBLIC"],
    "ledger not append only  ": ["GRANT UPDATE (amount) ON posting TO paperdesk_app"],
    "ledger not append only   ": ["""GRANT INSERT ON "order" TO paperdesk_app"""],
    "command not unique": ["ALTER TABLE entry DROP CONSTRAINT entry_command_id_key"],
    "command not unique ": [
        "ALTER TABLE entry DROP CONSTRAINT entry_command_id_key",
        "UPDATE entry SET command_id = 'same' WHERE id < 3",
    ],
    "balance differs from postings": ["UPDATE balance SET available = available + 1 WHERE account_id = 1"],
    "balance differs from postings ": ["UPDATE balance SET held = 1, available = available - 1 WHERE asset = 'USDC'"],
    "balance differs from postings  ": ["DELETE FROM balance WHERE asset = 'BTC' AND account_id = 1"],
    "asset not conserved": ["UPDATE balance SET available = available + 0.00000001 WHERE account_id = 2"],
    "balance out of bounds": [
        "ALTER DOMAIN amount DROP CONSTRAINT amount_bounds",
        "UPDATE balance SET available = 'NaN' WHERE account_id = 1 AND asset = 'BTC'",
    ],
    "balance out of bounds ": [
        "ALTER DOMAIN amount DROP CONSTRAINT amount_bounds",
        "UPDATE balance SET held = -1 WHERE account_id = 1 AND asset = 'BTC'",
    ],
    "balance differs from history": ["UPDATE balance SET cost = cost + 1 WHERE account_id = 1 AND asset = 'BTC'"],
    "balance differs from history ": ["UPDATE balance SET realised = 0 WHERE account_id = 1 AND asset = 'BTC'"],
    "history": ["UPDATE orders SET realised = realised + 1 WHERE side = 'sell'"],
    "history ": ["UPDATE orders SET quote_available = quote_available + 1 WHERE id = 1"],
    "history  ": ["UPDATE entry SET round = 7 WHERE id = 2"],
    "history   ": ["UPDATE posting SET amount = amount - 1 WHERE target = 'issuance' AND asset = 'USDC'"],
    "history    ": ["UPDATE posting SET amount = 5 WHERE source = 'issuance'"],
    "history     ": [
        "ALTER TABLE entry ALTER id SET GENERATED BY DEFAULT",
        "UPDATE entry SET id = 900 WHERE id = 2",
        "UPDATE posting SET entry_id = 900 WHERE entry_id = 2",
    ],
}


@pytest.mark.parametrize("name", CORRUPTIONS)
async def test_a_corruption_is_named(name: str, traded: str) -> None:
    async with owner_of(traded) as owner:
        await owner.execute("SET session_replication_role = replica")  # foreign keys look away
        for statement in CORRUPTIONS[name]:
            await owner.execute(statement)
    found = await findings(traded)
    assert name.strip() in {finding.check for finding in found}
    code, text = await run_audit(traded)
    assert code == 1
    assert text.startswith(f"{len(found)} findings:\npromise ")


async def test_the_audit_changes_nothing_and_waits_for_nobody(
    traded: str, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    async with owner_of(traded) as busy, busy.transaction():
        await busy.execute("SELECT FROM balance FOR UPDATE")
        assert await findings(traded) == []


async def test_a_long_list_of_findings_is_cut(traded: str) -> None:
    async with owner_of(traded) as owner:
        await owner.execute(
            "INSERT INTO account (person_id, market, quote_asset, granted, opened_at)"
            " SELECT 100 + i, 'binance', 'USDC', 1, now() FROM generate_series(1, 200) AS i"
        )
    assert len(await findings(traded)) == 50
