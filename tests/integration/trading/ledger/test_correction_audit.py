"""Each thing of a correction is corrupted by hand, as the owner could, and the audit names it."""

from decimal import Decimal

import pytest

from people.operators.corrections import Corrections
from tests.integration.trading.ledger.test_corrections import WHY, account, corrections, ledger, use
from tests.support.trading_house import command, findings, order, owner_of
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import Side
from trading.ports import Account

__all__ = ("account", "corrections", "ledger")
D = Decimal

CORRUPTIONS: dict[str, str] = {
    "reversal differs from its entry": "UPDATE posting SET amount = amount + 1 WHERE entry_id = 3 AND asset = 'USDC'",
    "correction without its entry": "DELETE FROM entry_correction WHERE entry_id = 4",
    "correction without its entry ": "UPDATE entry_correction SET reversed_id = 1 WHERE entry_id = 3",
    "adjustment moves elsewhere": "UPDATE posting SET source = 'fees' WHERE entry_id = 4",
    "adjusted differs from entries": "UPDATE account SET adjusted = 0",
    "account differs from entries": "UPDATE account SET granted = granted - 7",
    "history": "UPDATE holding_change SET cost = cost - 1, realised = realised - 1",
    "ledger not append only": "GRANT UPDATE ON holding_change TO paperdesk_app",
}


@pytest.mark.parametrize("name", CORRUPTIONS)
async def test_the_audit_names_a_corrupted_correction(
    name: str, corrections: Corrections, ledger: PostgresLedger, account: Account, dsn: str
) -> None:
    placed = await ledger.place(order(account, Side.BUY, "1", "100"), command("buy"))
    await corrections.reverse(use("reverse"), str(placed.receipt.order_id), WHY)
    await corrections.adjust(use("credit"), account.account_id, D(7), "sorry", "credit")
    async with owner_of(dsn) as owner:
        await owner.execute("SET session_replication_role = replica")
        await owner.execute(CORRUPTIONS[name])
    assert name.strip() in {finding.check for finding in await findings(dsn)}
