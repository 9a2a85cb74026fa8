"""An effect that PostgreSQL rejects ends its order and no other one, on real PostgreSQL."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg
import pytest
from msgspec import structs

from tests.support.resting_house import GRANT, MARKET, NOON, D, RestingHouse, limit, stop
from trading.ledger.order_ports import OrderState, StreamPosition
from trading.orders.bookings import BookedEffect
from trading.orders.effects import Activated, Expired
from trading.orders.open_orders import EndReason, ListKind, OrderStatus
from trading.orders.records import OrderRecord
from trading.orders.types import Side


def wrong(
    house: RestingHouse, order: OrderRecord, quantity: str, price: str, version: int | None = None
) -> BookedEffect:
    """A fill of which the figures do not add up."""
    fill = house.booked(order, quantity, price, version)
    assert fill.execution is not None
    return replace(fill, execution=structs.replace(fill.execution, fee=D(0)))


@asynccontextmanager
async def refusing(dsn: str, order: OrderRecord) -> AsyncIterator[None]:
    """PostgreSQL takes no more event of this order."""
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute(
            f"ALTER TABLE order_event ADD CONSTRAINT refused CHECK (order_id <> {order.order_id}) NOT VALID"
        )
        yield
        await owner.execute("ALTER TABLE order_event DROP CONSTRAINT refused")
    finally:
        await owner.close()


async def test_a_rejected_fill_ends_its_order_and_no_other(
    house: RestingHouse, caplog: pytest.LogCaptureFixture
) -> None:
    account = await house.account()
    first, bad, last = [(await house.accept(account, limit())).orders[0] for _ in range(3)]
    position = StreamPosition("kafka:1", {}, {0: 10})
    effects = [house.booked(first, "1", "100"), wrong(house, bad, "1", "100"), house.booked(last, "2", "100")]
    states = [OrderState(first.order_id, D(0), None, 2)]
    applied = await house.store.apply(MARKET, effects, states, position, house.command())
    assert (applied.gone, dict(applied.stuck)) == ({bad.order_id}, {})
    ended = await house.seen(account, bad)
    assert (ended.status, ended.events[-1].reason, ended.hold) == (OrderStatus.EXPIRED, EndReason.FAULT, None)
    assert (await house.seen(account, first)).filled == 1
    assert (await house.seen(account, last)).status is OrderStatus.FILLED
    assert await house.store.positions(MARKET, "kafka:1") == {0: 10}
    assert await house.money(account) == (GRANT - 400, 100)
    (error,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert f"order {bad.order_id} has expired" in error.getMessage()


async def test_an_order_that_cannot_be_ended_is_passed_over(
    house: RestingHouse, dsn: str, caplog: pytest.LogCaptureFixture
) -> None:
    account = await house.account()
    first, bad = [(await house.accept(account, limit())).orders[0] for _ in range(2)]
    async with refusing(dsn, bad):
        effects = [house.booked(bad, "1", "100", version=1), house.booked(first, "1", "100", version=1)]
        applied = await house.store.apply(MARKET, effects, [], None, house.command())
    assert (applied.gone, dict(applied.stuck)) == ({bad.order_id}, {bad.order_id: 1})
    assert (await house.seen(account, bad)).status is OrderStatus.NEW
    assert (await house.seen(account, first)).filled == 1
    assert f"order {bad.order_id} is passed over" in caplog.text


async def test_states_that_are_rejected_leave_the_effects(
    house: RestingHouse, caplog: pytest.LogCaptureFixture
) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit())).orders
    states = [OrderState(order.order_id, D(-1), None, 2)]
    applied = await house.store.apply(MARKET, [house.booked(order, "1", "100")], states, None, house.command())
    assert applied.gone == frozenset()
    assert (await house.seen(account, order)).filled == 1
    assert "what was learned of open orders" in caplog.text


async def test_the_other_order_of_a_pair_stays(house: RestingHouse) -> None:
    account = await house.account()
    await house.coins(account, "3")
    profit, loss = (await house.accept(account, limit(Side.SELL, "2", "120"), stop(), kind=ListKind.OCO)).orders
    gone = await house.apply(wrong(house, profit, "2", "120"), Expired(loss.order_id, NOON, EndReason.LIST))
    assert gone == {profit.order_id, loss.order_id}
    assert (await house.seen(account, profit)).events[-1].reason is EndReason.FAULT
    assert (await house.seen(account, loss)).status is OrderStatus.NEW
    assert (await house.money(account, "BTC"))[1] == 2


@pytest.mark.parametrize("end", ["fault", "funds"])
async def test_a_working_order_that_ends_in_part_lets_the_others_go_live(house: RestingHouse, end: str) -> None:
    """The fills cost 26 of 200, by prices that no hold of the database pays, and 0.25 of 2 were bought."""
    account = await house.account()
    terms = stop(Side.BUY, "2", "100")
    legs = (limit(Side.SELL, "2", "140"), stop(Side.SELL, "2", "90"))
    working, profit, loss = (await house.accept(account, terms, *legs, kind=ListKind.OTOCO)).orders
    await house.trigger(working, "101")
    await house.fill(working, "0.25", "104")
    rest = house.booked(working, "1.75", "200") if end == "funds" else wrong(house, working, "1.75", "104")
    later = [Activated(each.order_id, NOON, D("1.998")) for each in (profit, loss)]
    assert working.order_id in await house.apply(rest, *later)
    ended = await house.seen(account, working)
    assert (ended.status, ended.events[-1].reason) == (OrderStatus.EXPIRED, EndReason(end))
    for each in (profit, loss):
        live = await house.seen(account, each)
        assert (live.status, live.quantity) == (OrderStatus.NEW, D("0.24975"))
    assert await house.money(account, "BTC") == (0, D("0.24975"))
    assert await house.money(account) == (GRANT - 26, 0)


async def test_a_working_order_that_ends_without_a_fill_ends_the_others(house: RestingHouse) -> None:
    account = await house.account()
    working, pending = (await house.accept(account, limit(), limit(Side.SELL, "2", "120"), kind=ListKind.OTO)).orders
    await house.apply(wrong(house, working, "2", "100"))
    ended = await house.seen(account, pending)
    assert (ended.status, ended.events[-1].reason) == (OrderStatus.EXPIRED, EndReason.LIST)
    assert await house.money(account) == (GRANT, 0)
