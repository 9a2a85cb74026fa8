"""An error of one robot, of its user, its rule or a candle, is its own: the worker goes on with all others."""

import logging
from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.market import Candle
from tests.support.matching_house import until
from tests.support.push_house import somebody
from tests.support.robot_house import GUARDED, RobotHouse
from trading.errors import AccountReassigned, NoAccount, NothingToSpend
from trading.strategies.robots import Advance, Robot, RobotReason, RobotState
from trading.strategies.rule_feeds import Signal

GONE = (NoAccount(), AccountReassigned())


class Leaving:
    """A desk on which one user's account is not found."""

    def __init__(self, house: RobotHouse, person_id: int, error: Exception) -> None:
        self.asked = 0
        self._house = house
        self._person_id = person_id
        self._error = error
        self.leaves = False

    async def account(self, person_id: int) -> Any:
        if self.leaves and person_id == self._person_id:
            self.asked += 1
            raise self._error
        return await self._house.desk.account(person_id)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._house.desk, name)


@pytest.mark.parametrize("error", [*GONE, NothingToSpend("USDC"), ValueError("a defect")], ids=repr)
async def test_a_robot_that_cannot_be_stopped_stops_no_other(house: RobotHouse, error: Exception) -> None:
    person = house.account.person_id
    robot = await house.robot(GUARDED)
    desk = Leaving(house, person, error)
    worker = house.worker(desk=desk)
    mine = house.account
    house.account = await house.desk.open(await somebody(house.pool, "other"), "start-other")
    other = await house.robot("when close > 107 buy 50%")
    async with house.running(worker, house.matching()):
        await house.minutes("100", "106", workers=[worker])
        theirs, house.account = house.account, mine
        await house.protected(robot)
        desk.leaves = True
        await house.store.stop(person, robot.robot_id, sell=True)
        await house._until(lambda: _asked(desk))
        house.account = theirs
        await house.minute("108")
        await house.has(other, trades=1)
        desk.leaves = False
        house.account = mine
        await house.over(robot)


async def _asked(desk: Leaving) -> bool:
    return desk.asked > 1


async def _has_seen(house: RobotHouse, robot: Robot) -> bool:
    return (await house.now(robot)).last_candle == house.market.time - robot.interval.ms


class Broken:
    """A stream that fails on a candle above a price."""

    def update(self, candle: Candle) -> Signal:
        if candle.close > 101:
            raise OverflowError("intermediate overflow in fsum")
        return False, False


@pytest.mark.parametrize("archived", [True, False])
async def test_a_rule_that_fails_on_a_candle_stops_no_other(
    house: RobotHouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, *, archived: bool
) -> None:
    broken = await house.robot("when close > 500 buy 50%")
    other = await house.robot("when close > 107 buy 50%")
    worker = house.worker()
    followed = worker._book._read_rule("when close > 500 buy 50%", other.interval)
    streams = type(followed)
    made = streams.stream
    monkeypatch.setattr(
        streams, "stream", lambda self: Broken() if "500" in self.rule.text else made(self), raising=True
    )
    if archived:
        await house.minute("106", silent=True)
    async with house.running(worker):
        await house.minutes("100", "106", workers=[worker])
        await house.minute("108")
        await house.has(other, trades=1)
        paused = await house.becomes(broken, RobotState.PAUSED)
        await house.notified("robot")
        assert paused.reason is RobotReason.UNCOMPUTED
        assert [each for each in caplog.records if each.levelno == logging.ERROR]
        monkeypatch.setattr(streams, "stream", made)
        await house.store.resume(house.account.person_id, broken.robot_id, paused.last_candle)
        await house.knows(broken, worker)
        await until(
            lambda: not worker._book.cold()
        )  # until the candles before it are read, a candle waits for the next
        await house.minutes("109", workers=[worker])
        await house._until(lambda: _has_seen(house, broken))
    assert (await house.now(broken)).state is RobotState.RUNNING
    assert (await house.notices()).count("robot") == 1


async def test_what_a_robot_has_seen_and_cannot_be_written_is_its_own(
    house: RobotHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, other = await house.robot(), await house.robot("when close > 200 buy 50%")
    advance = house.store.advance

    async def failing(seen: Sequence[Advance]) -> frozenset[int]:
        if broken.robot_id in {each.robot_id for each in seen}:
            raise ValueError("out of bounds")
        return await advance(seen)

    monkeypatch.setattr(house.store, "advance", failing)
    worker = house.worker()
    async with house.running(worker):
        await house.minutes("100", "101", workers=[worker])
        assert (await house.now(other)).last_candle == house.market.time - other.interval.ms
        assert (await house.now(broken)).last_candle == broken.last_candle
