"""Armed alerts are read in portions, while users create, change and cancel alerts."""

from typing import TYPE_CHECKING

import pytest

from tests.integration.trading.alerts.alert_worker import MARKET, Desk
from tests.support.push_house import running, somebody, until, wish
from trading.alerts import postgres
from trading.alerts.postgres import PostgresAlerts

if TYPE_CHECKING:
    import asyncpg

    Pool = asyncpg.Pool[asyncpg.Record]


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "ARMED_A_CALL", 3)


async def test_the_portions_hold_every_armed_alert_once(pool: "Pool") -> None:
    alerts, person = PostgresAlerts(pool), await somebody(pool)
    made = [await alerts.create(wish(person, number, repeat=number % 2 == 0)) for number in range(9)]
    await alerts.cancel(person, made[4].alert_id)
    await alerts.mute(person, made[5].alert_id)
    read, mark, more = [], "", True
    while more:
        changes = await alerts.changes(MARKET, mark)
        read += changes.armed
        mark, more = changes.cursor, changes.more
        assert len(changes.armed) <= 3
        assert changes.alerts == ()
    assert read == [alert.trigger for number, alert in enumerate(made) if number not in (4, 5)]


async def test_what_changes_between_two_portions_is_read_afterwards(pool: "Pool") -> None:
    alerts, person = PostgresAlerts(pool), await somebody(pool)
    made = [await alerts.create(wish(person, number)) for number in range(5)]
    first = await alerts.changes(MARKET, "")
    assert (first.more, len(first.armed)) == (True, 3)
    await alerts.cancel(person, made[0].alert_id)
    new = await alerts.create(wish(person, 9))
    second = await alerts.changes(MARKET, first.cursor)
    third = await alerts.changes(MARKET, second.cursor)
    assert not third.more
    after = await alerts.changes(MARKET, third.cursor)
    known = {trigger.alert_id for each in (first, second, third) for trigger in each.armed}
    assert known | {alert.alert_id for alert in after.alerts} == {*(alert.alert_id for alert in made), new.alert_id}
    assert made[0].alert_id in {alert.alert_id for alert in after.alerts}


async def test_the_worker_reads_all_portions_and_then_follows(pool: "Pool") -> None:
    alerts, person = PostgresAlerts(pool), await somebody(pool)
    made = [await alerts.create(wish(person, number)) for number in range(7)]
    desk = Desk(alerts)
    async with running(desk.worker.run()):
        await desk.knows(*(alert.alert_id for alert in made))
        await alerts.cancel(person, made[0].alert_id)
        new = await alerts.create(wish(person, 9))
        await desk.knows(new.alert_id)
        await until(lambda: made[0].alert_id not in desk.worker._triggers)
