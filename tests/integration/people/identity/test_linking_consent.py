"""A code that was opened as a link joins only after the person who made it has confirmed; through the router."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.notifications.composer import Composer
from bot.platforms.telegram.deep_links import opened_line
from bot.reply import Reply
from core.outbox import Chat
from people.identity.ports import Identity
from people.notifications.outbox import Delivery, OutboxMessage
from people.notifications.quiet_hours import SoundPolicy
from tests.fakes.bot import CATALOGS
from tests.integration.people.identity.linked_accounts import traded
from tests.support.people_house import ALICE, BOB, House, house_of, texts

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]


@pytest.fixture
async def house(pool: "Pool", dsn: str) -> AsyncIterator[House]:
    async with house_of(pool, dsn) as opened:
        yield opened


async def opened(house: House, who: Identity) -> Reply:
    """The preview, as Telegram shows it to an identity that opened a link with Alice's code."""
    host = await house.person(ALICE)
    await house.pool.execute(
        "INSERT INTO notification_chat (person_id, platform, chat_id, public)"
        " VALUES ($1, 'telegram', 'telegram-1001', false) ON CONFLICT DO NOTHING",
        host,
    )
    return await house.ask(who, opened_line(f"/start link_{await house.code(ALICE)}"))


async def question(house: House, who: Identity = ALICE, kind: str = "link-asked") -> Reply:
    """What the outbox tells the person who made the code."""
    rows = await house.fetch("SELECT body::text, platform, chat_id FROM outbox WHERE kind = $1", kind)
    assert [(row["platform"], row["chat_id"]) for row in rows] == [(who.platform, f"{who.platform}-{who.external_id}")]
    person = await house.people.find(who.platform, who.external_id)
    assert person is not None
    letter = OutboxMessage(1, kind, rows[0]["body"], 1, datetime.now(UTC))
    parcel = Delivery(Chat(who.platform, rows[0]["chat_id"]), person, (letter,), SoundPolicy(), retired=False)
    return await Composer(house.services, CATALOGS).compose(parcel)


@pytest.mark.parametrize("how", ["merge", "move"])
async def test_an_opened_link_joins_only_after_its_host_confirms(house: House, how: str) -> None:
    await traded(house, ALICE)
    await traded(house, BOB)
    preview = await opened(house, BOB)
    assert "If someone sent you the link, press Cancel" in texts(preview)
    for _ in range(2):
        waits = texts(await house.press(BOB, preview, f"link_{how}"))
        assert "asked to confirm" in waits
        assert await house.person(ALICE) != await house.person(BOB)
    asked = await question(house)
    assert "Discord" in texts(asked)
    assert "no longer open" in texts(await house.press(BOB, asked, "link_allow")), "only the host may"
    assert await house.person(ALICE) != await house.person(BOB)
    assert "Discord, Telegram now share one account" in texts(await house.press(ALICE, asked, "link_allow"))
    assert await house.person(ALICE) == await house.person(BOB)
    assert "now share one account" in texts(await house.press(ALICE, asked, "link_allow")), "pressed again"


async def test_a_host_who_refuses_ends_the_code(house: House) -> None:
    preview = await opened(house, BOB)
    await house.press(BOB, preview, "link_merge")
    asked = await question(house)
    assert "Refused" in texts(await house.press(ALICE, asked, "link_refuse"))
    for who, reply, word in ((BOB, preview, "link_merge"), (ALICE, asked, "link_allow")):
        assert "no longer" in texts(await house.press(who, reply, word))
    assert await house.person(ALICE) != await house.person(BOB)


async def test_a_host_confirms_within_ten_minutes(house: House) -> None:
    preview = await opened(house, BOB)
    house.now += 9 * 60_000
    await house.press(BOB, preview, "link_merge")
    asked = await question(house)
    house.now += 13 * 60_000
    assert "older than 10 minutes" in texts(await house.press(ALICE, asked, "link_allow"))
    assert await house.person(ALICE) != await house.person(BOB)


async def test_a_host_agrees_to_one_way_only(house: House) -> None:
    await traded(house, ALICE)
    two = await traded(house, BOB)
    preview = await opened(house, BOB)
    await house.press(BOB, preview, "link_merge")
    await house.press(BOB, preview, "link_move")
    await house.press(ALICE, await question(house), "link_allow")
    await house.settle()
    (closed,) = await house.fetch(
        "SELECT kind FROM entry WHERE account_id = $1 ORDER BY id DESC LIMIT 1", two.account_id
    )
    assert closed["kind"] == "merged"


async def test_without_a_chat_to_ask_in_the_code_has_to_be_typed(house: House) -> None:
    code = await house.code(ALICE)
    await house.pool.execute("DELETE FROM notification_chat")
    preview = await house.ask(BOB, opened_line(f"/start link_{code}"))
    assert "Send /link and the code yourself" in texts(await house.press(BOB, preview, "link_merge"))
    typed = await house.ask(BOB, f"/link {code}")
    assert "now share one account" in texts(await house.press(BOB, typed, "link_merge"))


async def joined(house: House) -> Reply:
    """Lets Bob, who wrote last, enter the code of Alice; returns what she is told."""
    chat = (
        "INSERT INTO notification_chat (person_id, platform, chat_id, public, seen_at)"
        " VALUES ($1, $2, $3, false, $4) ON CONFLICT DO NOTHING"
    )
    for who, seen in ((ALICE, datetime(2021, 4, 1, tzinfo=UTC)), (BOB, datetime(2021, 4, 2, tzinfo=UTC))):
        await house.pool.execute("DELETE FROM notification_chat WHERE person_id = $1", await house.person(who))
        address = f"{who.platform}-{who.external_id}"
        await house.pool.execute(chat, await house.person(who), who.platform, address, seen)
    await house.linked(ALICE, BOB, "merge", settled=False)
    return await question(house, ALICE, "link-joined")


async def test_a_host_is_told_who_entered_the_code_and_can_undo_it(house: House) -> None:
    theirs, former = await traded(house, BOB), await house.person(BOB)
    told = await joined(house)
    assert "Discord was linked to your account" in texts(told)
    assert "no longer linked" in texts(await house.press(ALICE, told, "link_undo"))
    assert await house.person(BOB) == former
    assert (await house.desk.account(former)).account_id == theirs.account_id
    assert "no longer open" in texts(await house.press(ALICE, told, "link_undo")), "pressed again"
    await house.audited()


async def test_only_the_host_undoes_a_join_and_only_for_a_day(house: House) -> None:
    told = await joined(house)
    assert "no longer open" in texts(await house.press(Identity("telegram", "3003"), told, "link_undo"))
    assert await house.person(ALICE) == await house.person(BOB)
    await house.settle()
    assert "no longer open" in texts(await house.press(ALICE, told, "link_undo"))
    assert await house.person(ALICE) == await house.person(BOB)


async def test_a_host_who_confirmed_is_not_told_again(house: House) -> None:
    preview = await opened(house, BOB)
    await house.press(BOB, preview, "link_merge")
    await house.press(ALICE, await question(house), "link_allow")
    assert await house.fetch("SELECT FROM outbox WHERE kind = 'link-joined'") == []
