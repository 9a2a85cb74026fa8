"""Commands that are on their way while their account goes back to another person, on real PostgreSQL."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal

import asyncpg
import pytest

from tests.support.resting_house import RestingHouse, limit
from tests.support.trading_house import GRANT, order, owner_of
from trading.errors import AccountReassigned
from trading.ledger.ports import LedgerCommand
from trading.orders.bookings import Amendment
from trading.orders.records import OrderRecord
from trading.orders.types import Side
from trading.ports import Account

HOST, GUEST = 1, 2
WAITING = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
Sent = Callable[[RestingHouse, Account, OrderRecord, LedgerCommand], Awaitable[object]]


async def _accept(house: RestingHouse, account: Account, _: OrderRecord, command: LedgerCommand) -> object:
    return await house.store.accept(house.new(account, limit()), command)


async def _amend(house: RestingHouse, account: Account, there: OrderRecord, command: LedgerCommand) -> object:
    price = Decimal(99)
    change = Amendment(there.order_id, 1, Decimal(2), price, None, price, Decimal(198), None, loses_place=True)
    return await house.store.amend(account.account_id, change, command)


async def _cancel(house: RestingHouse, account: Account, _: OrderRecord, command: LedgerCommand) -> object:
    return await house.store.cancel(account.account_id, None, None, command)


async def _place(house: RestingHouse, account: Account, _: OrderRecord, command: LedgerCommand) -> object:
    return await house.ledger.place(order(account), command)


async def _place_batch(house: RestingHouse, account: Account, _: OrderRecord, command: LedgerCommand) -> object:
    return await house.ledger.place_batch([order(account)], "USDC", command)


async def _reset(house: RestingHouse, account: Account, _: OrderRecord, command: LedgerCommand) -> object:
    return await house.ledger.reset(account, GRANT, command)


COMMANDS: tuple[Sent, ...] = (_accept, _amend, _cancel, _place, _place_batch, _reset)


async def _give(dsn: str, account: Account, person: int) -> None:
    async with owner_of(dsn) as owner:
        await owner.execute("UPDATE account SET person_id = $2 WHERE id = $1", account.account_id, person)


async def _books(pool: "asyncpg.Pool[asyncpg.Record]") -> list[object]:
    return [
        await pool.fetch(f"SELECT * FROM {table} ORDER BY 1, 2")  # noqa: S608 - names of the test
        for table in ("balance", "entry", "orders", "order_event", "open_order", "order_hold")
    ]


async def test_a_command_has_no_effect_in_the_account_of_another(
    house: RestingHouse, pool: "asyncpg.Pool[asyncpg.Record]", dsn: str
) -> None:
    account = await house.account(HOST)
    (there,) = (await house.accept(account, limit(Side.BUY, "2", "100"))).orders
    await _give(dsn, account, GUEST)
    before = await _books(pool)
    for send in COMMANDS:
        with pytest.raises(AccountReassigned):
            await send(house, account, there, replace(house.command(), person_id=HOST))
        assert await _books(pool) == before, send.__name__


@pytest.mark.parametrize("person", [GUEST, None])
async def test_its_person_and_the_version_before_are_served(person: int | None, house: RestingHouse, dsn: str) -> None:
    account = await house.account(HOST)
    (there,) = (await house.accept(account, limit(Side.BUY, "2", "100"))).orders
    await _give(dsn, account, GUEST)
    for send in COMMANDS:
        await send(house, account, there, replace(house.command(), person_id=person))


async def test_the_calls_of_the_version_before_are_answered(
    house: RestingHouse, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    account = await house.account(HOST)
    await house.accept(account, limit())
    number, body = account.account_id, bytes(32)
    ended = await pool.fetchval(
        "SELECT outcome FROM cancel_orders($1, NULL, NULL, 'cancel', $2, now(), 1)", number, body
    )
    reset = await pool.fetchval("SELECT outcome FROM reset_account($1, $2, 'reset', $3, now(), 1)", number, GRANT, body)
    assert (ended, reset) == ("done", "reset")


async def test_an_answer_that_was_given_is_given_again(house: RestingHouse, dsn: str) -> None:
    account = await house.account(HOST)
    new, command = house.new(account, limit()), replace(house.command(), person_id=HOST)
    first = await house.store.accept(new, command)
    await _give(dsn, account, GUEST)
    assert await house.store.accept(new, command) == first


async def test_a_command_waits_for_the_account_before_it_looks_whose_it_is(house: RestingHouse, dsn: str) -> None:
    """The account goes back while commands wait for its lock, as `undo_join` takes it."""
    account = await house.account(HOST)
    (there,) = (await house.accept(account, limit(Side.BUY, "2", "100"))).orders
    for send in COMMANDS:
        async with owner_of(dsn) as owner:
            await _give(dsn, account, HOST)
            back = owner.transaction()
            await back.start()
            await owner.execute("SELECT FROM balance WHERE account_id = $1 FOR UPDATE", account.account_id)
            await owner.execute("UPDATE account SET person_id = $2 WHERE id = $1", account.account_id, GUEST)
            sent = asyncio.create_task(send(house, account, there, replace(house.command(), person_id=HOST)))
            while not await owner.fetch(WAITING):  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            await back.commit()
            with pytest.raises(AccountReassigned):
                await sent
