"""A join that is undone within a day: on real PostgreSQL, through the router."""

import asyncio
import random
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.middleware.bans import Bans
from bot.middleware.leaked_link_codes import take_back
from bot.router import Router
from core.outbox import Chat
from jobs.settle_joins import settle_joins
from people.identity.ports import Identity
from people.notices import LinkUndone
from people.notifications.notices import decode
from people.notifications.preferences_postgres import PostgresPreferences
from people.operators.members import OperatorList
from people.operators.ports import OperatorAction, PersonRef
from people.operators.postgres import PostgresOperations
from people.person import Language
from tests.fakes.bot import CATALOGS
from tests.support.people_house import ALICE, BOB, BTC, CALM, DAY_MS, House, texts, wish
from trading.alerts.range_alerts import NewRangeAlert
from trading.alerts.range_postgres import PostgresRangeAlerts
from trading.errors import NoAccount
from trading.orders.types import QuoteAmount, Side
from trading.ports import Account

D = Decimal
HOST, GUEST = ALICE, BOB


async def opened(house: House, who: Identity, spent: int = 0) -> Account:
    person = await house.person(who)
    account = await house.desk.open(person, f"open-{person}")
    if spent:
        await house.desk.place(account, f"buy-{person}", Side.BUY, BTC, QuoteAmount(D(spent)))
    return account


async def undone(house: House, who: Identity) -> str:
    preview = await house.ask(who, "/unlink")
    return texts(preview) + texts(await house.press(who, preview, "unlink_now"))


async def held(house: House, account_id: int) -> list[tuple[object, ...]]:
    query = "SELECT asset, available, held, cost, realised FROM balance WHERE account_id = $1 ORDER BY asset"
    return [tuple(row) for row in await house.fetch(query, account_id)]


async def test_range_alerts_go_with_a_link_and_come_back(house: House) -> None:
    for who in (GUEST, HOST):
        await opened(house, who)
    guest, host = await house.person(GUEST), await house.person(HOST)
    ranges = PostgresRangeAlerts(house.pool, jitter=CALM)
    chat = Chat(GUEST.platform, GUEST.external_id)
    wanted = NewRangeAlert(
        "range", guest, chat, "simulator", BTC, Decimal("0.03"), 60, repeat=False, ready=True, market_time=0
    )
    made = await ranges.create(wanted)
    await house.linked(HOST, GUEST, "move", settled=False)
    assert [one.alert_id for one in await ranges.waiting(host, "simulator")] == [made.alert_id]
    assert "alerts: 1" in await undone(house, GUEST)
    assert [one.alert_id for one in await ranges.waiting(guest, "simulator")] == [made.alert_id]


@pytest.mark.parametrize("how", ["merge", "move"])
async def test_the_guest_alone_undoes_and_has_everything(house: House, how: str) -> None:
    guest = await opened(house, GUEST, 5_000)
    await opened(house, HOST, 70_000)
    before = await held(house, guest.account_id)
    former = await house.person(GUEST)
    await house.ask(GUEST, "/watch BTC")
    await house.alerts.create(wish(former, "a", Chat(GUEST.platform, "discord-2002")))
    await house.linked(HOST, GUEST, how, settled=False)
    assert await house.person(GUEST) == await house.person(HOST)
    said = await undone(house, GUEST)
    assert "less than a day ago" in said
    assert "accounts: 1, alerts: 1" in said
    assert await house.person(GUEST) == former
    assert await held(house, guest.account_id) == before
    back = await house.identities.holdings(former)
    assert (back.alerts, back.watched, len(back.accounts)) == (1, 1, 1)
    rest = await house.identities.holdings(await house.person(HOST))
    assert (rest.alerts, rest.watched, len(rest.accounts)) == (0, 0, 1)


async def test_an_account_handed_over_whole_goes_back_whole(house: House) -> None:
    guest = await opened(house, GUEST, 5_000)
    await house.person(HOST)
    await house.linked(HOST, GUEST, "merge", settled=False)
    shared = await house.desk.account(await house.person(HOST))
    assert shared.account_id == guest.account_id
    await house.desk.place(shared, "host", Side.BUY, BTC, QuoteAmount(D(1_000)))
    await undone(house, GUEST)
    assert (await house.desk.account(await house.person(GUEST))).account_id == guest.account_id
    with pytest.raises(NoAccount):
        await house.desk.account(await house.person(HOST))


