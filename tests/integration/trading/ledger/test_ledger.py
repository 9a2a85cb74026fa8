"""The ledger in real PostgreSQL, under the application's own role."""

import asyncio
import random
from dataclasses import replace

import asyncpg
import pytest
from msgspec import structs

from core.database import Connection, Database
from core.errors import DatabaseUnavailable
from tests.support.trading_house import GRANT, D, command, findings, opened, order, owner_of
from trading.constraints import LEDGER_REFUSALS
from trading.errors import AmountTooLarge, IdempotencyKeyReused, InsufficientFunds
from trading.ledger.ports import BalanceConflict, body_of
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import Side

Pool = asyncpg.Pool
JITTER = random.Random(1)  # noqa: S311


@pytest.mark.parametrize("table", ["entry", "posting", "orders", "fill"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
async def test_the_application_cannot_rewrite_the_ledger(table: str, statement: str, pool: Pool) -> None:
    await PostgresLedger(pool).place(order(await opened(PostgresLedger(pool))), command("c1"))
    column = {"entry": "round", "posting": "amount", "orders": "fee", "fill": "price"}[table]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(statement.format(table, column, column))


async def test_the_application_changes_the_ledger_by_functions_only(pool: Pool) -> None:
    assert await pool.fetchval("SELECT current_user") == "paperdesk_app"
    for statement in (
        "DROP TABLE posting CASCADE",
        "ALTER TABLE posting DROP CONSTRAINT posting_moves",
        "DELETE FROM account",
        "DELETE FROM balance",
        "UPDATE account SET person_id = 2",
        "UPDATE account SET granted = 1",
        "UPDATE account SET round = 9",
        "UPDATE balance SET available = 1e9",
        "SELECT FROM balance FOR UPDATE",
        "INSERT INTO balance VALUES (1, 'BTC', 1)",
        "INSERT INTO posting VALUES (1, 9, 'issuance', 'available/1', 'USDC', 1)",
        "INSERT INTO account (person_id, market, quote_asset, granted, opened_at) VALUES (2, 'm', 'USDC', 1, now())",
        "INSERT INTO entry (command_id, kind) VALUES ('forged', 'grant')",
        "INSERT INTO orders (id) VALUES (1)",
        "INSERT INTO fill VALUES (1, 1, 1, 1)",
        "SELECT nextval('orders_id_seq')",
        "CREATE OR REPLACE FUNCTION place_order(p jsonb) RETURNS record LANGUAGE sql AS 'SELECT 1'",
    ):
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.InvalidFunctionDefinitionError)):
            await pool.execute(statement)


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "Infinity", "1e21"])
async def test_a_posting_moves_a_positive_bounded_amount(amount: str, pool: Pool, dsn: str) -> None:
    await opened(PostgresLedger(pool))
    async with owner_of(dsn) as owner:
        with pytest.raises(asyncpg.CheckViolationError):
            await owner.execute("INSERT INTO posting VALUES (1, 9, 'exchange', 'fees', 'BTC', $1)", D(amount))


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", "1e21"])
@pytest.mark.parametrize("column", ["available", "held", "cost"])
async def test_no_balance_is_negative_or_boundless(amount: str, column: str, pool: Pool, dsn: str) -> None:
    await opened(PostgresLedger(pool))
    async with owner_of(dsn) as owner:
        with pytest.raises(asyncpg.CheckViolationError):
            await owner.execute(f"UPDATE balance SET {column} = $1", D(amount))  # noqa: S608


async def test_a_posting_goes_between_two_known_accounts(pool: Pool, dsn: str) -> None:
    await opened(PostgresLedger(pool))
    async with owner_of(dsn) as owner:
        for source, target in (("exchange", "exchange"), ("exchange", "pocket"), ("available/0", "fees")):
            with pytest.raises(asyncpg.CheckViolationError):
                await owner.execute("INSERT INTO posting VALUES (1, 9, $1, $2, 'BTC', 1)", source, target)


