"""What operators do, in PostgreSQL: with its line in the log, once however often it comes, and never for others."""

import asyncio
import random
from dataclasses import replace
from decimal import Decimal

import asyncpg
import pytest

from core.database import Database, Pool
from people.notices import Broadcast
from people.notifications.notices import decode
from people.notifications.outbox import Outbox
from people.operators.errors import BroadcastExpired, OperatorProtected, TooLongToAudit, UnknownPerson
from people.operators.ledger_audit import AuditProcess
from people.operators.members import OperatorList
from people.operators.ports import OperatorAction, PersonRef
from people.operators.postgres import DRAFT_SECONDS, PostgresOperations
from people.person import Language
from people.postgres import PostgresPeople
from tests.support.people_house import ALICE, BOB, BTC, House
from tests.support.trading_house import command, opened, order, owner_of
from trading.ledger import account_report
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import QuoteAmount, Side

JITTER = random.Random(11)  # noqa: S311
OPERATORS = OperatorList({"telegram": frozenset(("42",)), "discord": frozenset(("43",))})


def use(name: str, line: str = "/x", person: int = 1) -> OperatorAction:
    return OperatorAction(name, "telegram", "42", person, line)


@pytest.fixture
def operations(pool: Pool) -> PostgresOperations:
    return PostgresOperations(pool, OPERATORS, jitter=JITTER)


async def meet(pool: Pool, external_id: str, platform: str = "telegram", *, chat: bool = True) -> int:
    met = await PostgresPeople(Database(pool, jitter=JITTER)).meet(platform, external_id, Language.ENGLISH, "UTC")
    if chat:
        await pool.execute(
            "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, $2, $3, false)",
            met.person_id,
            platform,
            external_id,
        )
    return met.person_id


async def results(operations: PostgresOperations) -> list[str]:
    return [entry.result for entry in reversed(await operations.log(100))]


# -- the log -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", ["UPDATE operator_action SET result = 'x'", "DELETE FROM operator_action", "TRUNCATE operator_action"]
)
async def test_the_application_can_only_add_to_the_log(operations: PostgresOperations, pool: Pool, change: str) -> None:
    await operations.halt(use("h"), "why")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(change)
    assert await results(operations) == ["halted"]


async def test_nothing_is_done_that_cannot_be_logged(operations: PostgresOperations, pool: Pool) -> None:
    person = await meet(pool, "7")
    bad = OperatorAction("b", "NOT A PLATFORM", "42", 1, "/ban 7")
    with pytest.raises(asyncpg.CheckViolationError):
        await operations.ban(bad, PersonRef("", str(person)), "")
    with pytest.raises(asyncpg.CheckViolationError):
        await operations.halt(bad, "why")
    assert await operations.banned() == {}
    assert (await operations.counts()).halt is None


async def test_what_is_logged_is_bounded_and_harmless(operations: PostgresOperations) -> None:
    await operations.note(use("n", "/halt \u202e@everyone\x00" + "x" * 5000), "y" * 5000)
    (entry,) = await operations.log(5)
    assert entry.line.startswith("/halt @everyonexxx")
    assert (len(entry.line), len(entry.result)) == (1000, 300)


async def test_a_refusal_leaves_nothing_behind(operations: PostgresOperations) -> None:
    with pytest.raises(UnknownPerson):
        await operations.ban(use("b"), PersonRef("", "99"), "")
    assert await operations.log(5) == []


async def test_the_log_keeps_no_identity_and_no_reason(operations: PostgresOperations, pool: Pool, dsn: str) -> None:
    person = await meet(pool, "7123456")
    who = PersonRef("telegram", "7123456")
    line = "/ban telegram:7123456 cheats, is Ann"
    await operations.ban(replace(use("b"), line=line), who, "cheats, is Ann")
    await operations.unban(replace(use("u"), line="/unban telegram:7123456"), who)
    assert [entry.line for entry in await operations.log(5)] == [f"/unban {person}", f"/ban {person}"]
    await operations.note(replace(use("old"), line=line), "refused: unknown-person")
    await operations.note(replace(use("other"), line="/ban telegram:71234567 x"), "refused: unknown-person")
    assert await pool.fetchval("SELECT erase_person($1, now(), 1)", person)
    lines = [entry.line for entry in await operations.log(5)]
    assert lines == ["/ban telegram:71234567 x", "/ban …", "/unban …", "/ban …"]


