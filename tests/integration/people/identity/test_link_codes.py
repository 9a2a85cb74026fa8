"""Link codes: shown once, read, expired, burned and cancelled, on real PostgreSQL, through the router."""

import asyncio

import asyncpg
import pytest

from bot.arguments.parser import readable_line
from bot.middleware.leaked_link_codes import holds_code, leaked_codes, take_back
from bot.router import Router
from core.errors import DeskError
from core.outbox import Chat
from people.identity.codes import HashedCode, LinkCode, read_code
from people.identity.errors import LinkCodeRevoked, OnlyIdentity
from tests.fakes.bot import CATALOGS, NOW
from tests.support.people_house import ALICE, BOB, CAROL, House, texts, wish


async def test_the_code_is_shown_once_in_private_and_kept_as_a_hash_only(house: House) -> None:
    reply = await house.ask(ALICE, "/link")
    assert reply.private
    code = next(read_code(word) for word in texts(reply).split() if word.count("-") == 3)
    assert f"/start link_{code}" in texts(reply)
    (row,) = await house.fetch("SELECT * FROM link_code")
    assert row["hash"] == HashedCode.of(code).hash
    assert code not in str(row)
    for table in ("person", "identity", "entry"):
        assert code not in str(await house.fetch(f"SELECT * FROM {table}"))  # noqa: S608


async def test_a_new_code_replaces_the_old_one(house: House) -> None:
    first, second = await house.code(ALICE), await house.code(ALICE)
    assert "No valid code" in texts(await house.ask(BOB, f"/link {first}"))
    assert "Link accounts?" in texts(await house.ask(BOB, f"/link {second}"))


@pytest.mark.parametrize("written", ["{0}", "{1}", " {1} ", "link_{0}"])
async def test_a_code_is_read_however_it_is_written(house: House, written: str) -> None:
    code = await house.code(ALICE)
    grouped = "-".join(code[at : at + 4] for at in range(0, 16, 4)).lower()
    assert "Link accounts?" in texts(await house.ask(BOB, f"/link {written.format(code, grouped)}"))


async def test_an_expired_code_says_so_and_is_open_to_the_last_second(house: House) -> None:
    code = await house.code(ALICE)
    house.now += 10 * 60_000 - 1
    preview = await house.ask(BOB, f"/link {code}")
    assert "Link accounts?" in texts(preview)
    house.now += 60_000
    assert "older than 10 minutes" in texts(await house.ask(BOB, f"/link {code}"))
    house.now += 60_001
    assert "older than 10 minutes" in texts(await house.press(BOB, preview, "link_merge"))


async def test_a_code_pasted_where_others_read_is_burned_and_the_reason_told(house: House) -> None:
    code = await house.code(ALICE)
    reply = await house.ask(BOB, f"/link {code}", public=True)
    assert "Others could read the code" in texts(reply)
    assert reply.private
    assert "no longer valid" in texts(await house.ask(BOB, f"/link {code}"))


async def test_a_code_is_burned_in_public_even_where_the_desk_does_not_answer(house: House) -> None:
    refusing = Router(house.services, catalogs=CATALOGS, checks=(take_back, refuse_everything))
    for line in ("/link {}", "/link@paperdesk_bot {}", "/LINK {}"):
        code = await house.code(ALICE)
        assert holds_code(readable_line(line.format(code)))
        reply = await refusing.answer(house.inbound(BOB, line.format(code), public=True))
        assert "Others could read the code" in texts(reply)
        with pytest.raises(LinkCodeRevoked):
            await house.identities.claim(BOB, HashedCode.of(LinkCode(code)), NOW, public=False)
    for line in ("/link", "/link hello", "/price BTC", "", "link"):
        assert not holds_code(readable_line(line))
        said = texts(await refusing.answer(house.inbound(BOB, line, public=True)))
        assert "Others could read" not in said


