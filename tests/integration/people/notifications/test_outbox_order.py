"""In which order a chat's messages leave, where some of them can wait."""

from typing import TYPE_CHECKING

import asyncpg
import pytest

from tests.support.push_house import outbox_of, somebody, told

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]


@pytest.mark.parametrize("first_waits", [False, True])
async def test_nothing_overtakes_what_is_being_sent(pool: "Pool", *, first_waits: bool) -> None:
    outbox = outbox_of(pool, together=1)
    first, second = await told(pool, await somebody(pool), 2)
    waiting = [first, second] if first_waits else [second]
    await pool.execute("UPDATE outbox SET kind = 'digest' WHERE id = ANY($1)", waiting)
    (parcel,) = await outbox.claim("fake", 5)
    assert [letter.outbox_id for letter in parcel.letters] == [first]
    assert await outbox.mark_sending(parcel)
    assert await outbox.claim("fake", 5) == []
    await outbox.sent(parcel, "m1")
    (after,) = await outbox.claim("fake", 5)
    assert [letter.outbox_id for letter in after.letters] == [second]