# -- bans --------------------------------------------------------------------------------------


async def test_a_ban_by_any_name_and_its_end(operations: PostgresOperations, pool: Pool) -> None:
    person = await meet(pool, "7")
    for number, ref in enumerate((PersonRef("", str(person)), PersonRef("telegram", "7"))):
        assert await operations.ban(use(f"b{number}"), ref, f"reason {number}") == person
        assert await operations.banned() == {person: f"reason {number}"}
        assert await operations.unban(use(f"u{number}"), ref) == (person, True)
        assert await operations.unban(use(f"v{number}"), ref) == (person, False)
        assert await operations.unban(use(f"u{number}"), ref) == (person, True)  # delivered again: the first answer
    with pytest.raises(UnknownPerson):
        await operations.ban(use("b9"), PersonRef("discord", "7"), "")


async def test_who_runs_the_desk_on_any_platform_cannot_be_banned(operations: PostgresOperations, pool: Pool) -> None:
    for external_id, platform in (("42", "telegram"), ("43", "discord"), ("local", "console")):
        person = await meet(pool, external_id, platform)
        await pool.execute("INSERT INTO identity VALUES ('irc', $1, $2)", external_id, person)
        for ref in (PersonRef("", str(person)), PersonRef(platform, external_id), PersonRef("irc", external_id)):
            with pytest.raises(OperatorProtected):
                await operations.ban(use(f"b-{ref}"), ref, "")
    assert await operations.banned() == {}


async def test_a_banned_person_is_sent_nothing_more(operations: PostgresOperations, pool: Pool) -> None:
    person, other = await meet(pool, "7"), await meet(pool, "8")
    for each, chat in ((person, "7"), (other, "8")):
        await pool.execute(
            "INSERT INTO outbox (key, person_id, platform, chat_id, kind, body) "
            "VALUES ($1, $2, 'telegram', $3, 'alert', '{}')",
            f"k{each}",
            each,
            chat,
        )
    await operations.ban(use("b"), PersonRef("", str(person)), "")
    parcels = await Outbox(pool, jitter=JITTER).claim("telegram", 10)
    assert {parcel.person.person_id: parcel.banned for parcel in parcels} == {person: True, other: False}


# -- messages to everyone ----------------------------------------------------------------------


async def test_a_broadcast_reaches_everyone_once_where_they_were_last_seen(
    operations: PostgresOperations, pool: Pool
) -> None:
    people = [await meet(pool, str(number)) for number in range(100, 110)]
    await pool.execute(
        "INSERT INTO notification_chat VALUES ($1, 'discord', '900', false, now() + interval '1 s')", people[0]
    )
    await pool.execute(
        "INSERT INTO notification_chat VALUES ($1, 'discord', '-1', true, now() + interval '1 s')", people[1]
    )
    await pool.execute("UPDATE notification_chat SET retired_at = now() WHERE person_id = $1", people[2])
    await operations.ban(use("b"), PersonRef("", str(people[3])), "")
    for _ in range(2):
        reach = await operations.draft(use("d"), "token", "hello {0} { $x }")
        assert (reach.people, reach.missed) == (8, {"blocked": 1, "banned": 1})
    sent = await asyncio.gather(
        *(operations.send(use("s"), "token") for _ in range(5)),
        *(operations.send(use(f"s{n}"), "token") for n in range(5)),
        return_exceptions=True,
    )
    assert len({answer if answer == 8 else "gone" for answer in sent[:5]}) == 1  # one command, one answer
    assert sorted(map(repr, sent)).count("8") in (1, 5)
    assert all(answer == 8 or isinstance(answer, BroadcastExpired) for answer in sent)
    rows = await pool.fetch("SELECT person_id, platform, chat_id, kind, body FROM outbox ORDER BY id")
    assert len(rows) == 8
    assert {row["person_id"] for row in rows} == set(people) - {people[2], people[3]}
    assert (rows[0]["platform"], rows[0]["chat_id"]) == ("discord", "900")
    assert {row["kind"] for row in rows} == {"broadcast"}
    assert decode(rows[0]["body"]) == Broadcast("hello {0} { $x }")
    await pool.execute("UPDATE outbox SET state = 'sent' WHERE person_id = $1", people[0])
    sending = (await operations.counts()).sending
    assert sending is not None
    assert (sending.chats, sending.states) == (8, {"pending": 7, "sent": 1})


