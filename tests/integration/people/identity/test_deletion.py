"""Deletion of a person's data: no row points at them, and the ledger stays honest, on real PostgreSQL."""

import asyncio
import json
from decimal import Decimal

import asyncpg
import pytest

from bot.notifications.courier import Delivered
from bot.platforms.telegram.inbound.inbox import ClaimedUpdate, Inbox, IncomingUpdate, UpdateState
from bot.reply import Reply
from core.database import Database
from core.outbox import Chat
from people.identity.ports import Identity
from tests.fakes.bot import NOW
from tests.integration.people.identity.person_rows import deleted_in, settle_in, update
from tests.support.people_house import ALICE, BOB, CALM, CAROL, House, texts
from tests.support.push_house import FakeCourier, dispatcher, running, settled, told, until
from trading.errors import AccountReassigned
from trading.triggers.price_levels import Firing

D = Decimal


async def deleted(house: House, who: Identity) -> Reply:
    preview = await house.press(who, await house.ask(who, "/privacy"), "privacy_delete")
    assert "This cannot be undone" in texts(preview)
    return await house.press(who, preview, "forget_me")


async def pointing_at_persons(house: House) -> list[tuple[str, str]]:
    rows = await house.fetch(
        "SELECT conrelid::regclass::text AS name, attname FROM pg_constraint"
        " JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]"
        " WHERE confrelid = 'person'::regclass AND contype = 'f'"
    )
    return [(row["name"], row["attname"]) for row in rows]


async def test_deleting_leaves_no_row_that_points_at_the_person_and_an_honest_ledger(house: House) -> None:
    person, other = await settle_in(house, ALICE), await settle_in(house, BOB)
    account = await house.desk.account(person)
    assert "All your data has been deleted" in texts(await deleted(house, ALICE))
    tables = await pointing_at_persons(house)
    assert len(tables) >= 10
    for name, column in tables:
        rows = await house.fetch(f"SELECT * FROM {name} WHERE {column} = $1", person)  # noqa: S608
        assert rows == [], name
        if (
            name not in ("ban", "link_join") and column != "former_id"
        ):  # test_link_undo.py, test_strategies.py try these
            assert await house.fetch(f"SELECT * FROM {name} WHERE {column} = $1", other), f"{name} is not tried here"  # noqa: S608
    for table in ("person", "pending_prompt", "link_code_attempt", "identity"):
        assert "1001" not in str(await house.fetch(f"SELECT * FROM {table}"))  # noqa: S608
    (row,) = await house.fetch("SELECT * FROM account WHERE id = $1", account.account_id)
    assert row["person_id"] == -account.account_id
    assert (await house.fetch("SELECT count(*) FROM entry WHERE account_id = $1", account.account_id))[0][0] == 3
    await house.audited()


@pytest.mark.parametrize("state", list(UpdateState))
async def test_the_words_of_a_finished_update_are_blanked(house: House, state: UpdateState) -> None:
    inbox = Inbox(Database(house.pool, jitter=CALM))
    arrivals = [update(1, ALICE, "my words"), update(2, ALICE, "waiting words")]
    await inbox.write(arrivals)
    (taken,) = await inbox.take([], 1)
    await inbox.mark_sending(taken)
    await inbox.finish(taken, state, "a reason")
    rows = {row["update_id"]: row for row in await house.fetch("SELECT * FROM inbox")}
    assert (rows[1]["body"], rows[1]["lane"]) == ("{}", "-")
    assert "waiting words" in rows[2]["body"]
    assert await inbox.write(arrivals) == 0, "neither is taken again"
    assert [taken.update_id for taken in await inbox.take([], 5)] == [2]


async def test_the_words_in_the_inbox_go_and_that_they_were_answered_stays_known(house: House) -> None:
    await house.person(ALICE)
    inbox = Inbox(Database(house.pool, jitter=CALM))
    arrivals = [
        update(1, ALICE, "my words"),
        update(2, Identity("telegram", "2"), "about 1001"),
        update(3, ALICE, "still to be answered"),
        update(4, ALICE, 'odd \\ud83d \x00 \ud83d "} \\" words'),
    ]
    blocked = json.dumps({"update_id": 5, "my_chat_member": {"from": {"id": int(ALICE.external_id)}}})
    arrivals.append(IncomingUpdate(5, "member:5", ALICE.external_id, blocked))
    await inbox.write(arrivals)
    for number in (1, 2, 4, 5):
        await inbox.finish(ClaimedUpdate(number, "", "", attempts=0), UpdateState.DONE)
    await deleted(house, ALICE)
    rows = {row["update_id"]: row["body"] for row in await house.fetch("SELECT * FROM inbox")}
    assert rows[1] == rows[4] == rows[5] == "{}"
    assert rows[2] == "{}", "whoever wrote it"
    assert "still to be answered" in rows[3]
    assert await inbox.write(arrivals) == 0, "none of them is taken again"


