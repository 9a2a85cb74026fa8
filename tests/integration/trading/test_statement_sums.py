"""The sums of a statement are those of the audit's replay, entry by entry, and few of the rows leave the database."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import asyncpg
import pytest

from core.database import Pool
from people.operators.corrections import Corrections
from people.operators.ports import OperatorAction
from pipeline.archive.postgres import CandleArchive
from tests.support.held_symbols import WALL, HeldActions, action
from tests.support.push_house import CALM
from tests.support.trading_house import GRANT, command, opened, order, owner_of
from trading.ledger.audit import SQL as AUDIT
from trading.ledger.audit import entry_of
from trading.ledger.corporate_actions import ActionKind
from trading.ledger.postgres import PostgresLedger
from trading.ledger.replay import Replay
from trading.ledger.statements import PostgresStatements
from trading.orders.types import Side

D = Decimal


@pytest.mark.parametrize(
    "last",
    [
        action(ActionKind.REDENOMINATION, ratio=D(1000)),
        action(ActionKind.DELISTING, price=D(7)),
        action(ActionKind.CONVERSION, ratio=D("0.3"), into_symbol="ETHUSDC", into_asset="ETH"),
    ],
)
async def test_a_statement_is_the_replay(pool: Pool, owner_pool: Pool, dsn: str, last: object) -> None:
    ledger, actions = PostgresLedger(pool), HeldActions(owner_pool)
    corrections = Corrections(owner_pool, lambda: WALL, jitter=CALM)
    accounts = [await opened(ledger, person) for person in range(1, 6)]
    for at, account in enumerate(accounts, start=1):
        await ledger.place(order(account, Side.BUY, str(at), "100"), command(f"buy-{at}"))
        await ledger.place(order(account, Side.SELL, "0.3", "117.3"), command(f"sale-{at}"))
        use = OperatorAction(f"use-{at}", "console", "cli", 0, "paperdesk adjust")
        await corrections.adjust(use, account.account_id, D(at), "a test", use.command_id)
    use = OperatorAction("use", "console", "cli", 0, "paperdesk reverse")
    await corrections.reverse(use, "command:sale-2", "a test")
    renewed = await ledger.reset(accounts[2], GRANT, command("reset"))
    await ledger.place(order(renewed, Side.BUY, "2", "90"), command("again"))
    async with owner_of(dsn) as owner:
        await owner.execute("SELECT merge_account($1, $2, now(), 0)", accounts[3].account_id, accounts[4].account_id)
    await actions.apply(last)  # type: ignore[arg-type]
    replay = Replay()
    replay.run(map(entry_of, await owner_pool.fetch(f"{AUDIT['entries']} ORDER BY entry.id")))
    clock = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp() * 1000)
    statements = PostgresStatements(pool, None, CandleArchive(pool), lambda: clock)
    for account in accounts:
        found = await statements.statement(account)
        number = account.account_id
        assert (found.account.granted, found.account.round) == (replay.granted(number), replay.round(number))
        assert {each.asset: (each.available, each.held) for each in found.balances} == {
            asset: (booked.available, booked.held)
            for asset in replay.assets(number)
            if (booked := replay.booked(number, asset)).available or booked.held
        }
        held = [replay.booked(number, asset).holding for asset in replay.assets(number) if asset != "USDC"]
        assert found.portfolio.realised == sum((each.realised for each in held), D(0))
        costs = {each.asset: each.quantity * each.average_cost for each in found.portfolio.positions}
        for asset, cost in costs.items():
            assert abs(cost - replay.booked(number, asset).holding.cost) < D("1e-6")
        assert len(costs) == sum(each.quantity > 0 for each in held)


async def test_statements_are_added_up_in_turn(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    account = await opened(PostgresLedger(pool))
    at_once = most = 0
    real = asyncpg.Connection.fetchval

    async def counted(*arguments: object, **options: object) -> object:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        try:
            return await real(*arguments, **options)
        finally:
            at_once -= 1

    monkeypatch.setattr(asyncpg.Connection, "fetchval", counted)
    statements = PostgresStatements(pool, None, CandleArchive(pool), lambda: 4_000_000_000_000)
    await asyncio.gather(*(statements.statement(account) for _ in range(6)))
    assert most == 1
