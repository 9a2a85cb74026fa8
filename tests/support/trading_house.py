"""What the ledger's tests share: an account, orders at a price, the audit as the owner sees it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal

import asyncpg

from pipeline.market import Quote, SourceKind
from tests.fakes.priced_market import BTC, NOON, rules_for
from trading.ledger.audit import Finding, audit
from trading.ledger.ports import LedgerCommand, NewOrder, body_of
from trading.ledger.postgres import PostgresLedger
from trading.matching.ladders import ladder_of
from trading.matching.market_orders import RequestedSize, Terms, match
from trading.orders.types import BaseQuantity, Side
from trading.ports import Account

D = Decimal
GRANT = D(1_000_000)
FEE = D("0.001")
RULES = rules_for("BTC")
AT = datetime(2021, 4, 5, 12, tzinfo=UTC)


def command(name: str) -> LedgerCommand:
    return LedgerCommand(name, body_of(name), AT, NOON)


async def opened(ledger: PostgresLedger, person: int = 1) -> Account:
    return await ledger.open(person, "simulator:test", "USDC", GRANT, command(f"start-{person}"))


def order(
    account: Account, side: Side = Side.BUY, quantity: str = "1", price: str = "100", *, empties: bool = False
) -> NewOrder:
    size = D("1e14")
    quote = Quote(BTC, NOON, 0, 15_000, D(price), D(price), size, D(price), size)
    wanted = RequestedSize(BaseQuantity(D(quantity)), whole_balance=empties)
    execution = match(side, wanted, ladder_of(side, quote, None, RULES), Terms(RULES, FEE, SourceKind.SIMULATOR))
    return NewOrder(account.account_id, RULES, execution, FEE, empties)


@asynccontextmanager
async def owner_of(dsn: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def open_with(dsn: str, amount: Decimal) -> None:
    """Accounts open with `amount` from now on; `dsn` is the owner's."""
    async with owner_of(dsn) as owner:
        await owner.execute("SELECT set_opening_grant($1)", amount)


async def findings(dsn: str) -> list[Finding]:
    async with owner_of(dsn) as owner:
        return (await audit(owner)).findings
