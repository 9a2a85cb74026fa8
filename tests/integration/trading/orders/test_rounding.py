"""Fills whose cost is finer than the unit of the quote asset, on real PostgreSQL."""

from dataclasses import replace

import pytest
from msgspec import structs

from pipeline.market import SourceKind
from tests.support.resting_house import GRANT, NOON, D, RestingHouse, limit
from trading.matching.executions import execution_of
from trading.matching.symbol_orders import SymbolOrders
from trading.orders.bookings import BookedEffect
from trading.orders.effects import Filled, MarketTrade
from trading.orders.open_orders import OrderStatus
from trading.orders.types import Side

FINE = "100.000000001"


async def test_three_parts_are_paid_by_what_was_held_for_the_whole(house: RestingHouse) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit(Side.BUY, "3", FINE))).orders
    assert await house.money(account) == (GRANT - D("300.00000001"), D("300.00000001"))
    market = SymbolOrders(house.rules.symbol, house.rules)
    for part in range(3):
        stored = await house.store.open_order(account.account_id, order.order_id)
        assert stored is not None
        market.put(stored)
        (effect,) = market.take(MarketTrade(NOON + part + 1, D(99), D(1)))
        assert isinstance(effect, Filled)
        execution = execution_of(stored, effect, house.rules, SourceKind.SIMULATOR, 0)
        assert await house.apply(BookedEffect(effect, execution, stored.version)) == frozenset()
    assert (await house.seen(account, order)).status is OrderStatus.FILLED
    assert await house.money(account) == (GRANT - D("300.00000001"), 0)


@pytest.mark.parametrize("cost", ["99.99999999", "100.00000002", "0"])
async def test_a_cost_that_is_wrong_by_a_unit_is_rejected(house: RestingHouse, cost: str) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit(Side.BUY, "3", FINE))).orders
    fill = house.booked(order, "1", FINE)
    assert fill.execution is not None
    bad = replace(fill, execution=structs.replace(fill.execution, quote_amount=D(cost)))
    assert await house.apply(bad) == {order.order_id}
