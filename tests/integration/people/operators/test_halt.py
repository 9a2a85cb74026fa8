"""Trading halted for everyone: after the commit of a halt no order is accepted, in any process."""

import asyncio
import random

import asyncpg
import pytest

from core.database import Pool
from people.operators.members import OperatorList
from people.operators.ports import OperatorAction
from people.operators.postgres import PostgresOperations
from tests.support.trading_house import command, findings, opened, order
from trading.errors import TradingHalted
from trading.ledger.ports import body_of
from trading.ledger.postgres import PostgresLedger

JITTER = random.Random(5)  # noqa: S311


def use(name: str, line: str = "/halt") -> OperatorAction:
    return OperatorAction(name, "telegram", "42", 1, line)


@pytest.fixture
def operations(pool: Pool) -> PostgresOperations:
    return PostgresOperations(pool, OperatorList(), jitter=JITTER)


@pytest.fixture
def ledger(pool: Pool) -> PostgresLedger:
    return PostgresLedger(pool, jitter=JITTER)


async def test_orders_and_their_sizes_are_refused_with_the_reason_until_trading_is_resumed(
    operations: PostgresOperations, ledger: PostgresLedger, dsn: str
) -> None:
    account = await opened(ledger)
    await ledger.place(order(account), command("before"))
    assert await operations.halt(use("h1"), "the exchange is down") is True
    with pytest.raises(TradingHalted) as refused:
        await ledger.place(order(account), command("during"))
    assert refused.value.reason == "the exchange is down"
    with pytest.raises(TradingHalted):
        await ledger.available(account.account_id, ("BTC", "USDC"))
    with pytest.raises(TradingHalted):
        await asyncio.gather(*(ledger.place(order(account), command(f"many-{n}")) for n in range(20)))
    assert await operations.resume(use("r1", "/resume")) is True
    assert not (await ledger.place(order(account), command("during"))).replayed
    assert await ledger.available(account.account_id, ("BTC", "USDC"))
    assert await findings(dsn) == []


async def test_a_command_that_took_effect_before_the_halt_is_still_known(
    operations: PostgresOperations, ledger: PostgresLedger
) -> None:
    account = await opened(ledger)
    placed = await ledger.place(order(account), command("before"))
    await operations.halt(use("h1"), "")
    found = await ledger.find_receipt("before", body_of("before"))
    assert found is not None
    assert found.order_id == placed.receipt.order_id


async def test_a_halt_without_a_reason_halts_too(operations: PostgresOperations, ledger: PostgresLedger) -> None:
    account = await opened(ledger)
    await operations.halt(use("h1"), "")
    with pytest.raises(TradingHalted) as refused:
        await ledger.place(order(account), command("during"))
    assert refused.value.reason == ""


async def test_no_order_is_accepted_after_the_commit_of_a_halt(
    operations: PostgresOperations, pool: Pool, dsn: str
) -> None:
    """Two ledgers, as two processes have them, under load; every order of the log is older than every halt."""
    ledgers = [PostgresLedger(pool, jitter=JITTER), PostgresLedger(pool, jitter=JITTER)]
    accounts = [await opened(ledgers[0], person) for person in range(1, 5)]
    over = asyncio.Event()
    placed: dict[str, int] = {}

    async def trade(which: int) -> None:
        number = 0
        while not over.is_set():
            number += 1
            try:
                name = f"order-{which}-{number}"
                receipt = await ledgers[which % 2].place(order(accounts[which], quantity="0.1"), command(name))
                placed[name] = receipt.receipt.order_id
            except TradingHalted:
                await asyncio.sleep(0.001)

    async with asyncio.TaskGroup() as group:
        for which in range(4):
            group.create_task(trade(which))
        for round_ in range(8):
            await asyncio.sleep(0.05)
            await operations.halt(use(f"h{round_}"), f"round {round_}")
            before = await pool.fetchval("SELECT count(*) FROM orders")
            await asyncio.sleep(0.03)
            assert await pool.fetchval("SELECT count(*) FROM orders") == before
            await operations.resume(use(f"r{round_}", "/resume"))
        over.set()
    assert len(placed) > 50
    assert await findings(dsn) == []


async def test_an_order_under_way_is_waited_for_and_the_next_one_refused(
    operations: PostgresOperations, ledger: PostgresLedger, dsn: str
) -> None:
    account = await opened(ledger)
    blocker = await asyncpg.connect(dsn)
    try:
        await blocker.execute("BEGIN")
        await blocker.execute("SELECT FROM balance WHERE account_id = $1 FOR UPDATE", account.account_id)
        under_way = asyncio.create_task(ledger.place(order(account), command("under-way")))
        await asyncio.sleep(0.1)
        halting = asyncio.create_task(operations.halt(use("h1"), "now"))
        await asyncio.sleep(0.1)
        assert not halting.done()
        late = asyncio.create_task(ledger.place(order(account), command("late")))
        await asyncio.sleep(0.1)
        await blocker.execute("COMMIT")
        assert not (await under_way).replayed
        assert await halting is True
        with pytest.raises(TradingHalted):
            await late
    finally:
        await blocker.close()


async def test_a_halt_outlives_every_connection_and_comes_once(operations: PostgresOperations, dsn: str) -> None:
    assert await operations.halt(use("h1"), "why") is True
    assert await operations.halt(use("h1"), "why") is True  # delivered again
    assert await operations.halt(use("h2"), "why") is False
    assert await operations.halt(use("h3"), "another") is True
    await operations.resume(use("r1"))
    assert await operations.halt(use("h1"), "why") is True  # long after: it took effect once, and not again
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as fresh:
        counts = await PostgresOperations(fresh, OperatorList(), jitter=JITTER).counts()
        assert counts.halt is None
        await operations.halt(use("h4"), "for good")
        counts = await PostgresOperations(fresh, OperatorList(), jitter=JITTER).counts()
        assert counts.halt is not None
        assert counts.halt.reason == "for good"
    assert [(entry.line, entry.result) for entry in await operations.log(10)][:2] == [
        ("/halt", "halted"),
        ("/halt", "resumed"),
    ]
