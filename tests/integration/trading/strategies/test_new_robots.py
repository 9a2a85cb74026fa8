"""What a new robot may be: the work of one user's robots is bounded however fast they press, and none begins rich."""

import asyncio
from dataclasses import replace

import asyncpg
import pytest

from pipeline.market import Interval
from tests.support.robot_house import IN_AND_OUT, D, RobotHouse
from trading.strategies import read_rules
from trading.strategies.errors import RobotsTooCostly
from trading.strategies.robots import Robot

RULES = [f"when ema({50 + at}) > close buy 50%" for at in range(6)]


async def test_presses_at_once_start_no_more_than_the_work_of_one_user(
    house: RobotHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = [read_rules.read_rule(rule, Interval.M1).seconds for rule in RULES]
    monkeypatch.setattr(read_rules, "USER_SECONDS", 2.5 * max(work))
    made = await asyncio.gather(*(house.robot(rule) for rule in RULES), return_exceptions=True)
    assert [type(each) for each in made].count(Robot) == 2
    assert {type(each) for each in made} == {Robot, RobotsTooCostly}
    assert len(await house.store.of(house.account.person_id, "simulator")) == 2


async def test_a_press_that_is_repeated_finds_its_robot_whatever_the_work(
    house: RobotHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house._names = 0
    first = await house.robot()
    monkeypatch.setattr(read_rules, "USER_SECONDS", 0)
    house._names = 0
    assert await house.robot() == first


FORGED = {
    "cash": "1000000",
    "quantity": "5",
    "cost": "5",
    "realised": "5",
    "moves": "1",
    "entry_price": "5",
    "highest": "5",
    "guarded": "true",
    "step": "'robot:1:x'",
}


@pytest.mark.parametrize("column", list(FORGED))
async def test_the_application_starts_no_robot_with_a_position_or_a_profit(house: RobotHouse, column: str) -> None:
    robot = await house.robot(IN_AND_OUT)
    columns = [
        "account_id", "round", "market", "symbol", "candles", "name", "rule", "budget", "cash", "since_ms",
        "last_candle_ms", "created_at",
    ]  # fmt: skip
    values = [FORGED[column] if each == column else each for each in columns]
    if column not in columns:
        columns.append(column)
        values.append(FORGED[column])
    if column == "step":
        columns += ["step_leg", "step_candle_ms", "step_kind", "step_size"]
        values += ["'buy'", "1", "'quote'", "1"]
    copied = f"INSERT INTO robot (command_id, {', '.join(columns)}) SELECT 'forged', {', '.join(values)} FROM robot"  # noqa: S608
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await house.pool.execute(copied)
    assert refused.value.constraint_name == "robot_begins_with_its_budget"
    assert await house.now(robot) == replace(robot, cash=D(1000))
    assert await house.pool.fetchval("SELECT count(*) FROM robot") == 1
