"""A robot spends no more than its budget, whatever the price does between the decision and the order."""

import asyncio

import pytest

from pipeline.market import MINUTE_MS, Candle
from tests.fakes.priced_market import BTC
from tests.patience import PATIENCE_SECONDS
from tests.support.robot_house import D, RobotHouse
from trading.errors import NotNextStep, OverBudget
from trading.orders.types import BaseQuantity, QuoteAmount, Side
from trading.strategies.robots import Leg, RobotReason, RobotState

COINS = "when close > 105 buy 9 coins when close < 95 sell max"


async def closes_at(house: RobotHouse, close: str, ask: str) -> None:
    """A candle closes; the first ask after it is another price."""
    time = house.market.time // MINUTE_MS * MINUTE_MS
    candle = Candle(BTC, time, 100.0, max(100.0, float(close)), 100.0, float(close), 10.0)
    house.market.history.setdefault(BTC, []).append(candle)
    house.market.time = time + MINUTE_MS
    house.say(ask)
    await house.publish(candle)


@pytest.mark.parametrize("ask", ["107", "140", "900"])
async def test_coins_that_became_dear_are_bought_as_far_as_the_budget_goes(house: RobotHouse, ask: str) -> None:
    robot, worker = await house.robot(COINS), house.worker()
    async with house.running(worker):
        await closes_at(house, "106", ask)
        await house.has(robot, trades=1)
        await house.settled(worker)
    (bought,) = await house.trades(robot)
    after = await house.now(robot)
    assert bought.quantity == 9 if ask == "107" else 999 < bought.quote_amount <= 1000
    assert (after.cash, after.cost) == (1000 - bought.quote_amount, bought.quote_amount)
    assert after.state is RobotState.RUNNING


async def test_a_price_that_rises_before_the_order_is_not_bought_beyond_the_budget(house: RobotHouse) -> None:
    robot, worker, place = await house.robot(COINS), house.worker(), house.desk.place

    async def later(*arguments: object, **more: object) -> object:
        house.say("130")
        return await place(*arguments, **more)  # type: ignore[arg-type]

    async with house.running(worker):
        house.desk.place = later  # type: ignore[method-assign, assignment]
        await closes_at(house, "106", "110")
        await house.has(robot, trades=1)
        await house.settled(worker)
    (bought,) = await house.trades(robot)
    assert D(990) < bought.quote_amount <= 1000
    assert (await house.now(robot)).cash == 1000 - bought.quote_amount


@pytest.mark.parametrize("size", [QuoteAmount(D("1000.01")), BaseQuantity(D("10.1"))])
async def test_the_ledger_refuses_a_purchase_beyond_the_budget(
    house: RobotHouse, size: QuoteAmount | BaseQuantity
) -> None:
    robot = await house.robot()
    candle = robot.last_candle + MINUTE_MS
    await house.store.claim(robot, candle, robot.decided(candle, Leg.BUY, size))
    step = (await house.now(robot)).step
    assert step is not None
    before = await house.desk.balances(house.account)
    with pytest.raises(OverBudget):
        await house.desk.place(house.account, step.command_id, Side.BUY, robot.symbol, size)
    assert await house.desk.balances(house.account) == before
    after = await house.now(robot)
    assert (after.cash, after.quantity, after.step) == (1000, 0, step)


async def test_a_step_beyond_the_budget_pauses_the_robot_and_says_why(house: RobotHouse) -> None:
    robot, worker = await house.robot(), house.worker()
    candle = robot.last_candle + MINUTE_MS
    await house.store.claim(robot, candle, robot.decided(candle, Leg.BUY, QuoteAmount(D(2000))))
    async with house.running(worker):
        await house.minutes("100", workers=[worker])
        paused = await house.becomes(robot, RobotState.PAUSED)
    assert (paused.reason, paused.obstacle and paused.obstacle.code) == (RobotReason.REFUSED, "over-budget")
    assert await house.trades(robot) == []


async def test_the_ledger_refuses_a_sale_of_coins_that_are_not_the_robots(house: RobotHouse) -> None:
    robot, worker = await house.robot(), house.worker()
    await house.desk.place(house.account, "mine", Side.BUY, robot.symbol, QuoteAmount(D(5000)))
    async with house.running(worker):
        await house.minutes("106", workers=[worker])
    held = await house.now(robot)
    step = held.following(Leg.SELL, BaseQuantity(held.quantity + 1))
    assert await house.store.prepare(held, step)
    with pytest.raises(NotNextStep):
        await house.desk.place(house.account, step.command_id, Side.SELL, robot.symbol, step.size or D(0))  # type: ignore[arg-type]
    assert (await house.now(robot)).quantity == held.quantity


async def test_coins_of_the_user_that_a_protective_order_sells_bring_the_robot_nothing(house: RobotHouse) -> None:
    """The user makes the robot's take profit larger: the robot gets what its own share brought."""
    robot = await house.robot("when close > 105 buy 50% when close < 50 sell max tp 10%")
    worker, matching = house.worker(), house.matching()
    async with house.running(worker, matching):
        await house.minutes("106", workers=[worker])
        await house.protected(robot)
        before = await house.now(robot)
        await house.desk.place(house.account, "own", Side.BUY, BTC, QuoteAmount(D(100_000)))
        await house.resting.amend(house.account, "larger", before.protecting[0], quantity=D(500))
        await house.minute("120", high="130")
        await house.settled(worker)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not any(each.side is Side.SELL for each in await house.trades(robot)):  # noqa: ASYNC110 - PostgreSQL tells
                await asyncio.sleep(0.05)
    after = await house.now(robot)
    assert 0 < after.realised < before.cost * D("0.2")
    assert after.cash + after.cost == D(1000) + after.realised, "it may have bought again"
