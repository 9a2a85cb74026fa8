"""The watchlist in PostgreSQL."""

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from people.identity.errors import WatchlistFull
from people.identity.postgres import PostgresWatchlists
from pipeline.market import Symbol
from tests.support.people_house import ALICE, BOB, house_of

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

NAMES = [Symbol(f"S{number}USDC") for number in range(60)]


async def test_the_order_is_kept_over_additions_and_removals(pool: "Pool", dsn: str) -> None:
    async with house_of(pool, dsn) as house:
        lists, person, other = PostgresWatchlists(house.database), await house.person(ALICE), await house.person(BOB)
        assert await lists.watch(person, [NAMES[2], NAMES[0], NAMES[2]]) == [NAMES[2], NAMES[0]]
        assert await lists.watch(person, [NAMES[0], NAMES[1]]) == [NAMES[1]]
        assert await lists.unwatch(person, [NAMES[0], NAMES[9]]) == [NAMES[0]]
        assert await lists.watch(person, [NAMES[0]]) == [NAMES[0]]
        assert await lists.watched(person) == [NAMES[2], NAMES[1], NAMES[0]]
        assert await lists.watched(other) == []


async def test_additions_at_once_never_pass_fifty(pool: "Pool", dsn: str) -> None:
    async with house_of(pool, dsn) as house:
        lists, person = PostgresWatchlists(house.database), await house.person(ALICE)
        await lists.watch(person, NAMES[:48])
        added = await asyncio.gather(*(lists.watch(person, [name]) for name in NAMES[48:56]), return_exceptions=True)
        assert sum(isinstance(each, WatchlistFull) for each in added) == 6
        assert len(await lists.watched(person)) == 50
        with pytest.raises(WatchlistFull):
            await lists.watch(person, NAMES[56:58])


async def test_two_lists_become_one_of_at_most_fifty(pool: "Pool", dsn: str) -> None:
    async with house_of(pool, dsn) as house:
        lists = PostgresWatchlists(house.database)
        alice, bob = await house.person(ALICE), await house.person(BOB)
        await lists.watch(alice, NAMES[:45])
        await lists.watch(bob, NAMES[40:60])
        await house.linked(ALICE, BOB, "merge")
        assert await lists.watched(alice) == NAMES[:50]