async def test_held_amounts_can_be_spent_by_nobody_and_reset_returns_them(pool: Pool, dsn: str) -> None:
    ledger = PostgresLedger(pool)
    account = await opened(ledger)
    await ledger.place(order(account, quantity="10"), command("c1"))
    async with owner_of(dsn) as owner:
        await owner.execute("UPDATE balance SET available = available - 5, held = 5")
    with pytest.raises(InsufficientFunds) as refused:
        await ledger.place(order(account, Side.SELL, "9"), command("c2"))
    assert refused.value.available == D("4.99")
    sold = (await ledger.place(order(account, Side.SELL, "4.99"), command("c3"))).receipt
    assert [(balance.available, balance.held) for balance in sold.balances] == [
        (0, 5),
        (GRANT - 5 - 1000 + D("498.501"), 5),
    ]
    assert sold.realised is not None
    assert sold.realised.quantize(D("0.00001")) == D("498.501") - (1000 * D("4.99") / D("9.99")).quantize(D("0.00001"))
    await ledger.reset(account, GRANT, command("reset"))
    returned = await pool.fetch(
        "SELECT source, amount FROM posting WHERE entry_id = (SELECT max(id) FROM entry) ORDER BY seq"
    )
    assert [row["source"] for row in returned] == [
        "issuance",
        f"held/{account.account_id}",
        f"available/{account.account_id}",
        f"held/{account.account_id}",
    ]
    state = await ledger.state(account)
    assert (state.cash.available, state.cash.held) == (GRANT, 0)
    assert not any(holding.quantity or holding.cost or holding.realised for holding in state.holdings.values())


async def test_a_sale_that_must_empty_a_balance_finds_it_changed(pool: Pool, dsn: str) -> None:
    ledger = PostgresLedger(pool)
    account = await opened(ledger)
    await ledger.place(order(account, quantity="1"), command("c1"))
    await ledger.place(order(account, quantity="1"), command("c2"))
    with pytest.raises(BalanceConflict):
        await ledger.place(order(account, Side.SELL, "0.999", empties=True), command("c3"))
    sold = await ledger.place(order(account, Side.SELL, "1.998", empties=True), command("c3"))
    assert sold.receipt.balances[0].available == 0
    assert await findings(dsn) == []


async def test_a_balance_beyond_the_ledgers_bound_is_an_amount_too_large(pool: Pool, dsn: str) -> None:
    ledger = PostgresLedger(pool)
    account = await opened(ledger)
    async with owner_of(dsn) as owner:
        await owner.execute("INSERT INTO balance VALUES ($1, 'BTC', 1e20, 0, 'BTCUSDC', 0, 0)", account.account_id)
    with pytest.raises(AmountTooLarge):
        await ledger.place(order(account), command("c1"))
    assert await pool.fetchval("SELECT count(*) FROM orders") == 0


async def test_orders_that_go_together_keep_their_own_answers(pool: Pool, dsn: str) -> None:
    """One of the orders breaks the shared transaction, others are refused, the rest is filled."""
    ledger = PostgresLedger(pool)
    accounts = [await opened(ledger, person) for person in range(1, 13)]
    broken = accounts[5]
    async with owner_of(dsn) as owner:
        await owner.execute("INSERT INTO balance VALUES ($1, 'BTC', 1e20, 0, 'BTCUSDC', 0, 0)", broken.account_id)
    answers = await asyncio.gather(
        *(
            ledger.place(order(account, quantity="9000" if number == 3 else "1", price="1000"), command(f"c{number}"))
            for number, account in enumerate(accounts)
        ),
        return_exceptions=True,
    )
    kinds = [type(answer).__name__ for answer in answers]
    assert kinds == ["Placed"] * 3 + ["InsufficientFunds"] + ["Placed"] + ["AmountTooLarge"] + ["Placed"] * 6
    assert await pool.fetchval("SELECT count(*) FROM orders") == 10