async def test_deleting_twice_says_so_and_leaves_nobody_behind(house: House) -> None:
    await settle_in(house, ALICE)
    preview = await house.ask(ALICE, "privacy_delete", pressed=True)
    await house.press(ALICE, preview, "forget_me")
    assert "already deleted" in texts(await house.press(ALICE, preview, "forget_me"))
    assert await house.fetch("SELECT * FROM person") == []


async def test_a_stranger_who_was_noted_in_their_chat_goes_as_well(house: House) -> None:
    await settle_in(house, ALICE)
    preview = await house.ask(ALICE, "privacy_delete", pressed=True)
    await house.press(ALICE, preview, "forget_me")
    stranger = await house.person(ALICE)
    await house.pool.execute("INSERT INTO notification_chat VALUES ($1, 'telegram', '1001', false)", stranger)
    assert "already deleted" in texts(await house.press(ALICE, preview, "forget_me"))
    assert await house.fetch("SELECT * FROM person") == []
    assert house.services.acquaintances.recall(ALICE.platform, ALICE.external_id) is None


async def test_eight_presses_at_once_delete_one_person(house: House) -> None:
    await settle_in(house, ALICE)
    await settle_in(house, BOB)
    preview = await house.ask(ALICE, "privacy_delete", pressed=True)
    replies = await asyncio.gather(*(house.press(ALICE, preview, "forget_me") for _ in range(8)))
    assert all("deleted" in texts(reply) for reply in replies)
    assert (await house.fetch("SELECT count(*) FROM account WHERE closed_at IS NOT NULL"))[0][0] == 1
    assert await house.person(BOB)


async def test_another_persons_button_deletes_nobody(house: House) -> None:
    await settle_in(house, ALICE)
    bob = await settle_in(house, BOB)
    preview = await house.ask(ALICE, "privacy_delete", pressed=True)
    assert "no longer yours" in texts(await house.press(BOB, preview, "forget_me"))
    assert await house.person(BOB) == bob
    assert len(await house.fetch("SELECT * FROM person")) == 2


async def test_who_comes_back_is_a_new_person_with_a_new_account(house: House) -> None:
    person = await settle_in(house, ALICE)
    await house.ask(ALICE, "/settings language ko")
    old = await house.desk.account(person)
    await deleted_in(house)
    reply = await house.ask(ALICE, "/start")
    assert "Welcome" in texts(reply), "what was chosen is forgotten"
    anew = await house.person(ALICE)
    assert anew != person
    account = await house.desk.account(anew)
    assert account.account_id != old.account_id
    assert [b.asset for b in await house.desk.balances(account)] == ["USDC"]
    with pytest.raises(AccountReassigned):
        await house.desk.reset(old, "on its way")


async def test_all_platforms_of_a_person_are_forgotten_together(house: House) -> None:
    await settle_in(house, ALICE)
    await settle_in(house, BOB)
    await house.linked(ALICE, BOB, "merge")
    await deleted(house, BOB)
    assert await house.fetch("SELECT * FROM identity") == []
    assert await house.people.find(ALICE.platform, ALICE.external_id) is None


async def test_what_waits_is_not_sent_and_what_is_being_sent_harms_nobody(house: House) -> None:
    person = await house.person(ALICE)
    home = Chat("fake", "home")
    courier = FakeCourier(gate=asyncio.Event(), answer=lambda _chat, _nonce: Delivered("m1"))
    await told(house.pool, person, 1, chat=home)
    async with running(dispatcher(house.pool, courier).run()):
        await until(lambda: courier.sent)
        await told(house.pool, person, 3, chat=home, name="later")
        assert await house.identities.forget(person, NOW, NOW)
        assert courier.gate is not None
        courier.gate.set()
        other = await house.person(CAROL)
        (last,) = await told(house.pool, other, 1, chat=Chat("fake", "other"))
        await until(lambda: len(courier.sent) == 2)
        await settled(house.pool)
    assert [chat for chat, _, _ in courier.sent] == ["home", "other"]
    assert [row["id"] for row in await house.fetch("SELECT id FROM outbox")] == [last]


async def test_an_alert_that_fires_after_its_person_left_tells_nobody(house: House) -> None:
    person = await settle_in(house, ALICE)
    (alert,) = (await house.alerts.waiting(person, "simulator", 10)).alerts
    await deleted(house, ALICE)
    assert await house.alerts.fire("simulator", [Firing(alert.trigger, D(70_000), NOW)]) == frozenset()
    assert await house.fetch("SELECT * FROM outbox") == []


async def test_the_application_may_not_do_by_hand_what_the_functions_do(house: House) -> None:
    person = await settle_in(house, ALICE)
    for forbidden in (
        "UPDATE account SET person_id = 1",
        "UPDATE account SET closed_at = now()",
        "DELETE FROM person",
        "DELETE FROM identity",
        "UPDATE identity SET person_id = 1",
        "INSERT INTO account_merge DEFAULT VALUES",
        "DELETE FROM entry",
        "UPDATE posting SET amount = 1",
        f"SELECT delete_person({person})",
        "SELECT merge_account(1, 2, now(), 1)",
        "SELECT close_account(1, now(), 1)",
        "UPDATE inbox SET body = ''",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await house.pool.execute(forbidden)
