"""Alerts on the distance from an order: they follow its price, and end with it."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg

from jobs.alerts.alert_expiry import AlertExpiry
from tests.integration.trading.alerts.alert_worker import Market
from tests.integration.trading.orders.test_applied import amended
from tests.support.condition_wishes import condition_wish
from tests.support.push_house import CALM, somebody
from tests.support.resting_house import RestingHouse, limit, stop
from trading.alerts.condition_postgres import PostgresConditionAlerts
from trading.alerts.ports import AlertState
from trading.triggers.conditions import Condition, ConditionFiring, Measure
from trading.triggers.price_levels import Direction

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal


def near(order_id: int, price: int) -> Condition:
    return Condition(Measure.ORDER, Direction.BELOW, D("0.01"), order_id=order_id, reference=D(price))


async def test_an_alert_follows_the_price_of_its_order_and_ends_with_it(house: RestingHouse, pool: "Pool") -> None:
    person = await somebody(pool)
    account = await house.account(person)
    (order,) = (await house.accept(account, limit(price="100"))).orders
    store, market = PostgresConditionAlerts(pool, jitter=CALM), Market()
    name = market.info().market
    made = await store.create(condition_wish(person, condition=near(order.order_id, 100), market=name))
    old = ConditionFiring(made.trigger, 100.5, 0.0, 100.5, 1)
    mark = (await store.changes(name, "")).cursor
    await house.store.amend(account.account_id, amended(order.order_id, 1, "2", "90"), house.command())
    (moved,) = (await store.changes(name, mark)).alerts
    assert (moved.condition.reference, moved.trigger.awaited) == (D(90), 90.9)
    assert await store.fire(name, [old]) == frozenset(), "the order has moved away"
    other = await store.create(condition_wish(person, 2, near(order.order_id + 99, 100), market=name))
    gone = ConditionFiring(other.trigger, 100.5, 0.0, 100.5, 1)
    assert await store.fire(name, [gone]) == frozenset(), "there is no such order"
    job = AlertExpiry(pool, market, jitter=CALM)  # type: ignore[arg-type]
    assert await job.run() == 1
    assert await store.fire(name, [replace(old, trigger=moved.trigger)]) == {made.alert_id}
    assert (await store.find(person, other.alert_id)).state is AlertState.CANCELLED


async def test_a_triggered_stop_without_a_limit_keeps_its_price(house: RestingHouse, pool: "Pool") -> None:
    person = await somebody(pool)
    account = await house.account(person)
    await house.coins(account)
    (order,) = (await house.accept(account, stop(price="90"))).orders
    store = PostgresConditionAlerts(pool, jitter=CALM)
    await store.create(condition_wish(person, condition=near(order.order_id, 90)))
    await house.trigger(order, "90")
    (same,) = await store.waiting(person, condition_wish(person).market)
    assert same.condition.reference == D(90)
