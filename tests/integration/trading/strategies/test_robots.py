"""Robots that trade on closed candles, on real PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from pipeline.market import Candle
from tests.support.robot_house import GUARDED, D, RobotHouse
from trading.orders.types import Side
from trading.strategies import robot_worker
from trading.strategies.robots import RobotReason, RobotState
from trading.strategies.rule_feeds import FollowedRule, run


async def test_a_robot_buys_and_sells_at_the_price_after_the_candle_that_decides(house: RobotHouse) -> None:
    robot, worker = await house.robot(), house.worker()
    async with house.running(worker):
        await house.minutes("100", "106", "107", "94", "93", workers=[worker])
    bought, sold = await house.trades(robot)
    assert [bought.side, sold.side] == [Side.BUY, Side.SELL]
    assert [bought.price, sold.price] == [D(106), D(94)]
    assert bought.time == bought.candle + 60_000, "the price is the first one after the close"
    assert bought.quote_amount <= 500, "half of the robot's equity"
    after = await house.now(robot)
    assert after.quantity == 0
    assert after.cash == 1000 - bought.quote_amount + sold.quote_amount - sold.fee
    assert after.realised == after.cash - 1000


async def test_its_orders_are_orders_of_the_account(house: RobotHouse) -> None:
    robot, worker = await house.robot(), house.worker()
    async with house.running(worker):
        await house.minutes("106", workers=[worker])
    (bought,) = await house.trades(robot)
    receipt = await house.desk.receipt(house.account, bought.order_id)
    assert receipt is not None
    assert receipt.execution.quantity == bought.quantity
    assert await house.notices() == ["fill"]


async def test_a_position_is_protected_after_the_fill_and_sold_by_its_stop(house: RobotHouse) -> None:
    robot, worker, matching = await house.robot(GUARDED), house.worker(), house.matching()
    async with house.running(worker, matching):
        await house.minutes("106", workers=[worker])
        assert len((await house.now(robot)).protecting) == 2
        await house.minute("99", low="98")
        await house.settled(worker)
    bought, sold = await house.trades(robot)
    assert sold.protective
    assert sold.price < bought.price * D("0.951")
    after = await house.now(robot)
    assert (after.quantity < D("0.00001"), after.protecting, after.state) == (True, (), RobotState.RUNNING)


async def test_an_exit_cancels_the_protection_first(house: RobotHouse) -> None:
    rule = "when close > 105 buy 50% when close < 104 sell max stop 5% tp 10%"
    robot, worker, matching = await house.robot(rule), house.worker(), house.matching()
    async with house.running(worker, matching):
        await house.minutes("106", "103", workers=[worker])
    _, sold = await house.trades(robot)
    assert not sold.protective
    assert await house.resting.open_orders(house.account) == []
    assert (await house.now(robot)).quantity < D("0.00001")


async def test_a_candle_that_was_missed_is_not_traded_late(house: RobotHouse) -> None:
    robot = await house.robot()
    for close in ("106", "106", "100", "100"):
        await house.minute(close, silent=True)
    house.market.time += 70_000
    async with house.running(worker := house.worker()):
        await house.minutes("100", workers=[worker])
        await house.logs(robot, "missed")
    assert await house.trades(robot) == []


async def test_the_last_candle_counts_after_a_restart_if_it_is_fresh(house: RobotHouse) -> None:
    robot = await house.robot()
    for close in ("100", "106"):
        await house.minute(close, silent=True)
    worker = house.worker()
    async with house.running(worker):
        await house.settled(worker)
        async with house.running(house.matching()):
            await house.minutes("107", workers=[worker])
    (bought,) = await house.trades(robot)
    assert bought.price == 106


async def test_a_paused_robot_trades_nothing_and_a_resumed_one_the_next_candle(house: RobotHouse) -> None:
    robot, worker = await house.robot(), house.worker()
    person = house.account.person_id
    async with house.running(worker):
        await house.store.pause(person, robot.robot_id)
        await house.knows(robot, worker)
        await house.minutes("106", "106", workers=[worker])
        assert await house.trades(robot) == []
        await house.store.resume(person, robot.robot_id, house.market.time - 60_000)
        await house.knows(robot, worker)
        await house.minutes("100", "107", workers=[worker])
    (bought,) = await house.trades(robot)
    assert bought.price == 107
    assert ("missed", "") not in await house.log(robot)


async def test_a_stopped_robot_sells_or_leaves_its_position(house: RobotHouse) -> None:
    person, worker = house.account.person_id, house.worker()
    sells, keeps = await house.robot(), await house.robot(GUARDED)
    async with house.running(worker):
        await house.minutes("106", workers=[worker])
        await house.store.stop(person, sells.robot_id, sell=True)
        await house.store.stop(person, keeps.robot_id, sell=False)
        await house.over(sells, keeps)
    sold, kept = await house.now(sells), await house.now(keeps)
    assert (sold.reason, kept.reason) == (RobotReason.SOLD, RobotReason.KEPT)
    assert sold.quantity < D("0.00001") < kept.quantity
    assert len(await house.resting.open_orders(house.account)) == 2, "what protects the coins stays"


async def test_a_cheap_robot_is_ready_before_dear_ones(house: RobotHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    filled = list[list[str]]()

    def noted(rules: Mapping[str, FollowedRule], candles: Sequence[Candle]) -> Any:
        filled.append(list(rules))
        return run(rules, candles)

    monkeypatch.setattr(robot_worker, "run", noted)
    dear = await house.robot("when ema(900) > hma(900) buy 50%")
    dearer = await house.robot("when ema(901) > hma(900) or ema(900) > hma(901) buy 50%")
    cheap = await house.robot()
    worker = house.worker()
    async with house.running(worker):
        await house.minutes("100", "106", workers=[worker])
    assert filled[:3] == [[cheap.rule], [dear.rule], [dearer.rule]]
    assert len(await house.trades(cheap)) == 1
