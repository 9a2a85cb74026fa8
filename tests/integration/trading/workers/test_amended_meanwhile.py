"""Amendments that commit between the look of the worker for news and its write."""

import asyncio
from decimal import Decimal

from tests.patience import PATIENCE_SECONDS
from tests.support.matching_house import MatchingHouse, Meanwhile, buys, running, sells, stops, until
from trading.orders.open_orders import EndReason, ListKind, ListRole, OrderStatus
from trading.orders.records import OrderRecord

D = Decimal


async def behind(house: MatchingHouse, order: OrderRecord) -> Decimal | None:
    """The quantity ahead of the order, as it is stored."""
    found = await house.store.open_order(house.account_id, order.order_id)
    assert found is not None
    return found.queue_ahead


async def test_an_amendment_does_not_take_the_place_of_the_old_price_along(house: MatchingHouse) -> None:
    """What was learned of the old price is written after the amendment, and says nothing of the new price."""
    desk = house.desk
    (order,) = await house.rest(buys("1", "90"), queue="5")
    store = Meanwhile(
        house.store,
        lambda effects, states: bool(states) and not effects,
        lambda: desk.orders.amend(desk.account, "away", order.order_id, price=D(80)),
    )
    async with running(house.another(store)):  # type: ignore[arg-type]
        await until(lambda: bool(house.bus._groups))
        await house.trade(("90", "5"))
        await until(lambda: store.happened)
        await house.caught_up()
        open_order = await house.store.open_order(house.account_id, order.order_id)
        assert open_order is not None
        assert (open_order.limit_price, open_order.queue_ahead) == (80, None)
        await house.trade(("80", "1"), ("80", "1"))
        await house.caught_up()
    assert (await house.record(order)).filled == 0


async def test_a_smaller_quantity_keeps_what_is_learned_of_the_queue(house: MatchingHouse) -> None:
    desk = house.desk
    (order,) = await house.rest(buys("1", "90"), queue="5")
    store = Meanwhile(
        house.store,
        lambda effects, states: bool(states) and not effects,
        lambda: desk.orders.amend(desk.account, "less", order.order_id, quantity=D("0.5")),
    )
    house.worker = house.another(store)  # type: ignore[arg-type]
    async with running(house.worker):
        await house.knows(order)
        await house.trade(("90", "3"))
        await until(lambda: store.happened)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await behind(house, order)) != 2:  # noqa: ASYNC110 - the store has no event for it
                await asyncio.sleep(0.01)
        await house.caught_up()
    house.bus._groups.clear()
    house.worker = house.another()
    async with running(house.worker):
        await house.knows(order)
        await house.trade(("90", "2.2"))
        await house.caught_up()
    assert (await house.record(order)).filled == D("0.2")


async def test_the_other_order_of_a_pair_ends_though_it_was_amended(house: MatchingHouse) -> None:
    desk = house.desk
    roles = (ListRole.LIMIT, ListRole.STOP)
    profit, loss = await house.rest(sells("1", "110"), stops("1", "90"), kind=ListKind.OCO, roles=roles)
    store = Meanwhile(
        house.store,
        lambda effects, _: bool(effects),
        lambda: desk.orders.amend(desk.account, "lower", loss.order_id, price=D(80)),
    )
    house.worker = house.another(store)  # type: ignore[arg-type]
    async with running(house.worker):
        await house.knows(profit, loss)
        await house.trade(("111", "0.4"))
        await until(lambda: store.happened)
        await house.caught_up()
        await house.trade(("79", "1"))
        await house.show("79", "79.1")
        await house.caught_up()
    assert (await house.record(profit)).filled == D("0.4")
    ended = await house.record(loss)
    assert (ended.status, ended.events[-1].reason) == (OrderStatus.EXPIRED, EndReason.LIST)


async def test_a_bracket_goes_live_though_its_take_profit_was_amended(house: MatchingHouse) -> None:
    desk = house.desk
    roles = (ListRole.WORKING, ListRole.LIMIT, ListRole.STOP)
    terms = (buys("1", "90"), sells("1", "110"), stops("1", "80"))
    entry, profit, loss = await house.rest(*terms, kind=ListKind.OTOCO, roles=roles)
    store = Meanwhile(
        house.store,
        lambda effects, _: bool(effects),
        lambda: desk.orders.amend(desk.account, "higher", profit.order_id, price=D(120)),
    )
    house.worker = house.another(store)  # type: ignore[arg-type]
    async with running(house.worker):
        await house.knows(entry, profit, loss)
        await house.trade(("89", "5"))
        await until(lambda: store.happened)
        await house.caught_up()
        assert {(await house.record(each)).status for each in (profit, loss)} == {OrderStatus.NEW}
        await house.trade(("115", "5"), ("121", "5"))
        await house.caught_up()
    filled = await house.record(profit)
    assert (filled.status, filled.average_price) == (OrderStatus.FILLED, 120)
    assert (await house.record(loss)).events[-1].reason is EndReason.LIST
    assert (await desk.balance("BTC")).held == 0
