"""A ban outlives the deletion of a person's data."""

from datetime import UTC, datetime

import asyncpg
import pytest

from core.database import Database
from people.operators.errors import UnknownPerson
from people.operators.members import OperatorList
from people.operators.ports import OperatorAction, PersonRef
from people.operators.postgres import PostgresOperations
from people.person import Language
from people.postgres import PostgresPeople
from tests.support.people_house import CALM

Pool = asyncpg.Pool


@pytest.fixture
def operations(pool: Pool) -> PostgresOperations:
    return PostgresOperations(pool, OperatorList({}), jitter=CALM)


def use(name: str) -> OperatorAction:
    return OperatorAction(name, "telegram", "42", 1, f"/{name}")


async def meet(pool: Pool, external_id: str, platform: str = "telegram") -> int:
    people = PostgresPeople(Database(pool, jitter=CALM))
    return (await people.meet(platform, external_id, Language.ENGLISH, "UTC")).person_id


async def leave(pool: Pool, person: int) -> None:
    assert await pool.fetchval("SELECT erase_person($1, $2, 1)", person, datetime(2026, 1, 1, tzinfo=UTC))


async def test_a_banned_person_who_comes_back_is_banned(operations: PostgresOperations, pool: Pool) -> None:
    person = await meet(pool, "7")
    await pool.execute("INSERT INTO identity VALUES ('discord', '8', $1)", person)
    await operations.ban(use("b"), PersonRef("", str(person)), "spam")
    for platform, external_id in (("telegram", "7"), ("discord", "8"), ("telegram", "7")):
        for left in await operations.banned():
            await leave(pool, left)
        assert await operations.banned() == {}
        back = await meet(pool, external_id, platform)
        assert await operations.banned() == {back: "spam"}


async def test_others_are_not_banned(operations: PostgresOperations, pool: Pool) -> None:
    person, other = await meet(pool, "7"), await meet(pool, "70")
    await operations.ban(use("b"), PersonRef("", str(person)), "spam")
    await leave(pool, person)
    await leave(pool, other)
    for external_id, platform in (("70", "telegram"), ("7", "discord"), ("07", "telegram"), ("9", "telegram")):
        await meet(pool, external_id, platform)
    assert await operations.banned() == {}


