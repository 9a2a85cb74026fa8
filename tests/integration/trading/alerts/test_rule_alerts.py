"""Alerts on conditions of the rule language, on PostgreSQL: the store, the worker with restarts, once for each edge."""

from dataclasses import replace
from typing import TYPE_CHECKING

import asyncpg
import pytest

from pipeline.market import MINUTE_MS, Interval
from tests.integration.trading.alerts.test_condition_alerts import START, Desk, firing, store_of, told
from tests.support.condition_wishes import condition_wish
from tests.support.push_house import MARKET, FakeCourier, dispatcher, running, settled, somebody, until
from trading.alerts.condition_alerts import NewCondition, rule_condition
from trading.alerts.errors import SameAlert

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

LOW = rule_condition("sma(2) < 80 and close@5m > 50", Interval.M1)


async def test_a_rule_is_stored_changed_and_fired_as_it_is(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    made = await store.create(condition_wish(person, condition=LOW))
    assert made.condition == LOW
    with pytest.raises(SameAlert):
        await store.create(condition_wish(person, 2, LOW))
    other = rule_condition("sma(2) < 81 and close@5m > 50", Interval.M1)
    assert (await store.create(condition_wish(person, 3, other))).condition == other
    changed = await store.edit(
        person, made.alert_id, NewCondition(replace(other, length=9), made.rearm, ready=True, market_time=START)
    )
    assert changed.condition == replace(other, length=9)
    assert await store.fire(MARKET, [firing(made)]) == frozenset()
    assert await store.fire(MARKET, [firing(changed)]) == {made.alert_id}
    (notice,) = await told(pool)
    assert (notice.rule, notice.measure) == (other.rule, "rule")


async def test_it_fires_once_for_each_edge_across_restarts(pool: "Pool") -> None:
    """True at the fall; still true at the next candle, which another worker sees; false; true while none is alive."""
    desk, person, courier = Desk(pool), await somebody(pool), FakeCourier()
    await desk.closes(*[100.0] * 10, heard=False)
    made = await desk.store.create(condition_wish(person, condition=LOW, since=desk.market.time, repeat=True))
    async with running(desk.worker.run()), running(dispatcher(pool, courier).run()):
        await desk.knows(made)
        await desk.filled()
        await desk.closes(90, 60)
        await until(lambda: desk.fired)
        await settled(pool)
    await desk.closes(60, heard=False)
    for prices in ((60, 110, 110), (60, 60, 60)):
        async with running(desk.again().run()):
            await desk.knows(made)
            await desk.filled()
            await desk.closes(60)
        await desk.closes(*prices, heard=False)
    async with running(desk.again().run()):
        await desk.filled()
        await until(lambda: desk.fired > 1)
        await desk.filled()
    times = [(notice.time - START) // MINUTE_MS for notice in await told(pool)]
    assert times == [12, 19]
    assert "BTC/USDC: sma(2) < 80 and close@5m > 50 (1m)" in str(courier.replies)
    assert "true" in str(courier.replies)
