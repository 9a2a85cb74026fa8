"""Commands that wait together go in one call, and each has its own outcome, on real PostgreSQL."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest

from tests.support.resting_house import GRANT, D, RestingHouse, limit, stop
from trading.errors import InsufficientFunds
from trading.ledger.order_rows import accept_json
from trading.ledger.order_store import SQL, PostgresOrderStore
from trading.orders.errors import UnknownOrderId
from trading.orders.open_orders import ListKind, OrderStatus
from trading.orders.records import OrderRecord, PlacedOrders
from trading.orders.types import Side


class CountedStore(PostgresOrderStore):
    """Counts the commands of each call."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        super().__init__(pool)
        self.calls: list[int] = []

    async def _execute(self, commands: Sequence[str]) -> list[list[asyncpg.Record]]:
        self.calls.append(len(commands))
        return await super()._execute(commands)


@pytest.fixture
def store(house: RestingHouse, pool: "asyncpg.Pool[asyncpg.Record]") -> CountedStore:
    house.store = CountedStore(pool)
    return house.store


async def test_commands_that_wait_together_share_calls_and_have_their_own_outcomes(
    house: RestingHouse, store: CountedStore
) -> None:
    accounts = [await house.account(person) for person in range(1, 5)]
    first = await house.accept(accounts[0], limit(Side.BUY, "1", "90"))
    store.calls.clear()
    (kept,) = first.orders
    acts: list[Any] = [
        house.accept(accounts[1], limit(Side.BUY, "2", "100")),
        house.accept(accounts[2], limit(Side.BUY, "20000", "100")),  # cannot be paid
        store.cancel(accounts[0].account_id, [kept.order_id], None, house.command()),
        store.cancel(accounts[3].account_id, [kept.order_id], None, house.command()),  # not theirs
        house.accept(accounts[1], limit(Side.BUY, "3", "100")),
    ]
    accepted, short, ended, unknown, again = await asyncio.gather(*acts, return_exceptions=True)
    assert sum(store.calls) == len(acts)
    assert len(store.calls) == 2
    assert isinstance(accepted, PlacedOrders)
    assert isinstance(again, PlacedOrders)
    assert isinstance(short, InsufficientFunds)
    assert isinstance(unknown, UnknownOrderId)
    assert [(order.order_id, order.status) for order in ended] == [(kept.order_id, OrderStatus.CANCELED)]
    assert await house.money(accounts[0]) == (GRANT, D(0))
    assert await house.money(accounts[1]) == (GRANT - 500, D(500))
    assert await house.money(accounts[2]) == (GRANT, D(0))


async def test_a_command_that_the_database_rejects_fails_alone(house: RestingHouse, store: CountedStore) -> None:
    accounts = [await house.account(person) for person in range(1, 4)]
    other = house.new(accounts[1], limit(Side.BUY, "1", "100"), stop(Side.SELL, "1", "90"), kind=ListKind.OCO)
    done = await asyncio.gather(
        house.accept(accounts[0], limit(Side.BUY, "1", "100")),
        store.accept(other, house.command()),  # a pair of two sides
        house.accept(accounts[2], limit(Side.BUY, "1", "100")),
        return_exceptions=True,
    )
    assert [type(each) for each in done] == [PlacedOrders, asyncpg.CheckViolationError, PlacedOrders]
    assert await house.money(accounts[1]) == (GRANT, D(0))


async def test_accepted_orders_are_those_that_are_read(house: RestingHouse, store: CountedStore) -> None:
    account = await house.account()
    await house.coins(account, "2")
    placed = await house.accept(account, limit(Side.SELL, "1", "110"), stop(Side.SELL, "1", "90"), kind=ListKind.OCO)
    assert len(placed.orders) == 2
    read: list[OrderRecord | None] = [await store.order(account.account_id, order.order_id) for order in placed.orders]
    assert list(placed.orders) == read
    money = [await house.money(account, balance.asset) for balance in placed.balances]
    assert [(balance.available, balance.held) for balance in placed.balances] == money


async def test_an_order_cannot_name_another_account_than_its_command(
    house: RestingHouse, store: CountedStore, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    mine, theirs = await house.account(1), await house.account(2)
    text = accept_json(house.new(mine, limit(Side.BUY, "1", "100")), house.command())
    forged = text.replace('"role":', f'"account_id":{theirs.account_id},"role":')
    assert forged != text
    (row,) = await pool.fetch(SQL["commands"], f"[{forged}]")
    assert await store.order(mine.account_id, row["orders"][0]) is not None
