"""Condition alerts of users who link and undo it."""

from core.outbox import Chat
from tests.integration.people.identity.test_link_undo import GUEST, HOST, opened, undone
from tests.support.condition_wishes import condition_wish
from tests.support.people_house import CALM, House
from trading.alerts.condition_postgres import PostgresConditionAlerts


async def test_condition_alerts_go_with_a_link_and_come_back(house: House) -> None:
    for who in (GUEST, HOST):
        await opened(house, who)
    guest, host = await house.person(GUEST), await house.person(HOST)
    store, chat = PostgresConditionAlerts(house.pool, jitter=CALM), Chat(GUEST.platform, GUEST.external_id)
    made = await store.create(condition_wish(guest, 1, chat=chat, market="simulator"))
    await house.linked(HOST, GUEST, "move", settled=False)
    assert [one.alert_id for one in await store.waiting(host, "simulator")] == [made.alert_id]
    assert "alerts: 1" in await undone(house, GUEST)
    assert [one.alert_id for one in await store.waiting(guest, "simulator")] == [made.alert_id]
