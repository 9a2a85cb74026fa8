"""Answers on Discord of several messages of which one fails, or whose first message was deleted."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.reply import Button, Buttons, Text
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_desk import DictMemory, serving
from tests.fakes.discord_people import Exchange
from tests.integration.bot.platforms.discord.scripted_desk import Scripted, settle

MISSING = "one of its messages may be missing"
LONG = [Text(letter * 1400) for letter in "abcdefghijkl"]


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord.open() as fake:
        yield fake
        assert fake.violations == []


def shown(exchange: Exchange) -> str:
    """The first letters of what can be read, `?` for the sentence that a message may be missing."""
    return "".join(
        "?" if MISSING in message.text else message.text[0] for message in exchange.messages if not message.deleted
    )


@pytest.mark.parametrize(
    ("trouble", "lost"),
    [
        ({"status": 200, "cut": True}, True),
        ({"status": 200, "cut": True, "after": True}, False),
        ({"status": 400, "code": 50035}, True),
        ({"status": 403, "code": 50013}, True),
    ],
    ids=["cut before", "cut after", "refused", "forbidden"],
)
async def test_a_part_that_fails_leaves_the_others(
    fake: FakeDiscord,
    trouble: dict[str, object],
    lost: bool,  # noqa: FBT001
) -> None:
    memory = DictMemory()
    async with serving(fake, Scripted(*LONG), memory):
        whole = await fake.person().slash("portfolio")
        await settle(memory)
        fake.trouble("POST", "webhooks", **trouble)  # type: ignore[arg-type]
        exchange = await fake.person().slash("portfolio")
        await settle(memory)
    letters = shown(whole)
    assert len(letters) > 2
    assert shown(exchange) == (letters[0] + letters[2:] if lost else letters) + "?"


async def test_a_follow_up_that_may_have_arrived_is_not_called_our_mistake(fake: FakeDiscord) -> None:
    memory = DictMemory()
    async with serving(fake, Scripted(Text("for your eyes"), private=True), memory):
        fake.trouble("POST", "webhooks", 200, cut=True, after=True)
        exchange = await fake.person().slash("price", symbols="BTC")
        await settle(memory)
    assert shown(exchange) == "f?"
    assert all(message.ephemeral for message in exchange.messages if not message.deleted)


async def test_an_answer_whose_placeholder_was_deleted_is_shown(fake: FakeDiscord) -> None:
    memory = DictMemory()
    go = Buttons(((Button("Go", "price BTC"),),))
    async with serving(fake, Scripted(Text("done"), go, seconds=0.3), memory):
        fake.trouble("PATCH", "@original", 404, 10008)
        exchange = await fake.person().slash("portfolio")
        while not exchange.messages:  # noqa: ASYNC110 - the fake has no event
            await asyncio.sleep(0.005)
        exchange.messages[0].deleted, exchange.messages[0].loading = True, False
        await settle(memory)
    assert exchange.messages[-1].text == "done"
    assert exchange.messages[-1].ephemeral
