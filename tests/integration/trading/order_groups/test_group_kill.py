"""A desk that is killed in the middle of a group places each order once after its restart."""

import subprocess
import sys
from datetime import timedelta

import pytest

from tests.support.group_house import GroupHouse, told
from trading.order_groups.ports import CLAIM_MS


@pytest.mark.parametrize(("orders", "when"), [(1, "before"), (1, "after"), (2, "before"), (2, "after")])
async def test_every_order_is_placed_once(house: GroupHouse, dsn: str, orders: int, when: str) -> None:
    fire = (sys.executable, "-m", "tests.support.group_fire", dsn, "group:1:a", str(orders), when)
    done = subprocess.run(fire, check=False, capture_output=True, timeout=60)  # noqa: ASYNC221, S603
    assert done.returncode == -9, done.stderr.decode()
    placed = await house.counts() - 2
    assert placed == orders - (when == "before")
    house.pass_time(timedelta(milliseconds=CLAIM_MS))
    account = await house.desk.account(1)
    group = (await house.plan(account)).group
    result = await house.groups.place(account, "group:1:a", group)
    assert [outcome for *_, outcome in told(result)] == ["done", "done"]
    assert await house.counts() == 4
    assert await house.groups.place(account, "group:1:a", group) == result
    assert await house.groups.resume() == 0
    assert await house.counts() == 4
