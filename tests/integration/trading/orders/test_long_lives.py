"""Orders with many events: what reads of them return and cost, on real PostgreSQL."""

import json
from decimal import Decimal

import asyncpg
import pytest

from tests.support.resting_house import D, RestingHouse, limit, stop
from tests.support.trading_house import owner_of
from trading.ledger.order_store import SQL
from trading.orders.bookings import Amendment
from trading.orders.errors import OrderNotOpen, TooManyAmendments
from trading.orders.open_orders import EndReason, OrderStatus
from trading.orders.records import LAST_EVENTS, OrderRecord
from trading.orders.types import Side
from trading.ports import Account

MANY = 3_000
LENGTHEN = """
INSERT INTO order_event (order_id, number, previous, kind, status, command_id, recorded_at, market_time_ms, price,
                         quantity, execution_id, total_quantity, total_value, total_received)
SELECT order_id, g, status, kind, status, command_id, recorded_at, market_time_ms, price, quantity,
       execution_id + (g - number) * 1000000::bigint, total_quantity, total_value, total_received
FROM order_event v, generate_series(v.number + 1, v.number + $2) AS g WHERE v.order_id = $1
    AND v.number = (SELECT max(number) FROM order_event WHERE order_id = $1)
"""


async def _amended(
    house: RestingHouse, account: Account, order: OrderRecord, version: int, quantity: str
) -> OrderRecord:
    price = Decimal(50)
    change = Amendment(order.order_id, version, D(quantity), price, None, price, D(0), None, loses_place=True)
    return await house.store.amend(account.account_id, change, house.command())


async def _rows_read(pool: "asyncpg.Pool[asyncpg.Record]", query: str, *arguments: object) -> int:
    """Returns how many rows of tables the query reads."""

    def rows(plan: dict[str, object]) -> int:
        below = plan.get("Plans", [])
        assert isinstance(below, list)
        own = plan["Actual Rows"] * plan["Actual Loops"] if "Relation Name" in plan else 0  # type: ignore[operator]
        removed = plan.get("Rows Removed by Filter", 0) * plan["Actual Loops"]  # type: ignore[operator]
        return int(own + removed) + sum(map(rows, below))

    found = await pool.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", *arguments)
    return rows(json.loads(found)[0]["Plan"])


@pytest.mark.parametrize("last", ["amended", "filled", "ended"])
async def test_a_read_does_not_grow_with_the_events(
    last: str, house: RestingHouse, pool: "asyncpg.Pool[asyncpg.Record]", dsn: str
) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit(Side.BUY, "3", "50"))).orders
    if last == "amended":
        await _amended(house, account, order, 1, "2")
    else:
        await house.fill(order, "1", "50")
    before = await house.store.order(account.account_id, order.order_id)
    async with owner_of(dsn) as owner:
        await owner.execute("SET session_replication_role = replica")
        await owner.execute(LENGTHEN, order.order_id, MANY)
        await owner.execute("UPDATE open_order SET version = version + $1", MANY)
        await owner.execute("ANALYZE order_event")
    if last == "ended":
        await house.end(order)
    after = await house.store.order(account.account_id, order.order_id, events=LAST_EVENTS)
    assert before is not None
    assert after is not None
    assert [event.number for event in after.events][-1] == MANY + (3 if last == "ended" else 2)
    assert len(after.events) == LAST_EVENTS
    assert (after.quantity, after.filled, after.average_price, after.limit_price) == (
        before.quantity,
        before.filled,
        before.average_price,
        before.limit_price,
    )
    for name, arguments in (
        ("record", (account.account_id, order.order_id)),
        ("records", ([order.order_id],)),
        ("open_records", (account.account_id, None)),
        ("events", (order.order_id, LAST_EVENTS)),
        ("open_order", (account.account_id, order.order_id)),
        ("changes", ("simulator:test", "0")),
    ):
        assert await _rows_read(pool, SQL[name], *arguments) < 60, name
    async with owner_of(dsn) as owner:  # the audit must not see what was made up
        await owner.execute("SET session_replication_role = replica")
        await owner.execute("DELETE FROM order_event WHERE number BETWEEN 3 AND $1", MANY + 2)
        await owner.execute("UPDATE order_event SET number = 3 WHERE number > 3")
        await owner.execute("UPDATE open_order SET version = version - $1", MANY)


async def test_a_record_is_what_its_events_say_open_and_ended(house: RestingHouse) -> None:
    account = await house.account()
    await house.coins(account)
    (order,) = (await house.accept(account, stop(Side.SELL, "3", "90"))).orders
    await house.trigger(order, "90")
    await house.fill(order, "1", "90")
    await house.fill(order, "1", "89")
    seen = await house.seen(account, order)
    stored = await house.store.open_order(account.account_id, order.order_id)
    assert stored is not None
    assert (seen.status, seen.filled, seen.average_price, seen.triggered) == (
        OrderStatus.PARTIALLY_FILLED,
        2,
        D("89.5"),
        True,
    )
    assert stored.received == D("178.821")
    await house.end(order, EndReason.PROTECTION)
    ended = await house.seen(account, order)
    assert (ended.status, ended.filled, ended.average_price, ended.triggered) == (
        OrderStatus.EXPIRED,
        2,
        D("89.5"),
        True,
    )
    assert (ended.quantity, ended.present.stop_price, ended.limit_price) == (3, 90, None)


async def test_an_order_is_amended_a_hundred_times(house: RestingHouse, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit(Side.BUY, "3", "50"))).orders
    for version in range(1, 101):
        assert not (await _amended(house, account, order, version, f"{1 + version % 2}")).events
    money = await house.money(account)
    with pytest.raises(TooManyAmendments) as many:
        await _amended(house, account, order, 101, "3")
    assert (many.value.order_id, many.value.limit) == (order.order_id, 100)
    assert await house.money(account) == money
    await house.store.cancel(account.account_id, [order.order_id], None, house.command())
    with pytest.raises(OrderNotOpen):
        await _amended(house, account, order, 102, "3")
