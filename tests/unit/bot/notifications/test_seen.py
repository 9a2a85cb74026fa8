"""Chats in which people write are noted once an hour, beside the answer."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import pytest

from bot.inbound import Inbound
from bot.reachable_chats import EVERY_MS, ReachableChats, chat_of
from core.errors import DatabaseUnavailable
from core.outbox import Chat
from people.notifications.preferences import Seen
from tests.fakes.bot import NOW, FakeDeskBot


def said(chat: str = "c1", *, public: bool = False, elsewhere: str = "") -> Inbound:
    return Inbound("fake", "7", "u", "/help", chat_id=chat, public=public, elsewhere=elsewhere)


class Store:
    def __init__(self) -> None:
        self.notes: list[Seen] = []
        self.calls = 0
        self.down = False

    async def __call__(self, seen: Sequence[Seen]) -> None:
        self.calls += 1
        if self.down:
            raise DatabaseUnavailable
        self.notes += seen


async def drained(chats: ReachableChats, store: Store) -> None:
    task = asyncio.create_task(chats.run(store))
    for _ in range(5):
        await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_chat_is_noted_once_an_hour_however_much_is_written() -> None:
    chats, store = ReachableChats(), Store()
    for _ in range(1000):
        chats.saw(1, said(), NOW)
    await drained(chats, store)
    chats.saw(1, said(), NOW + EVERY_MS - 1)
    await drained(chats, store)
    assert store.notes == [(1, Chat("fake", "c1"))]
    chats.saw(1, said(), NOW + EVERY_MS)
    await drained(chats, store)
    assert len(store.notes) == 2


async def test_many_chats_go_in_few_calls_and_what_is_remembered_is_bounded() -> None:
    chats, store = ReachableChats(max_size=100, waiting=300), Store()
    for number in range(1000):
        chats.saw(number, said(f"c{number}"), NOW)
    await drained(chats, store)
    assert len(store.notes) == 300
    assert store.calls == 1
    chats.saw(999, said("c999"), NOW)
    await drained(chats, store)
    assert len(store.notes) == 301, "what found no room is noted with the next message"


async def test_while_the_ledger_is_down_nothing_is_remembered_as_noted() -> None:
    chats, store = ReachableChats(), Store()
    store.down = True
    chats.saw(1, said(), NOW)
    await drained(chats, store)
    store.down = False
    chats.saw(1, said(), NOW + 1)
    await drained(chats, store)
    assert len(store.notes) == 1


async def test_a_chat_that_was_given_up_is_noted_with_the_next_message() -> None:
    chats, store = ReachableChats(), Store()
    chats.saw(1, said(), NOW)
    await drained(chats, store)
    chats.forget("fake", "c1")
    chats.saw(1, said(), NOW + 1)
    await drained(chats, store)
    assert len(store.notes) == 2


@pytest.mark.parametrize(
    ("inbound", "chat"),
    [
        (said(), Chat("fake", "c1")),
        (said(public=True), Chat("fake", "c1", public=True)),
        (said(""), Chat("fake", "7")),
        (said(public=True, elsewhere="dm"), Chat("fake", "dm")),
    ],
)
def test_a_person_is_reached_where_the_desk_may_write(inbound: Inbound, chat: Chat) -> None:
    assert chat_of(inbound) == chat


async def test_whatever_is_said_to_the_desk_marks_its_chat() -> None:
    bot, store = FakeDeskBot(), Store()
    for line in ("/help", "/nonsense", ""):
        await bot.router.answer(Inbound("fake", "7", "u", line, chat_id=f"chat {line}"))
    await drained(bot.services.chats, store)
    assert [chat.chat_id for _, chat in store.notes] == ["chat /help", "chat /nonsense", "chat "]
