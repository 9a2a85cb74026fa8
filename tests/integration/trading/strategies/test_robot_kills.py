"""Robots whose process dies, or whose user changes them, at the worst moment: one order a candle, and a true state."""

import asyncio
from typing import Any

import pytest

from pipeline.bus import InProcessBus
from pipeline.market import MINUTE_MS
from tests.support.matching_house import MARKET, until
from tests.support.robot_house import GUARDED, D, RobotHouse
from trading.errors import NotNextStep
from trading.orders.types import QuoteAmount, Side
from trading.strategies.robots import Advance, RobotReason, RobotState


class Held:
    """A desk that stops before or after an order reaches the ledger, until it is released."""

    def __init__(self, desk: Any, *, after: bool = False) -> None:
        self._desk = desk
        self._after = after
        self.reached = asyncio.Event()
        self.released = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)

    async def place(self, *arguments: Any, **more: Any) -> Any:
        if self._after:
            placed = await self._desk.place(*arguments, **more)
        self.reached.set()
        await self.released.wait()
        return placed if self._after else await self._desk.place(*arguments, **more)


async def test_a_process_that_dies_before_the_order_places_it_after_its_start(house: RobotHouse) -> None:
    robot, desk = await house.robot(), Held(house.desk)
    async with house.running(house.worker(desk=desk)):
        await house.minute("106")
        await desk.reached.wait()
    assert await house.trades(robot) == []
    worker = house.worker()
    async with house.running(worker):
        await house.has(robot, trades=1)
        await house.minutes("107", workers=[worker])
    (bought,) = await house.trades(robot)
    after = await house.now(robot)
    assert (after.quantity, after.cash) == (bought.quantity - bought.fee, 1000 - bought.quote_amount)


async def test_a_process_that_dies_after_the_order_does_not_repeat_it(house: RobotHouse) -> None:
    robot, desk = await house.robot(), Held(house.desk, after=True)
    async with house.running(house.worker(desk=desk)):
        await house.minute("106")
        await desk.reached.wait()
    worker = house.worker()
    async with house.running(worker):
        await house.minutes("106", "106", workers=[worker])
    (bought,) = await house.trades(robot)
    after = await house.now(robot)
    assert (after.step, after.quantity) == (None, bought.quantity - bought.fee)


async def test_a_process_that_dies_before_the_protection_places_it_after_its_start(house: RobotHouse) -> None:
    robot, resting = await house.robot(GUARDED), Held(house.resting)
    async with house.running(house.worker(resting=resting)):
        await house.minute("106")
        await resting.reached.wait()
    assert (await house.now(robot)).protecting == ()
    async with house.running(house.worker()):
        await house.protected(robot)
    assert len(await house.resting.open_orders(house.account)) == 2


async def test_a_process_that_dies_after_the_protection_knows_it(house: RobotHouse) -> None:
    robot, resting = await house.robot(GUARDED), Held(house.resting, after=True)
    async with house.running(house.worker(resting=resting)):
        await house.minute("106")
        await resting.reached.wait()
    worker = house.worker()
    async with house.running(worker):
        await house.minutes("106", workers=[worker])
    assert len((await house.now(robot)).protecting) == 2
    assert len(await house.resting.open_orders(house.account)) == 2


async def test_an_old_purchase_is_dropped_after_the_start(house: RobotHouse) -> None:
    robot, desk = await house.robot(), Held(house.desk)
    async with house.running(house.worker(desk=desk)):
        await house.minute("106")
        await desk.reached.wait()
    house.market.time += 90_000
    house.say("120")
    async with house.running(house.worker()):
        await house.logs(robot, "dropped")
    assert await house.trades(robot) == []
    assert ("dropped", "late") in await house.log(robot)


async def test_two_owners_at_once_trade_once(house: RobotHouse) -> None:
    robots = [await house.robot() for _ in range(5)]
    one, other = house.worker(), house.worker()
    other._bus = second = InProcessBus(market=MARKET)
    async with house.running(one):
        task = asyncio.create_task(other.run())
        try:
            await until(lambda: bool(other._cursor) and bool(other._mine) and not other._book.cold())
            await house.minute("106", silent=True)
            candle = house.market.history[next(iter(house.market.history))][-1]
            frames, house.bus.publish = house.bus.publish, second.publish  # type: ignore[method-assign]
            await house.publish(candle)
            house.bus.publish = frames  # type: ignore[method-assign]
            await house.publish(candle)
            for robot in robots:
                await house.has(robot, trades=1)
            await until(lambda: one.idle and other.idle)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    assert [len(await house.trades(robot)) for robot in robots] == [1] * 5


async def test_a_pause_before_the_order_stops_it(house: RobotHouse) -> None:
    robot, desk = await house.robot(), Held(house.desk)
    worker = house.worker(desk=desk)
    async with house.running(worker):
        await house.minute("106")
        await desk.reached.wait()
        await house.store.pause(house.account.person_id, robot.robot_id)
        desk.released.set()
        await house.settled(worker)
    assert await house.trades(robot) == []
    after = await house.now(robot)
    assert (after.state, after.cash, after.step) == (RobotState.PAUSED, D(1000), None)


async def test_a_stop_during_the_order_sells_what_it_brought(house: RobotHouse) -> None:
    robot, desk = await house.robot(), Held(house.desk, after=True)
    worker = house.worker(desk=desk)
    async with house.running(worker):
        await house.minute("106")
        await desk.reached.wait()
        await house.store.stop(house.account.person_id, robot.robot_id, sell=True)
        desk.released.set()
        await house.over(robot)
    after = await house.now(robot)
    assert (after.state, after.reason) == (RobotState.STOPPED, RobotReason.SOLD)
    assert after.quantity < D("0.00001")
    assert len(await house.trades(robot)) == 2


async def test_an_order_that_is_not_the_next_step_is_refused_by_the_ledger(house: RobotHouse) -> None:
    robot = await house.robot()
    before = await house.desk.balances(house.account)
    with pytest.raises(NotNextStep):
        await house.desk.place(
            house.account, f"robot:{robot.robot_id}:1:buy", Side.BUY, robot.symbol, QuoteAmount(D(100))
        )
    assert await house.desk.balances(house.account) == before


async def test_what_a_locked_robot_has_seen_is_kept_for_another_try(house: RobotHouse) -> None:
    robot = await house.robot()
    seen = Advance(robot.robot_id, robot.last_candle + MINUTE_MS, missed=2)
    async with house.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT FROM robot WHERE id = $1 FOR UPDATE", robot.robot_id)
        assert await house.store.advance([seen]) == {robot.robot_id}
        assert (await house.now(robot)).last_candle == robot.last_candle
    assert await house.store.advance([seen]) == frozenset()
    assert (await house.now(robot)).last_candle == seen.candle
