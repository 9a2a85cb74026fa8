"""What every `People` does, in memory and on PostgreSQL."""

import asyncio
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import asyncpg
import pytest

from core.database import Database
from core.errors import DatabaseUnavailable
from people.person import Language, People, Person, Theme
from people.postgres import PostgresPeople
from tests.fakes.bot import MemoryPeople

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]


def stored(pool: "Pool") -> PostgresPeople:
    return PostgresPeople(Database(pool, jitter=random.Random(1)))  # noqa: S311 - pauses, not secrets


@pytest.fixture(params=["memory", "postgres"])
def people(request: pytest.FixtureRequest) -> People:
    return MemoryPeople() if request.param == "memory" else stored(request.getfixturevalue("pool"))


async def test_a_stranger_is_nobody_until_they_are_met(people: People) -> None:
    assert await people.find("console", "me") is None
    met = await people.meet("console", "me", Language.KOREAN, "Asia/Seoul")
    assert met == Person(met.person_id, Language.KOREAN, "Asia/Seoul", confirm=True, theme=Theme.DARK)
    assert await people.find("console", "me") == met


async def test_meeting_again_is_the_same_person_with_their_own_settings(people: People) -> None:
    met = await people.meet("console", "me", Language.KOREAN, "Asia/Seoul")
    assert await people.meet("console", "me", Language.ENGLISH, "UTC") == met


async def test_the_same_name_on_another_platform_is_another_person(people: People) -> None:
    here = await people.meet("telegram", "1", Language.ENGLISH, "UTC")
    there = await people.meet("discord", "1", Language.ENGLISH, "UTC")
    assert here.person_id != there.person_id


async def test_settings_are_kept(people: People) -> None:
    met = await people.meet("console", "me", Language.ENGLISH, "UTC")
    other = await people.meet("console", "you", Language.ENGLISH, "UTC")
    changed = replace(met, language=Language.KOREAN, timezone="Asia/Seoul", confirm=False, theme=Theme.LIGHT)
    await people.update(changed)
    assert await people.find("console", "me") == changed
    assert await people.find("console", "you") == other


async def test_twenty_first_contacts_at_once_meet_one_person(people: People) -> None:
    met = await asyncio.gather(*(people.meet("console", "me", Language.ENGLISH, "UTC") for _ in range(20)))
    assert len({person.person_id for person in met}) == 1


async def test_nobody_is_left_over_after_a_race(pool: "Pool") -> None:
    people = stored(pool)
    await asyncio.gather(*(people.meet("console", "me", Language.ENGLISH, "UTC") for _ in range(20)))
    assert await pool.fetchval("SELECT count(*) FROM person") == 1


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM person",
        "DELETE FROM identity",
        "UPDATE identity SET external_id = 'else'",
        "UPDATE person SET met_at = now()",
        "TRUNCATE identity",
    ],
)
async def test_the_application_may_not_rewrite_who_was_met(pool: "Pool", sql: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(sql)


async def test_a_closed_door_is_the_ledger_being_down(pool: "Pool") -> None:
    people = stored(pool)
    await pool.close()
    with pytest.raises(DatabaseUnavailable):
        await people.find("console", "me")
