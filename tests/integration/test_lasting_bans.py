"""A ban outlives the deletion of a person's data."""

from datetime import UTC, datetime

import asyncpg
import pytest

from bot.operations.errors import UnknownPerson
from bot.operations.ports import PersonRef, Use
from bot.operations.postgres import PostgresOperations
from bot.operations.who import Operators
from bot.people import PostgresPeople
from bot.ports import Language
from tests.integration.people_house import CALM
from trading.postgres.database import Database

Pool = asyncpg.Pool


@pytest.fixture
def operations(pool: Pool) -> PostgresOperations:
    return PostgresOperations(pool, Operators({}), jitter=CALM)


def use(name: str) -> Use:
    return Use(name, "telegram", "42", 1, f"/{name}")


async def meet(pool: Pool, external_id: str, platform: str = "telegram") -> int:
    people = PostgresPeople(Database(pool, jitter=CALM))
    return (await people.meet(platform, external_id, Language.ENGLISH, "UTC")).person_id


async def leave(pool: Pool, person: int) -> None:
    assert await pool.fetchval("SELECT forget_person($1, $2, 1)", person, datetime(2026, 1, 1, tzinfo=UTC))


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