async def test_nothing_readable_is_kept_of_a_banned_person(
    operations: PostgresOperations, pool: Pool, dsn: str
) -> None:
    person = await meet(pool, "7123456")
    await operations.ban(use("b"), PersonRef("", str(person)), "spam")
    await leave(pool, person)
    for statement in (
        "SELECT * FROM banned_identity",
        "SELECT * FROM identity_key",
        "SELECT identity_digest('a', 'b')",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute("DELETE FROM ban")
    owner = await asyncpg.connect(dsn)
    try:
        rows = await owner.fetch("SELECT * FROM banned_identity")
    finally:
        await owner.close()
    assert len(rows) == 1
    assert len(rows[0]["digest"]) == 32
    assert b"7123456" not in rows[0]["digest"]


async def test_unban_ends_it_before_and_after_the_return(operations: PostgresOperations, pool: Pool) -> None:
    who = PersonRef("telegram", "7")
    person = await meet(pool, "7")
    await operations.ban(use("b"), who, "spam")
    await leave(pool, person)
    assert await operations.unban(use("u1"), who) == (0, True)
    assert await operations.unban(use("u1"), who) == (0, True)  # delivered again: the first answer
    with pytest.raises(UnknownPerson):
        await operations.unban(use("u2"), who)
    person = await meet(pool, "7")
    assert await operations.banned() == {}
    await operations.ban(use("b2"), who, "spam")
    await leave(pool, person)
    person = await meet(pool, "7")
    assert await operations.unban(use("u3"), who) == (person, True)
    await leave(pool, person)
    await meet(pool, "7")
    assert await operations.banned() == {}


async def test_one_who_was_never_banned_leaves_no_trace(operations: PostgresOperations, pool: Pool, dsn: str) -> None:
    await leave(pool, await meet(pool, "7"))
    owner = await asyncpg.connect(dsn)
    try:
        assert await owner.fetchval("SELECT count(*) FROM banned_identity") == 0
    finally:
        await owner.close()


# -- joins -------------------------------------------------------------------------------------


async def joined(pool: Pool, *, host_leaves: bool = False) -> tuple[int, int]:
    """The shared person of telegram:7 and discord:8, and the one that discord:8 was before."""
    host, former = await meet(pool, "7"), await meet(pool, "8", "discord")
    number = await pool.fetchval(
        "INSERT INTO link_code (person_id, selector, hash, expires_at, claimed_platform, claimed_id)"
        " VALUES ($1, 'ABCD', $2, now() + interval '10 minutes', 'discord', '8') RETURNING id",
        *(host, bytes(32)),
    )
    link = "SELECT outcome FROM link_persons($1, 'discord', '8', 'merge', now(), 1)"
    assert await pool.fetchval(link, number) == "done"
    if host_leaves:
        assert await part(pool, host, "telegram", "7") == "done"
    return host, former


async def part(pool: Pool, person: int, platform: str = "discord", external_id: str = "8") -> str:
    outcome: str = await pool.fetchval("SELECT outcome FROM unlink_identity($1, $2, $3)", person, platform, external_id)
    return outcome


async def test_the_guest_of_a_banned_host_who_deletes_is_banned(operations: PostgresOperations, pool: Pool) -> None:
    host, former = await joined(pool)
    await operations.ban(use("b"), PersonRef("discord", "8"), "spam")
    await leave(pool, host)
    assert await meet(pool, "8", "discord") == former
    assert await operations.banned() == {former: "spam"}
    await leave(pool, former)
    back = {await meet(pool, "7"): "spam", await meet(pool, "8", "discord"): "spam"}
    assert await operations.banned() == back


@pytest.mark.parametrize("host_leaves", [False, True])
async def test_undoing_a_join_escapes_no_ban(operations: PostgresOperations, pool: Pool, *, host_leaves: bool) -> None:
    host, former = await joined(pool, host_leaves=host_leaves)
    await operations.ban(use("b"), PersonRef("", str(host)), "spam")
    assert await part(pool, host) == "undone"
    rest = {} if host_leaves else {host: "spam"}
    assert await operations.banned() == {former: "spam", **rest}


@pytest.mark.parametrize(("platform", "external_id"), [("telegram", "7"), ("discord", "8")])
async def test_parting_escapes_no_ban(
    operations: PostgresOperations, pool: Pool, dsn: str, platform: str, external_id: str
) -> None:
    host, _ = await joined(pool)
    await settled(pool, dsn)
    await operations.ban(use("b"), PersonRef("", str(host)), "spam")
    assert await part(pool, host, platform, external_id) == "done"
    back = await meet(pool, external_id, platform)
    assert await operations.banned() == {host: "spam", back: "spam"}
    assert await operations.unban(use("u"), PersonRef(platform, external_id)) == (back, True)
    assert await operations.banned() == {host: "spam"}


async def test_unban_frees_both_of_a_join(operations: PostgresOperations, pool: Pool) -> None:
    host, former = await joined(pool)
    for person in (host, former):
        await operations.ban(use(f"b{person}"), PersonRef("", str(person)), "spam")
    assert await operations.unban(use("u"), PersonRef("discord", "8")) == (host, True)
    assert await part(pool, host) == "undone"
    assert await operations.banned() == {}


async def test_a_ban_of_the_former_person_stays_when_the_join_is_settled(
    operations: PostgresOperations, pool: Pool, dsn: str
) -> None:
    host, former = await joined(pool)
    await operations.ban(use("b"), PersonRef("", str(former)), "spam")
    await settled(pool, dsn)
    assert await operations.banned() == {host: "spam"}


async def settled(pool: Pool, dsn: str) -> None:
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute("UPDATE link_join SET joined_at = now() - interval '2 days'")
    finally:
        await owner.close()
    assert await pool.fetchval("SELECT settle_join(former_id, now(), 1) FROM link_join")
