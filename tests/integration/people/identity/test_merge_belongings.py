"""Alerts, watchlists, chats, language and notices that follow a person who links or parts."""

from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pytest

from core.outbox import Chat
from people.person import Language
from tests.fakes.bot import NOW
from tests.integration.people.identity.linked_accounts import traded
from tests.support.people_house import ALICE, BOB, House, house_of, texts, wish
from trading.alerts.ports import AlertState
from trading.errors import NoAccount
from trading.triggers.price_levels import Firing

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal


# -- what comes along ------------------------------------------------------------------------------


async def test_alerts_watchlists_chats_and_preferences_come_along(house: House) -> None:
    alice, bob = await house.person(ALICE), await house.person(BOB)
    there = Chat("discord", "discord-2002")
    alert = await house.alerts.create(wish(bob, "bobs", there))
    mark = (await house.alerts.changes("simulator", "")).cursor
    await house.ask(ALICE, "/watch BTC ETH")
    await house.ask(BOB, "/watch SOL BTC")
    add = "INSERT INTO notification_preference VALUES ($1, $2, $3)"
    for row in ((alice, "alert", "silent"), (bob, "alert", "off"), (bob, "fill", "off")):
        await house.pool.execute(add, *row)
    await house.pool.execute("INSERT INTO notification_quiet_hours VALUES ($1, 60, 120)", bob)
    await house.linked(ALICE, BOB, "merge")
    changes = await house.alerts.changes("simulator", mark)
    assert [(each.alert_id, each.person_id, each.state) for each in changes.alerts] == [
        (alert.alert_id, alice, AlertState.ARMED)
    ]
    fired = await house.alerts.fire("simulator", [Firing(alert.trigger, D(70_001), NOW)])
    assert fired == {alert.alert_id}
    (row,) = await house.fetch("SELECT person_id, platform, chat_id FROM outbox")
    assert tuple(row) == (alice, "discord", "discord-2002")
    assert [r["symbol"] for r in await house.fetch("SELECT symbol FROM watchlist_item ORDER BY place")] == [
        "BTCUSDC",
        "ETHUSDC",
        "SOLUSDC",
    ]
    kept = {
        (r["kind"], r["mode"])
        for r in await house.fetch("SELECT * FROM notification_preference WHERE person_id = $1", alice)
    }
    assert kept == {("alert", "silent"), ("fill", "off")}
    assert (await house.fetch("SELECT person_id FROM notification_quiet_hours"))[0][0] == alice
    assert [
        tuple(r) for r in await house.fetch("SELECT person_id, chat_id FROM notification_chat WHERE NOT public")
    ] == [(alice, "discord-2002")]


async def test_the_other_persons_language_is_spoken_at_once(house: House) -> None:
    await house.ask(ALICE, "/settings language ko")
    reply = await house.linked(ALICE, BOB, "merge")
    assert "연결했습니다" in texts(reply)


# -- parting ---------------------------------------------------------------------------------------


async def test_who_has_one_platform_only_cannot_part_and_is_shown_another_way(house: House) -> None:
    assert "/privacy" in texts(await house.ask(ALICE, "/unlink"))


async def test_parting_makes_a_stranger_who_begins_anew(house: House) -> None:
    one = await traded(house, ALICE)
    await house.linked(ALICE, BOB, "merge")
    preview = await house.ask(BOB, "/unlink")
    assert "stay with Telegram" in texts(preview)
    assert "no longer part of that account" in texts(await house.press(BOB, preview, "unlink_now"))
    bob = await house.person(BOB)
    assert bob != one.person_id
    with pytest.raises(NoAccount):
        await house.desk.account(bob)
    assert (await house.desk.account(one.person_id)).account_id == one.account_id
    assert "no longer yours" in texts(await house.press(BOB, preview, "unlink_now"))


async def test_what_was_to_be_told_there_is_told_where_the_person_stays_or_ends(house: House) -> None:
    alice = await house.person(ALICE)
    await house.linked(ALICE, BOB, "merge")
    await house.alerts.create(wish(alice, "there", Chat("discord", "dm")))
    reply = await house.press(BOB, await house.ask(BOB, "/unlink"), "unlink_now")
    assert "One alert was cancelled" in texts(reply)
    await house.linked(ALICE, BOB, "merge")
    await house.alerts.create(wish(alice, "here", Chat("telegram", "1001")))
    again = await house.alerts.create(wish(alice, "there again", Chat("discord", "dm")))
    await house.pool.execute(
        "INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)"
        " VALUES ('k', $1, 'discord', 'dm', 'alert', '{}')",
        alice,
    )
    reply = await house.press(BOB, await house.ask(BOB, "/unlink"), "unlink_now")
    assert "no other chat" not in texts(reply)
    (row,) = await house.fetch("SELECT platform, chat_id, state FROM alert WHERE id = $1", again.alert_id)
    assert tuple(row) == ("telegram", "1001", "armed")
    assert [tuple(r) for r in await house.fetch("SELECT platform, chat_id FROM outbox")] == [("telegram", "1001")]


@pytest.mark.parametrize("language", list(Language))
async def test_the_whole_way_speaks_both_languages(pool: "Pool", dsn: str, language: Language) -> None:
    async with house_of(pool, dsn, language) as house:
        await traded(house, BOB)
        replies = [await house.linked(ALICE, BOB, "merge")]
        lines = ("/link", "/unlink", "/privacy", "/watch BTC", "/unwatch", "/history")
        replies += [await house.ask(BOB, line) for line in lines]
        for reply in replies:
            said = texts(reply)
            assert ("습니다" in said or "요" in said or "관심" in said or "내" in said) is (language is Language.KOREAN)
