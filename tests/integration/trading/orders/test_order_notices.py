"""Notices of resting orders: written with their event, once, to the chat that the person reads."""

from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from core.outbox import Chat, NotificationTarget
from people.notifications.notices import Notice, decode
from tests.support.resting_house import MARKET, NOON, D, RestingHouse, limit, stop
from tests.support.trading_house import owner_of
from trading.ledger.ports import OrderNotification
from trading.orders.bookings import BookedEffect
from trading.orders.effects import Expired, Triggered
from trading.orders.notices import OrderEnded, OrderFilled, OrderTriggered
from trading.orders.open_orders import EndReason, ListKind
from trading.orders.types import Side


@pytest.fixture
async def owner(dsn: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    """A person who reads the private chat `1001`."""
    async with owner_of(dsn) as connection:
        await connection.execute("INSERT INTO person (id, language, timezone) VALUES (1, 'en', 'UTC')")
        await connection.execute("INSERT INTO notification_chat VALUES (1, 'telegram', '1001', false)")
        yield connection


async def told(owner: "asyncpg.Connection[asyncpg.Record]") -> dict[str, Notice]:
    return {row["key"]: decode(row["body"]) for row in await owner.fetch("SELECT key, body FROM outbox ORDER BY id")}


async def test_a_life_is_told_event_by_event(house: RestingHouse, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    account = await house.account()
    (order,) = (await house.accept(account, stop(Side.BUY, "2", "100"))).orders
    effects = [BookedEffect(Triggered(order.order_id, NOON, D("100.5")))]
    applied = await house.store.apply(MARKET, effects, [], None, house.command("first"))
    assert applied.notified
    await house.store.apply(MARKET, effects, [], None, house.command("first"))
    await house.fill(order, "1.5", "101")
    await house.end(order, EndReason.PROTECTION)
    number = order.order_id
    execution = (await house.seen(account, order)).events[2].execution_id
    assert execution is not None
    triggered, filled, ended = (await told(owner)).items()
    assert triggered[0] == f"order-triggered:{number}"
    assert isinstance(triggered[1], OrderTriggered)
    assert (triggered[1].quantity, triggered[1].price, triggered[1].time) == (2, D("100.5"), NOON)
    assert filled[0] == f"fill:{execution}"
    assert isinstance(filled[1], OrderFilled)
    assert (filled[1].order_id, filled[1].parent_id, filled[1].remaining) == (execution, number, D("0.5"))
    assert ended[0] == f"order-ended:{number}"
    assert isinstance(ended[1], OrderEnded)
    assert (ended[1].filled, ended[1].quantity, ended[1].reason) == (D("1.5"), 2, EndReason.PROTECTION)


async def test_what_the_user_did_or_another_notice_told_is_not_told(
    house: RestingHouse, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    account = await house.account()
    await house.coins(account)
    await owner.execute("DELETE FROM outbox")
    pair = (await house.accept(account, limit(Side.SELL, "2", "120"), stop(), kind=ListKind.OCO)).orders
    (single,) = (await house.accept(account, limit())).orders
    await house.store.cancel(account.account_id, [single.order_id], None, house.command())
    await house.apply(house.booked(pair[0], "2", "120"), Expired(pair[1].order_id, NOON, EndReason.LIST))
    assert [key.partition(":")[0] for key in await told(owner)] == ["fill"]


async def test_kinds_that_are_off_are_not_written(
    house: RestingHouse, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    account = await house.account()
    await owner.execute("INSERT INTO notification_preference VALUES (1, 'fill', 'off'), (1, 'expiry', 'off')")
    (order,) = (await house.accept(account, stop(Side.BUY, "2", "100"))).orders
    await house.trigger(order, "100")
    await house.fill(order, "1", "100")
    await house.end(order, EndReason.PROTECTION)
    assert await told(owner) == {}


async def test_the_chosen_chat_is_preferred(house: RestingHouse, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    account = await house.account()
    await owner.execute("INSERT INTO notification_chat VALUES (1, 'discord', '7', true)")
    await owner.execute("INSERT INTO notification_destination VALUES (1, 'discord', '7')")
    (order,) = (await house.accept(account, limit())).orders
    await house.store.expire(MARKET, [house.rules.symbol], EndReason.DELISTED, house.command())
    rows = await owner.fetch("SELECT key, platform, chat_id FROM outbox")
    assert [tuple(row) for row in rows] == [(f"order-ended:{order.order_id}", "discord", "7")]


async def test_what_filled_at_once_is_told_where_the_command_says(
    house: RestingHouse, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    account = await house.account()
    (shape,) = (await house.accept(account, limit(Side.BUY, "1", "100"))).orders
    effects = (house.booked(replace(shape, order_id=0), "1", "99"),)
    target = NotificationTarget(Chat("telegram", "1001"))
    new = house.new(
        account, limit(Side.BUY, "1", "100"), effects=effects, notification=OrderNotification(1, MARKET, target)
    )
    command = house.command()
    placed = await house.store.accept(new, command)
    await house.store.accept(new, command)
    assert placed.receipt is not None
    assert list(await told(owner)) == [f"fill:{placed.receipt.order_id}"]
