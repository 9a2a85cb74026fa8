"""Robots of accounts that were joined and part again: nobody trades an account by the rule of a user who left it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pipeline.market import MINUTE_MS, Interval
from tests.integration.people.identity.test_link_undo import GUEST, HOST, opened, undone
from tests.support.people_house import BTC, CALM, House
from trading.errors import NotNextStep
from trading.orders.types import QuoteAmount, Side
from trading.ports import Account
from trading.strategies.errors import RobotEnded, UnknownRobot
from trading.strategies.postgres import PostgresRobots
from trading.strategies.robots import Leg, NewRobot, Robot, RobotReason, RobotState

D = Decimal
RULE = "when close > 0 buy 50%"
WHOLE = ("running", "")


async def begun(house: House, account: Account, person: int, name: str) -> Robot:
    what = (f"robot-{name}", account.account_id, account.market, BTC, Interval.M1, name, RULE, D(900))
    return await PostgresRobots(house.pool, jitter=CALM).create(NewRobot(*what, 0, 0, datetime.now(UTC)), person)


async def states(house: House) -> dict[str, tuple[str, str, bool]]:
    """State and reason of each robot by its name, and whether its user still has to be told."""
    rows = await house.fetch("SELECT name, state, reason, told FROM robot")
    return {row["name"]: (row["state"], row["reason"], not row["told"]) for row in rows}


async def handed_over(house: House) -> tuple[Account, int, int]:
    """The guest's account, which the host trades now, and both persons."""
    account = await opened(house, GUEST, 5_000)
    former, host = await house.person(GUEST), await house.person(HOST)
    await begun(house, account, former, "brought")
    await begun(house, account, former, "resumed")
    await house.linked(HOST, GUEST, "merge", settled=False)
    return account, former, host


async def test_what_the_host_started_ends_and_what_the_guest_brought_waits(house: House) -> None:
    account, former, host = await handed_over(house)
    store = PostgresRobots(house.pool, jitter=CALM)
    assert await states(house) == dict.fromkeys(("brought", "resumed"), ("paused", "linked", True))
    await store.tell(account.market)
    resumed = next(each for each in await store.of(host, account.market) if each.name == "resumed")
    await store.resume(host, resumed.robot_id, 0)
    mine = await begun(house, account, host, "hosts")
    idle = await begun(house, account, host, "idle")
    await store.pause(host, idle.robot_id)
    assert await store.claim(mine, MINUTE_MS, mine.decided(MINUTE_MS, Leg.BUY, QuoteAmount(D(400))))
    step = (await store.find(host, mine.robot_id)).step
    assert step is not None

    await undone(house, GUEST)
    assert await states(house) == {
        "brought": ("paused", "linked", False),
        "resumed": ("paused", "parted", True),
        "hosts": ("ended", "parted", True),
        "idle": ("ended", "parted", True),
    }
    assert {each.name for each in await store.of(former, account.market)} == {"brought", "resumed", "hosts", "idle"}
    with pytest.raises(NotNextStep):
        await house.desk.place(
            await house.desk.account(former), step.command_id, Side.BUY, BTC, step.size or QuoteAmount(D(0))
        )
    with pytest.raises(RobotEnded):
        await store.resume(former, mine.robot_id, 0)
    with pytest.raises(UnknownRobot):
        await store.resume(host, resumed.robot_id, 0)
    assert await store.tell(account.market) == 3


async def test_a_host_who_leaves_for_good_leaves_no_robot_on_the_guests_account(house: House) -> None:
    account, former, host = await handed_over(house)
    await begun(house, account, host, "hosts")
    assert await house.identities.forget(host, house.now, house.now)
    assert {name: state for name, (state, *_) in (await states(house)).items()} == {
        "brought": "paused",
        "resumed": "paused",
        "hosts": "ended",
    }
    found = await PostgresRobots(house.pool, jitter=CALM).of(former, account.market)
    assert {each.reason for each in found if each.state is RobotState.ENDED} == {RobotReason.PARTED}


async def test_the_hosts_own_account_keeps_its_robots(house: House) -> None:
    await opened(house, GUEST, 5_000)
    own, host = await opened(house, HOST), await house.person(HOST)
    await begun(house, own, host, "own")
    await house.linked(HOST, GUEST, "merge", settled=False)
    await undone(house, GUEST)
    assert await states(house) == {"own": (*WHOLE, False)}


async def test_a_settled_link_keeps_the_robots_with_who_stays(house: House) -> None:
    account, _, host = await handed_over(house)
    await begun(house, account, host, "hosts")
    await house.settle()
    before = await states(house)
    assert before["hosts"] == (*WHOLE, False)
    await undone(house, GUEST)
    assert await states(house) == before
    assert await PostgresRobots(house.pool, jitter=CALM).of(host, account.market)
    await house.audited()