async def test_after_a_day_it_is_settled_and_parting_gives_nothing(house: House) -> None:
    await opened(house, GUEST, 5_000)
    await opened(house, HOST)
    await house.linked(HOST, GUEST, "merge", settled=False)
    assert await settle_joins(house.pool, house.now + DAY_MS - 1, CALM) == 0
    assert await house.settle() == 1
    said = await undone(house, GUEST)
    assert "start with a new account" in said
    with pytest.raises(NoAccount):
        await house.desk.account(await house.person(GUEST))


async def test_the_host_deletes_their_data_and_the_guest_keeps_theirs(house: House) -> None:
    guest = await opened(house, GUEST, 5_000)
    await opened(house, HOST)
    before, former = await held(house, guest.account_id), await house.person(GUEST)
    await house.linked(HOST, GUEST, "merge", settled=False)
    assert await house.identities.forget(await house.person(HOST), house.now, house.now)
    assert await house.person(GUEST) == former
    assert await held(house, guest.account_id) == before


@pytest.mark.parametrize("first", ["trade", "forget", "settle"])
async def test_undoing_races_the_host(house: House, first: str) -> None:
    guest = await opened(house, GUEST, 5_000)
    host = await opened(house, HOST)
    before, former = await held(house, guest.account_id), await house.person(GUEST)
    await house.linked(HOST, GUEST, "merge", settled=False)
    shared = await house.person(HOST)
    other = {
        "trade": lambda: house.desk.place(host, "host", Side.BUY, BTC, QuoteAmount(D(900_000))),
        "forget": lambda: house.identities.forget(shared, house.now, house.now),
        "settle": house.settle,
    }[first]
    done = await asyncio.gather(other(), house.identities.part(shared, GUEST), return_exceptions=True)
    if first == "settle" and done[0] == 1:
        return
    assert await house.person(GUEST) == former
    assert await held(house, guest.account_id) == before


