"""A robot that this version cannot read stops no other: it is paused, and its user is told."""

import logging

import pytest

from pipeline.market import Symbol
from tests.support.robot_house import RobotHouse
from tests.support.trading_house import owner_of
from trading.strategies.robots import RobotReason, RobotState

UNREADABLE = {
    "rule": "rule = 'rules 9: when nothing known buy'",
    "interval": "candles = '2m'",
    "reason": "reason = 'of-a-later-version'",
    "obstacle": "obstacle = '[1]'",
    "step": "step = 'robot:1:x', step_leg = 'sideways', step_candle_ms = 0, step_kind = 'cubic', step_size = 1",
}
CHECKS = ("robot_candles_known", "robot_step_leg_known", "robot_step_kind_known", "robot_step_whole")


async def spoiled(dsn: str, robot_id: int, change: str) -> None:
    """The row of a robot becomes one that this version cannot read."""
    async with owner_of(dsn) as owner:
        for check in CHECKS:
            await owner.execute(f"ALTER TABLE robot DROP CONSTRAINT IF EXISTS {check}")
        await owner.execute(f"UPDATE robot SET {change}, changed = pg_current_xact_id() WHERE id = $1", robot_id)  # noqa: S608


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]


@pytest.mark.parametrize("while_running", [False, True])
@pytest.mark.parametrize("part", list(UNREADABLE))
async def test_a_robot_that_cannot_be_read_stops_no_other(
    house: RobotHouse, dsn: str, caplog: pytest.LogCaptureFixture, part: str, *, while_running: bool
) -> None:
    broken, other = await house.robot(), await house.robot("when close > 105 buy 25%")
    worker = house.worker()
    if not while_running:
        await spoiled(dsn, broken.robot_id, UNREADABLE[part])
    async with house.running(worker):
        await house.minutes("100", workers=[worker])
        if while_running:
            await spoiled(dsn, broken.robot_id, UNREADABLE[part])
        if not while_running or part != "rule":
            await house._until(lambda: _paused(house, broken.robot_id))
        await house.minutes("106", workers=[worker])
        await house.has(other, trades=1)
        if part in ("reason", "obstacle"):
            await house.notified("robot")
    if while_running and part == "rule":
        return  # the worker knows it, and goes on with it until the next start
    row = await house.pool.fetchrow("SELECT state, reason, told FROM robot WHERE id = $1", broken.robot_id)
    assert row is not None
    assert tuple(row) == (RobotState.PAUSED, RobotReason.UNREADABLE, True)
    assert len([each for each in said(caplog) if "can" in each and str(broken.robot_id) in each]) == 1, "once"


async def _paused(house: RobotHouse, robot_id: int) -> bool:
    return bool(await house.pool.fetchval("SELECT state = 'paused' AND told FROM robot WHERE id = $1", robot_id))


async def test_a_robot_of_a_coin_that_is_gone_stops_no_other(house: RobotHouse, dsn: str) -> None:
    gone, other = await house.robot(), await house.robot("when close > 105 buy 25%")
    await spoiled(dsn, gone.robot_id, "symbol = 'GONEUSDC', state = 'stopping', sells = true")
    worker = house.worker()
    async with house.running(worker):
        await house.minutes("106", workers=[worker])
        await house.has(other, trades=1)


async def test_a_robot_that_is_stopped_and_cannot_be_read_stops(house: RobotHouse, dsn: str) -> None:
    robot = await house.robot()
    await house.store.stop(house.account.person_id, robot.robot_id, sell=True)
    await spoiled(dsn, robot.robot_id, UNREADABLE["rule"])
    async with house.running(house.worker()):
        await house.over(robot)
    assert (await house.now(robot)).reason is RobotReason.UNREADABLE


async def test_a_robot_that_is_resumed_and_cannot_be_read_pauses_again(house: RobotHouse, dsn: str) -> None:
    robot = await house.robot()
    await spoiled(dsn, robot.robot_id, UNREADABLE["rule"])
    async with house.running(house.worker()):
        await house._until(lambda: _paused(house, robot.robot_id))
        first = await house.now(robot)
        await house.store.resume(house.account.person_id, robot.robot_id, first.last_candle)
        again = await house.becomes(robot, RobotState.PAUSED)
        await house._until(lambda: _told_twice(house))
    assert again.version > first.version


async def _told_twice(house: RobotHouse) -> bool:
    return await house.notices() == ["robot", "robot"]


async def test_the_list_of_a_user_shows_the_others(house: RobotHouse, dsn: str) -> None:
    broken, other = await house.robot(), await house.robot()
    await spoiled(dsn, broken.robot_id, UNREADABLE["interval"])
    found = await house.store.of(house.account.person_id, "simulator")
    assert [(each.robot_id, each.symbol) for each in found] == [(other.robot_id, Symbol("BTCUSDC"))]
