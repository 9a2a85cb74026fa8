"""Robots and groups of orders that ended long ago are deleted; what they traded stays."""

import random

import asyncpg
import pytest

from jobs.cleanup import expire
from tests.support.robot_house import RobotHouse
from tests.support.trading_house import owner_of

JITTER = random.Random(1)  # noqa: S311
ENDED = "UPDATE robot SET state = $2, told = $3, ended_at = now() - $4 * interval '1 day' WHERE id = $1"
GROUP = (
    "INSERT INTO order_group (command_id, person_id, market, body, scheduled, created_at, claimed_until, finished_at)"
    " VALUES ($1, $2, 'simulator', '{}', false, now() - interval '1 year', now(), now() - $3 * interval '1 day')"
)


async def test_only_what_ended_long_ago_is_forgotten(house: RobotHouse, dsn: str) -> None:
    """Robot 2 was stopped lately, 3 has to be told about, the orders of 4 still protect what it left; 5 runs."""
    for _ in range(5):
        await house.robot()
    worker = house.worker()
    async with house.running(worker):
        await house.minutes("106", workers=[worker])
        for robot in await house.store.of(house.account.person_id, "simulator"):
            await house.has(robot, trades=1)
        await house.settled(worker)
    ended = [(1, "stopped", True, 91), (2, "stopped", True, 89), (3, "ended", False, 91), (4, "ended", True, 91)]
    async with owner_of(dsn) as owner:
        await owner.executemany(ENDED, ended)
        await owner.execute("INSERT INTO robot_order VALUES (999, 4, 'protect', 0, true)")
    for name, days in (("old", 91), ("new", 89), ("open", None)):
        await house.pool.execute(GROUP, name, house.account.person_id, days)
    before = await house.pool.fetchval("SELECT count(*) FROM orders")
    assert (await expire(house.pool, JITTER)).endswith("1 robots, 1 order groups")
    assert (await expire(house.pool, JITTER)).endswith("0 robots, 0 order groups")
    assert [row[0] for row in await house.pool.fetch("SELECT id FROM robot ORDER BY id")] == [2, 3, 4, 5]
    assert [row[0] for row in await house.pool.fetch("SELECT command_id FROM order_group ORDER BY 1")] == [
        "new",
        "open",
    ]
    assert await house.pool.fetchval("SELECT count(*) FROM orders") == before == 5
    assert await house.pool.fetchval("SELECT count(*) FROM robot_event WHERE robot_id = 1") == 0


async def test_the_application_deletes_no_other_robot(house: RobotHouse) -> None:
    await house.robot()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await house.pool.execute("DELETE FROM robot")