@pytest.mark.parametrize("seed", range(5))
async def test_cycles_of_link_and_undo_create_no_grant(house: House, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    await opened(house, HOST, 3_000)
    await opened(house, GUEST, 5_000)
    start = await house.fetch("SELECT sum(granted) AS granted, count(*) AS many FROM account WHERE closed_at IS NULL")
    for turn in range(4):
        host, guest = chance.sample([HOST, GUEST], 2)
        await house.linked(host, guest, chance.choice(["merge", "move"]), settled=False)
        shared = await house.desk.account(await house.person(host))
        await house.desk.place(shared, f"turn-{turn}", Side.BUY, BTC, QuoteAmount(D(chance.randint(10, 9_000))))
        await undone(house, guest)
        now = await house.fetch("SELECT sum(granted) AS granted, count(*) AS many FROM account WHERE closed_at IS NULL")
        assert [tuple(row) for row in now] == [tuple(row) for row in start]
    await house.audited()
    await house.linked(HOST, GUEST, "merge")
    (left,) = await house.fetch("SELECT sum(granted) AS granted, count(*) AS many FROM account WHERE closed_at IS NULL")
    assert (left["many"], left["granted"]) == (1, start[0]["granted"] / 2)


async def test_the_host_is_told_in_both_languages(house: House) -> None:
    await opened(house, GUEST)
    await house.linked(HOST, GUEST, "merge", settled=False)
    host = await house.person(HOST)
    chat = "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, $2, '1001', false)"
    await house.pool.execute(f"{chat} ON CONFLICT DO NOTHING", host, HOST.platform)
    await undone(house, GUEST)
    (told,) = await house.fetch("SELECT * FROM outbox WHERE kind = 'link-undone'")
    assert (told["person_id"], told["platform"]) == (host, HOST.platform)
    notice = decode(told["body"])
    assert isinstance(notice, LinkUndone)
    for language, word in ((Language.ENGLISH, "took back what it had brought"), (Language.KOREAN, "취소되어")):
        assert word in CATALOGS[language].text("link-undone-notice", platform="Discord")


async def test_the_former_person_is_told_nothing_meanwhile(house: House) -> None:
    former = await house.person(GUEST)
    chat = "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, $2, '2002', false)"
    await house.pool.execute(chat, former, GUEST.platform)
    open_chats = "SELECT person_id FROM notification_chat WHERE chat_id = '2002' AND retired_at IS NULL"
    await house.linked(HOST, GUEST, "merge", settled=False)
    assert [row["person_id"] for row in await house.fetch(open_chats)] == [await house.person(HOST)]
    await undone(house, GUEST)
    assert [row["person_id"] for row in await house.fetch(open_chats)] == [former]


async def test_a_guest_who_deletes_their_data_leaves_nothing(house: House) -> None:
    await opened(house, GUEST, 5_000)
    await opened(house, HOST)
    await house.linked(HOST, GUEST, "merge", settled=False)
    warning = await house.press(GUEST, await house.ask(GUEST, "/privacy"), "privacy_delete")
    await house.press(GUEST, warning, "forget_me")
    for table in ("person", "identity", "link_join"):
        assert await house.fetch(f"SELECT * FROM {table}") == []  # noqa: S608
    assert await house.fetch("SELECT * FROM account WHERE closed_at IS NULL") == []


@pytest.mark.parametrize("_turn", range(3))
async def test_undoing_races_the_host_who_trades_the_handed_over_account(house: House, _turn: int) -> None:
    guest = await opened(house, GUEST, 5_000)
    await house.person(HOST)
    await house.linked(HOST, GUEST, "merge", settled=False)
    shared = await house.person(HOST)
    orders = [house.desk.place(guest, f"race-{n}", Side.BUY, BTC, QuoteAmount(D(100))) for n in range(4)]
    await asyncio.gather(*orders, house.identities.part(shared, GUEST), return_exceptions=True)
    assert (await house.desk.account(await house.person(GUEST))).account_id == guest.account_id
    await house.audited()


async def test_what_the_host_ended_does_not_come_back(house: House) -> None:
    former = await house.person(GUEST)
    await house.alerts.create(wish(former, "a", Chat(GUEST.platform, "discord-2002")))
    await house.linked(HOST, GUEST, "merge", settled=False)
    await house.pool.execute("DELETE FROM alert")
    await undone(house, GUEST)
    assert (await house.identities.holdings(former)).alerts == 0


async def test_a_join_of_before_is_not_undone_by_the_other_side(house: House) -> None:
    await opened(house, GUEST, 5_000)
    host = await opened(house, HOST)
    await house.linked(HOST, GUEST, "merge", settled=False)
    assert "start with a new account" in await undone(house, HOST)
    assert (await house.desk.account(await house.person(GUEST))).account_id == host.account_id
    assert await house.settle() == 1


@pytest.mark.parametrize("how", ["merge", "move"])
async def test_undoing_works_after_the_host_left(house: House, how: str) -> None:
    guest = await opened(house, GUEST, 5_000)
    await opened(house, HOST, 900_000)
    before = await held(house, guest.account_id)
    await house.linked(HOST, GUEST, how, settled=False)
    await undone(house, HOST)
    assert "no other platform is left" in await undone(house, GUEST)
    assert await held(house, guest.account_id) == before
    assert (await house.desk.account(await house.person(GUEST))).account_id == guest.account_id
    assert len(await house.fetch("SELECT id FROM account WHERE closed_at IS NULL")) == 1


# -- groups ------------------------------------------------------------------------------------

SAME = Identity(HOST.platform, "3003")
"""A guest on the host's platform."""


async def seen(house: House, who: Identity, *chats: str, public: bool = True) -> None:
    reach = "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, $2, $3, $4)"
    again = f"{reach} ON CONFLICT (person_id, platform, chat_id) DO UPDATE SET seen_at = clock_timestamp()"
    for chat in chats:
        await house.pool.execute(again, await house.person(who), who.platform, chat, public)


async def chats_of(house: House, who: Identity) -> list[str]:
    query = "SELECT chat_id FROM notification_chat WHERE person_id = $1 AND retired_at IS NULL ORDER BY chat_id"
    return [row["chat_id"] for row in await house.fetch(query, await house.person(who))]


@pytest.mark.parametrize("host", [HOST, GUEST])
async def test_no_chat_of_the_guest_stays_with_the_host(house: House, host: Identity) -> None:
    await seen(house, SAME, "both", "group-of-guest")
    await seen(house, SAME, "own-of-guest", public=False)
    await seen(house, host, "both", "group-of-host")
    await seen(house, host, "own-of-host", public=False)
    former = await house.person(SAME)
    change = (
        "INSERT INTO chat_group_change (command_id, platform, group_id, person_id, change) VALUES ($1, $2, $3, $4, 'x')"
    )
    await house.pool.execute(change, "c1", SAME.platform, "group-of-guest", former)
    await house.linked(host, SAME, "merge", settled=False)
    await seen(house, SAME, "group-of-guest")
    await house.alerts.create(wish(await house.person(host), "a", Chat(SAME.platform, "own-of-guest")))
    await undone(house, SAME)
    assert await chats_of(house, host) == ["both", "group-of-host", "own-of-host"]
    assert await chats_of(house, SAME) == ["both", "group-of-guest", "own-of-guest"]
    assert b"of-guest" not in await house.identities.export(await house.person(host), house.now)
    assert b"group-of-guest" in await house.identities.export(former, house.now)
    (alert,) = await house.fetch("SELECT chat_id, state FROM alert")
    assert tuple(alert) == ("own-of-host", "armed")
    assert [row["person_id"] for row in await house.fetch("SELECT person_id FROM chat_group_change")] == [former]


async def test_a_ban_of_the_host_leaves_the_guest_the_undo(house: House) -> None:
    operations = PostgresOperations(house.pool, OperatorList({}), jitter=CALM)
    bans = Bans(operations)
    house.router = Router(house.services, catalogs=CATALOGS, checks=(take_back, bans))
    account = await opened(house, GUEST, 5_000)
    former, host = await house.person(GUEST), await house.person(HOST)
    await house.linked(HOST, GUEST, "merge", settled=False)
    line = f"/ban {HOST.platform}:{HOST.external_id} spam"
    await operations.ban(
        OperatorAction("b", "telegram", "1", 1, line), PersonRef(HOST.platform, HOST.external_id), "spam"
    )
    bans.forget()
    refused = texts(await house.ask(GUEST, "/portfolio"))
    assert "banned" in refused
    assert "/unlink" in refused, "the refusal says what is left"
    assert "/unlink" not in texts(await house.ask(HOST, "/unlink")), "the host has nothing to undo"
    await undone(house, GUEST)
    bans.forget()
    assert await house.person(GUEST) == former
    assert await operations.banned() == {host: "spam"}
    assert "banned" not in texts(await house.ask(GUEST, "/portfolio"))
    assert [
        row["person_id"] for row in await house.fetch("SELECT person_id FROM account WHERE id = $1", account.account_id)
    ] == [former]


@pytest.mark.parametrize("named", [GUEST, None])
async def test_a_ban_of_the_guest_is_not_escaped_by_the_undo(house: House, named: Identity | None) -> None:
    operations = PostgresOperations(house.pool, OperatorList({}), jitter=CALM)
    await opened(house, GUEST)
    former, host = await house.person(GUEST), await house.person(HOST)
    await house.linked(HOST, GUEST, "merge", settled=False)
    who = PersonRef("", str(host)) if named is None else PersonRef(named.platform, named.external_id)
    await operations.ban(OperatorAction("b", "telegram", "1", 1, "/ban"), who, "spam")
    await undone(house, GUEST)
    assert former in await operations.banned()


async def test_who_left_is_told_of_no_order_of_the_other(house: House) -> None:
    notices = PostgresPreferences(house.pool, lambda: house.now, jitter=CALM)
    house.services = replace(house.services, notices=notices)
    house.router = Router(house.services, catalogs=CATALOGS, checks=(take_back,))
    person = await house.person(HOST)
    account = await house.desk.open(person, "o")
    await house.person(GUEST)
    await house.linked(HOST, GUEST, "merge")
    there = Chat(GUEST.platform, f"{GUEST.platform}-{GUEST.external_id}")
    for chat in (there, Chat(HOST.platform, f"{HOST.platform}-{HOST.external_id}")):
        await notices.reach(person, chat)
    await house.ask(HOST, "/settings confirm off")
    await notices.set_home(person, there)
    await house.ask(HOST, "/buy BTC 100usdc")
    remembered = await notices.notification_target(person)
    assert remembered is not None
    told = "SELECT FROM outbox WHERE kind = 'fill' AND chat_id = $1"
    assert len(await house.fetch(told, there.chat_id)) == 1
    await undone(house, GUEST)
    known = await notices.notification_target(person)
    assert known is None or known.chat != there
    await house.ask(HOST, "/buy BTC 777usdc")
    # As another process would, which still remembers the chat.
    await house.desk.place(account, "elsewhere", Side.BUY, BTC, QuoteAmount(D(778)), notify=remembered)
    assert await house.fetch("SELECT FROM entry WHERE command_id = 'elsewhere'")
    assert await house.fetch(told, there.chat_id) == []
