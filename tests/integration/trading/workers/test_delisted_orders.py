"""Open orders of a symbol that leaves the exchange: they expire, their money comes back, and nothing fills them."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import asyncpg

from core.clock import wall_clock
from jobs.delistings import Delistings
from people.notifications.notices import decode
from pipeline.delisting import GRACE_MS
from pipeline.rules import DELISTED
from tests.fakes.priced_market import BTC
from tests.support.matching_house import MatchingHouse, buys, running
from tests.support.push_house import CALM
from trading.orders.notices import OrderEnded
from trading.orders.open_orders import EndReason, OrderStatus

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]


async def test_orders_of_a_delisted_symbol_expire(postgres_house: MatchingHouse, pool: "Pool") -> None:
    house = postgres_house
    (order,) = await house.rest(buys())
    market = cast("Any", house.market)
    market.symbols = lambda: [BTC]
    market.listed[BTC] = replace(market.listed[BTC], status=DELISTED, delisted_at=house.market.time)
    told: list[int] = []
    job = Delistings(pool, market, house.store, wall_clock, jitter=CALM, on_told=lambda: told.append(1))
    async with running(house.worker):
        await house.knows(order)
        assert await job.run() == 0
        market.time += GRACE_MS
        assert [await job.run(), await job.run()] == [1, 0]
        await house.trade(("89", "5"))
        await house.caught_up()
    ended = await house.record(order)
    assert (ended.status, ended.events[-1].reason) == (OrderStatus.EXPIRED, EndReason.DELISTED)
    assert ended.filled == 0
    assert (await house.desk.balance("USDC")).held == 0
    notices = [decode(row["body"]) for row in await pool.fetch("SELECT body FROM outbox")]
    assert [notice.order_id for notice in notices if isinstance(notice, OrderEnded)] == [order.order_id]
    assert told