async def test_open_codes_are_revoked_among_words_of_their_shape(house: House) -> None:
    shown, kept = await house.code(ALICE), await house.code(CAROL)
    await house.router.revoke(leaked_codes(f"/연결 {shown} please, or 7K2M-9PQR-ST4V-WXYZ"))
    with pytest.raises(LinkCodeRevoked):
        await house.identities.claim(BOB, HashedCode.of(LinkCode(shown)), NOW, public=False)
    await house.identities.claim(BOB, HashedCode.of(LinkCode(kept)), NOW, public=False)


@pytest.mark.parametrize("between", ["  -  ", "\n\n\n\n", " - - ", "     ", "\u3000\u3000\u3000\u3000"])
def test_a_code_that_link_would_take_is_found_however_it_is_spaced(between: str) -> None:
    typed = f"link {between.join(('7K2M', '9PQR', 'ST4V', 'WXY2'))}"
    line = readable_line(typed)
    if holds_code(line):
        assert LinkCode("7K2M9PQRST4VWXY2") in leaked_codes(typed)


async def test_a_code_that_was_used_stays_used_when_others_read_it(house: House) -> None:
    code = await house.code(ALICE)
    await house.press(BOB, await house.ask(BOB, f"/link {code}"), "link_merge")
    await house.router.revoke([LinkCode(code)])
    assert "has already been used" in texts(await house.ask(CAROL, f"/link {code}"))


async def refuse_everything(_command: object, _ctx: object) -> None:
    raise OnlyIdentity


async def test_an_alert_of_somebody_who_is_leaving_is_refused_in_words(house: House, dsn: str) -> None:
    person = await house.person(ALICE)
    leaving = await asyncpg.connect(dsn)
    try:
        async with leaving.transaction():
            await leaving.execute("SELECT erase_person($1, now(), 1)", person)
            late = asyncio.create_task(house.alerts.create(wish(person, "late", Chat("telegram", "1001"))))
            await asyncio.sleep(0.1)
        with pytest.raises(DeskError):
            await late
    finally:
        await leaving.close()


async def test_ones_own_code_leads_nowhere_and_stays_open_for_the_other_platform(house: House) -> None:
    code = await house.code(ALICE)
    assert "This code is from your own account" in texts(await house.ask(ALICE, f"/link {code}"))
    assert "Link accounts?" in texts(await house.ask(BOB, f"/link {code}"))


async def test_a_used_code_says_so_to_everyone(house: House) -> None:
    code = await house.code(ALICE)
    await house.press(BOB, await house.ask(BOB, f"/link {code}"), "link_merge")
    for who in (ALICE, BOB, CAROL):
        assert "has already been used" in texts(await house.ask(who, f"/link {code}"))


async def test_a_ban_goes_where_the_person_goes(house: House) -> None:
    preview = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    banned = "INSERT INTO ban (person_id, reason) SELECT $1, 'too loud' RETURNING 1"
    assert await house.fetch(banned, await house.person(BOB))
    await house.press(BOB, preview, "link_merge")
    await house.settle()
    (row,) = await house.fetch("SELECT person_id, reason FROM ban")
    assert (row["person_id"], row["reason"]) == (await house.person(ALICE), "too loud")


async def test_a_cancelled_link_changes_nothing_and_burns_the_code(house: House) -> None:
    preview = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    assert "Nothing was linked" in texts(await house.press(BOB, preview, "link_cancel"))
    assert "no longer valid" in texts(await house.press(BOB, preview, "link_merge"))
    assert await house.person(ALICE) != await house.person(BOB)


async def test_a_button_works_only_for_the_identity_that_entered_the_code(house: House) -> None:
    preview = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    assert "no longer open" in texts(await house.press(CAROL, preview, "link_merge"))
    assert "no longer open" in texts(await house.press(ALICE, preview, "link_merge"))
    assert "no longer open" in texts(await house.press(CAROL, preview, "link_cancel"))
    assert "now share one account" in texts(await house.press(BOB, preview, "link_merge"))