async def test_a_broadcast_reaches_all_who_can_be_reached(operations: PostgresOperations, pool: Pool) -> None:
    """Who used the desk in servers of Discord alone gets a direct message; the others are counted by the reason."""
    private = await meet(pool, "1")
    server = [await meet(pool, str(number), "discord", chat=False) for number in range(900, 903)]
    groups = [await meet(pool, str(number), chat=False) for number in range(2, 4)]
    refusing, off, banned, unmet, both = (
        await meet(pool, "904", "discord", chat=False),
        await meet(pool, "5"),
        await meet(pool, "906", "discord", chat=False),
        await meet(pool, "7", chat=False),
        await meet(pool, "8", chat=False),
    )
    for person in (*server, refusing, banned):
        await pool.execute("INSERT INTO notification_chat VALUES ($1, 'discord', '77', true)", person)
    for person in (*groups, both):
        await pool.execute("INSERT INTO notification_chat VALUES ($1, 'telegram', '-100', true)", person)
    await pool.execute("INSERT INTO notification_chat VALUES ($1, 'discord', 'dm:904', true, now(), now())", refusing)
    await pool.execute("INSERT INTO notification_preference VALUES ($1, 'broadcast', 'off')", off)
    await pool.execute("INSERT INTO identity VALUES ('discord', '908', $1)", both)
    await pool.execute("UPDATE notification_chat SET retired_at = now() WHERE person_id = $1", server[2])
    await operations.ban(use("b"), PersonRef("", str(banned)), "")

    reach = await operations.draft(use("d"), "token", "hello")
    missed = {"group": 2, "blocked": 1, "off": 1, "banned": 1, "unknown": 1}
    assert (reach.private, reach.direct, reach.missed) == (1, 4, missed)
    assert await operations.send(use("s"), "token") == 5
    rows = await pool.fetch("SELECT person_id, platform, chat_id FROM outbox ORDER BY id")
    assert {row["person_id"]: (row["platform"], row["chat_id"]) for row in rows} == {
        private: ("telegram", "1"),
        **{person: ("discord", f"dm:{number}") for number, person in enumerate(server, 900)},
        both: ("discord", "dm:908"),
    }
    assert unmet not in {row["person_id"] for row in rows}


async def test_a_draft_is_its_writers_own_and_expires(operations: PostgresOperations, pool: Pool, dsn: str) -> None:
    await meet(pool, "7")
    await operations.draft(use("d"), "token", "hello")
    with pytest.raises(BroadcastExpired):
        await operations.send(use("s", person=2), "token")
    with pytest.raises(BroadcastExpired):
        await operations.drop(use("x", person=2), "token")
    async with owner_of(dsn) as owner:
        await owner.execute("UPDATE broadcast SET expires_at = expires_at - make_interval(secs => $1)", DRAFT_SECONDS)
    with pytest.raises(BroadcastExpired):
        await operations.send(use("s2"), "token")
    await operations.draft(use("d2"), "token2", "hello")
    await operations.drop(use("x2"), "token2")
    with pytest.raises(BroadcastExpired):
        await operations.send(use("s3"), "token2")
    assert await pool.fetchval("SELECT count(*) FROM outbox") == 0
    assert await results(operations) == ["drafted for 1", "drafted for 1", "dropped"]


# -- looking -----------------------------------------------------------------------------------


async def test_the_counts_are_those_of_the_tables(operations: PostgresOperations, pool: Pool, dsn: str) -> None:
    person = await meet(pool, "7")
    ledger = PostgresLedger(pool, jitter=JITTER)
    account = await opened(ledger, person)
    await ledger.place(order(account), command("one"))
    async with owner_of(dsn) as owner:
        await owner.execute("UPDATE orders SET recorded_at = now()")
        await ledger.place(order(account), command("two"))  # of 2021
    counts = await operations.counts()
    assert (counts.people, counts.accounts, counts.orders_today, counts.banned) == (1, 1, 1, 0)
    assert (counts.inbox_waiting, counts.alerts_waiting, counts.outbox) == (0, 0, {})
    engine = await operations.engine()
    assert engine.size > 1_000_000
    assert 0 < engine.latency_ms < 1000


