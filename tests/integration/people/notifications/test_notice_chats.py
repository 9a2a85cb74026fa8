"""The chat that the database chooses for a notification about an account. Real PostgreSQL."""

from typing import TYPE_CHECKING

import pytest

from core.outbox import Chat
from people.notifications.preferences_postgres import PostgresPreferences
from tests.fakes.bot import NOW
from tests.support.people_house import CALM
from tests.support.push_house import somebody
from trading.ledger.corporate_actions import SQL as ACTIONS

if TYPE_CHECKING:
    import asyncpg

    Pool = asyncpg.Pool[asyncpg.Record]

GROUP, OLD, OWN = Chat("telegram", "-100777", public=True), Chat("discord", "5"), Chat("telegram", "7")


async def met(pool: "Pool", *chats: Chat, home: Chat | None) -> int:
    """A user who was seen in the chats, in this order."""
    person = await somebody(pool)
    await pool.execute("DELETE FROM notification_chat")
    notices = PostgresPreferences(pool, lambda: NOW, jitter=CALM)
    for chat in chats:
        await notices.reach(person, chat)
    await notices.set_home(person, home)
    return person


async def chosen(pool: "Pool", person: int, kind: str) -> str | None:
    found: str | None = await pool.fetchval("SELECT chat_id FROM notice_chat($1, $2)", person, kind)
    return found


async def test_a_public_chat_gets_what_the_question_names_and_the_rest_is_private(pool: "Pool") -> None:
    person = await met(pool, OLD, OWN, GROUP, home=GROUP)
    assert {kind: await chosen(pool, person, kind) for kind in ("fill", "digest", "symbol-held", "new-kind")} == {
        "fill": GROUP.chat_id,
        "digest": GROUP.chat_id,
        "symbol-held": OWN.chat_id,
        "new-kind": OWN.chat_id,
    }
    await pool.execute(ACTIONS["tell"], ["one"], [person], "symbol-held", ["{}"])
    await pool.execute(ACTIONS["tell"], ["two"], [person], "corporate-action", ["{}"])
    assert [row["chat_id"] for row in await pool.fetch("SELECT chat_id FROM outbox ORDER BY key")] == [
        OWN.chat_id,
        GROUP.chat_id,
    ]


@pytest.mark.parametrize(
    ("seen", "home", "expected"),
    [
        ((OLD, OWN), OLD, OLD),  # a private chat that was chosen
        ((OLD, OWN, GROUP), None, OWN),
        ((GROUP,), None, None),
        ((GROUP,), GROUP, GROUP),  # nothing is lost where no private chat is known
    ],
)
async def test_a_kind_that_the_question_does_not_name(
    pool: "Pool", seen: tuple[Chat, ...], home: Chat | None, expected: Chat | None
) -> None:
    person = await met(pool, *seen, home=home)
    assert await chosen(pool, person, "symbol-held") == (expected and expected.chat_id)
    if home is not GROUP:
        assert await chosen(pool, person, "fill") == (expected and expected.chat_id)


async def test_a_chat_that_was_lost_is_chosen_no_longer(pool: "Pool") -> None:
    person = await met(pool, OLD, OWN, home=OWN)
    await pool.execute("UPDATE notification_chat SET retired_at = now() WHERE chat_id = $1", OWN.chat_id)
    assert await chosen(pool, person, "fill") == OLD.chat_id
