"""Frames, ticks and trades that are dated later than the market's clock allows: no order learns of them."""

import logging

import pytest

from pipeline.market import Frame, Tick, Trade
from tests.fakes.priced_market import BTC, ETH, NOON, STALE_AFTER_MS
from tests.support.matching_house import MatchingHouse, buys, running
from trading.orders.open_orders import OrderStatus

FAR = 253_402_300_799_999
IN_MEMORY = pytest.mark.parametrize("house", ["memory"], indirect=True)


@IN_MEMORY
@pytest.mark.parametrize("ahead", [FAR - NOON, STALE_AFTER_MS + 5_000])
async def test_events_of_the_future_keep_no_later_trade_out(house: MatchingHouse, ahead: int) -> None:
    (order,) = await house.rest(buys("1", "80"))
    far = NOON + ahead
    async with running(house.worker):
        await house.knows(order)
        await house.trade(("100", "1"))
        ticks = (Tick(BTC, far, "100", "100", "1", "101", "1"),)
        await house.bus.publish(Frame(house.market.time, ticks, trades=(Trade(BTC, far, "100", "1", 10**9),)))
        await house.trade(("70", "50"))
        await house.caught_up()
    assert (await house.record(order)).status is OrderStatus.FILLED
    assert [(record.offset, reason) for record, reason in house.bus.dead_letters] == [(1, "future")]


@IN_MEMORY
async def test_a_frame_of_the_future_expires_no_order(house: MatchingHouse, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "pipeline.flow.future_frames")
    (order,) = await house.rest(buys("1", "80", expires_at=NOON + 86_400_000))
    async with running(house.worker):
        await house.knows(order)
        for _ in range(2):
            await house.bus.publish(Frame(FAR, (Tick(ETH, house.market.time, "5", "5", "1", "6", "1"),)))
        await house.trade(("100", "1"))
        await house.caught_up()
    assert (await house.record(order)).status is OrderStatus.NEW
    assert house.bus.refused == {"future": 2}
    assert len(caplog.messages) == 1