async def test_a_dossier_shows_balances_and_last_entries_and_finds_what_was_tampered_with(
    operations: PostgresOperations, pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, other = await meet(pool, "7"), await meet(pool, "8")
    ledger = PostgresLedger(pool, jitter=JITTER)
    account = await opened(ledger, person)
    await opened(ledger, other)
    for number in range(7):
        await ledger.place(order(account), command(f"order-{number}"))
    number, found = await operations.account_report(PersonRef("telegram", "7"))
    assert number == person
    (audited,) = found.accounts
    assert (audited.account, audited.entries, audited.findings) == (account, 8, ())
    assert [balance.asset for balance in audited.balances] == ["USDC", "BTC"]
    assert [line.kind for line in audited.last] == ["buy"] * 5
    async with owner_of(dsn) as owner:
        await owner.execute("UPDATE balance SET available = available + 1 WHERE asset = 'BTC'")
    (broken,) = (await operations.account_report(PersonRef("", str(person))))[1].accounts
    assert "balance differs from history" in broken.findings[0]
    (clean,) = (await operations.account_report(PersonRef("", str(other))))[1].accounts
    assert clean.findings == ()
    with pytest.raises(UnknownPerson):
        await operations.account_report(PersonRef("telegram", "9"))
    monkeypatch.setattr(account_report, "MAX_ENTRIES", 7)
    with pytest.raises(TooLongToAudit):
        await operations.account_report(PersonRef("", str(person)))


async def test_the_dossier_of_a_person_who_linked_an_account_follows_both_histories(
    operations: PostgresOperations, pool: Pool, dsn: str
) -> None:
    house = House(pool, dsn)
    for who in (ALICE, BOB):
        person = await house.person(who)
        account = await house.desk.open(person, f"open-{person}")
        await house.desk.place(account, f"buy-{person}", Side.BUY, BTC, QuoteAmount(Decimal(1000)))
    await house.linked(ALICE, BOB, "merge")
    number, found = await operations.account_report(PersonRef("", str(await house.person(ALICE))))
    (audited,) = found.accounts
    assert (number, audited.findings) == (await house.person(BOB), ())
    assert audited.last[0].kind == "merge"
    async with owner_of(dsn) as owner:
        await owner.execute("UPDATE balance SET cost = cost + 1 WHERE asset = 'BTC' AND cost > 0")
    (broken,) = (await operations.account_report(PersonRef("", str(number))))[1].accounts
    assert len(broken.findings) == 1


async def test_the_whole_ledger_is_audited_in_another_process(pool: Pool, dsn: str) -> None:
    ledger = PostgresLedger(pool, jitter=JITTER)
    account = await opened(ledger)
    await ledger.place(order(account), command("one"))
    async with AuditProcess(dsn) as audits:
        first = await audits.start(0.0)
        assert first.verdict is None
        assert (await audits.start(0.0)).verdict is None  # the same one
        done = await audits.last(30.0)
        assert done.verdict is not None
        assert (done.verdict.entries, done.verdict.findings, done.verdict.failed) == (2, 0, "")
        async with owner_of(dsn) as owner:
            await owner.execute("UPDATE balance SET available = $1 WHERE asset = 'BTC'", Decimal(5))
        assert (await audits.last(0.0)).verdict == done.verdict
        broken = await audits.start(30.0)
        assert broken.verdict is not None
        assert broken.verdict.findings >= 1
        assert "BTC" in " ".join(broken.verdict.first)


async def test_an_audit_that_takes_too_long_or_fails_says_so_and_nothing_of_the_address(dsn: str) -> None:
    async with AuditProcess(dsn, limit_seconds=0.01) as audits:
        assert (await audits.start(30.0)).slow
    async with AuditProcess("postgresql://desk:geheim@127.0.0.1:1/desk") as audits:
        failed = (await audits.start(30.0)).verdict
        assert failed is not None
        assert failed.failed
        assert "geheim" not in str(failed)