async def test_a_caller_that_gives_up_does_not_disturb_the_others(pool: Pool, dsn: str) -> None:
    ledger = PostgresLedger(pool)
    account = await opened(ledger)
    tasks = [asyncio.create_task(ledger.place(order(account), command(f"c{number}"))) for number in range(30)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(not isinstance(answer, BaseException) for answer in answers[1::2])
    assert await findings(dsn) == []


async def test_too_many_waiting_orders_are_turned_away(pool: Pool) -> None:
    ledger = PostgresLedger(pool)
    account = await opened(ledger)
    placing = (ledger.place(order(account, quantity="0.1"), command(f"c{number}")) for number in range(1200))
    answers = await asyncio.gather(*placing, return_exceptions=True)
    turned_away = sum(isinstance(answer, DatabaseUnavailable) for answer in answers)
    assert 0 < turned_away <= 200
    assert await pool.fetchval("SELECT count(*) FROM orders") == 1200 - turned_away


async def test_a_command_already_known_by_another_entry_is_told_apart(pool: Pool) -> None:
    ledger = PostgresLedger(pool)
    account = await opened(ledger)
    placed = await ledger.place(order(account), command("c1"))
    assert await ledger.find_receipt("c1", body_of("c1")) == placed.receipt
    assert await ledger.find_receipt("c2", body_of("c2")) is None
    with pytest.raises(IdempotencyKeyReused):
        await ledger.find_receipt("c1", body_of("other"))
    again = await ledger.place(order(account), command("c1"))
    assert again.replayed
    assert again.receipt == placed.receipt


async def test_lost_connections_are_replaced_and_the_command_repeated(pool: Pool, dsn: str) -> None:
    ledger = PostgresLedger(pool)
    account = await opened(ledger)
    async with owner_of(dsn) as owner:
        for number in range(5):
            await owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            await ledger.place(order(account), command(f"c{number}"))
    assert await pool.fetchval("SELECT count(*) FROM orders") == 5
    assert await findings(dsn) == []


async def test_where_postgresql_is_away_the_ledger_is_down(pool: Pool, dsn: str) -> None:
    ledger = PostgresLedger(pool)
    account = await opened(ledger)
    await pool.close()
    with pytest.raises(DatabaseUnavailable):
        await ledger.place(order(account), command("c1"))
    with pytest.raises(DatabaseUnavailable):
        await ledger.state(account)


async def test_a_call_that_takes_too_long_is_given_up(pool: Pool, dsn: str) -> None:
    database = Database(pool, refusals=LEDGER_REFUSALS, jitter=JITTER, call_seconds=0.2)

    async def sleep(connection: Connection) -> None:
        await connection.execute("SELECT pg_sleep(30)")

    with pytest.raises(DatabaseUnavailable):
        await database.run(sleep)
    assert await pool.fetchval("SELECT 1") == 1


@pytest.mark.parametrize("code", ["40001", "40P01"])
async def test_contention_is_retried_within_bounds(code: str, pool: Pool) -> None:
    database = Database(pool, refusals=LEDGER_REFUSALS, jitter=JITTER)
    tries: list[int] = []

    async def contended(connection: Connection) -> str:
        tries.append(1)
        if len(tries) < 3:
            await connection.execute(f"DO $$ BEGIN RAISE EXCEPTION 'busy' USING ERRCODE = '{code}'; END $$")
        return "done"

    assert await database.run(contended) == "done"

    async def hopeless(connection: Connection) -> None:
        tries.append(1)
        await connection.execute(f"DO $$ BEGIN RAISE EXCEPTION 'busy' USING ERRCODE = '{code}'; END $$")

    tries.clear()
    with pytest.raises(DatabaseUnavailable):
        await database.run(hopeless)
    assert len(tries) == 4


async def test_our_own_mistakes_are_not_called_an_outage(pool: Pool) -> None:
    database = Database(pool, refusals=LEDGER_REFUSALS, jitter=JITTER)

    async def mistyped(connection: Connection) -> None:
        await connection.fetchval("SELECT $1::bigint", "not a number")

    with pytest.raises(asyncpg.DataError):
        await database.run(mistyped)
    account = await opened(PostgresLedger(pool))
    wrong = replace(order(account), execution=structs.replace(order(account).execution, symbol=None))  # type: ignore[arg-type]
    with pytest.raises(asyncpg.NotNullViolationError):
        await PostgresLedger(pool).place(wrong, command("c9"))
