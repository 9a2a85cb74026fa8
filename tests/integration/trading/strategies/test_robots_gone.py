"""Robots of users who leave: the worker forgets them, their rules and their candles."""

from tests.support.matching_house import until
from tests.support.push_house import somebody
from tests.support.robot_house import GUARDED, RobotHouse
from trading.strategies.robot_worker import RobotWorker


def known(worker: RobotWorker) -> tuple[int, int, int, int]:
    """Robots, rules, feeds and attempts that a worker keeps."""
    book = worker._book
    return len(book._robots), len(book._rules), len(book._feeds), len(worker._tried)


async def test_a_running_worker_forgets_the_robots_of_a_user_who_leaves(house: RobotHouse) -> None:
    worker, person = house.worker(), house.account.person_id
    for number in range(3):
        await house.robot(f"when close > {200 + number} buy 50%")
    guarded = await house.robot(GUARDED)
    house.account = await house.desk.open(await somebody(house.pool, "other"), "start-other")
    stays = await house.robot()
    async with house.running(worker, house.matching()):
        await house.minutes("106", workers=[worker])
        house.account = await house.desk.account(person)
        await house.protected(guarded)
        await until(lambda: known(worker)[:3] == (5, 5, 1))
        await house.pool.execute("SELECT erase_person($1, now(), 0)", person)
        await until(lambda: known(worker)[:3] == (1, 1, 1))
        assert worker._book.get(stays.robot_id) is not None
        assert set(worker._tried) <= {stays.robot_id}


async def test_a_user_who_comes_and_goes_leaves_nothing(house: RobotHouse) -> None:
    worker = house.worker()
    async with house.running(worker):
        for number in range(3):
            house.account = await house.desk.open(await somebody(house.pool, f"u{number}"), f"start-{number}")
            await house.robot(f"when close > {200 + number} buy 50%")
            await until(lambda: known(worker)[0] == 1)
            await house.pool.execute("SELECT erase_person($1, now(), 0)", house.account.person_id)
            await until(lambda: known(worker) == (0, 0, 0, 0))


async def test_a_new_owner_of_the_partitions_reads_all_robots_even_while_it_reads_changes(house: RobotHouse) -> None:
    robot, worker = await house.robot(), house.worker()
    worker._timing = type(worker._timing)(poll_seconds=0.02, write_seconds=0.05, retry_seconds=0.05)
    async with house.running(worker):
        await until(lambda: not worker._anew)
        real = house.store.changes
        read: list[str] = []

        async def assigned_meanwhile(market: str, cursor: str) -> object:
            read.append(cursor)
            if len(read) == 1:
                await worker.assigned(worker._mine)
            return await real(market, cursor)

        house.store.changes = assigned_meanwhile  # type: ignore[assignment, method-assign]
        await house.pool.execute("SELECT erase_person($1, now(), 0)", house.account.person_id)
        await until(lambda: known(worker) == (0, 0, 0, 0))
        assert read[0]
    assert worker._book.get(robot.robot_id) is None
