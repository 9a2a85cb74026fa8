"""The desk ends in the middle of an answer on Discord, and goes on after the next start."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection

import pytest

from bot.inbound import Inbound, Suggestion
from bot.reply import Reply, Text
from people.identity.codes import LinkCode
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_desk import DictMemory, serving
from tests.fakes.discord_people import Exchange
from tests.patience import PATIENCE_SECONDS

INTERRUPTED = "one of its messages may be missing"


class Talkative:
    """Answers every line with four messages, or with a private sentence."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply

    async def answer(self, inbound: Inbound) -> Reply:
        del inbound
        return self.reply

    async def revoke(self, codes: Collection[LinkCode]) -> None:
        del codes

    async def suggest(self, inbound: Inbound, limit: int = 25) -> list[Suggestion]:
        del inbound, limit
        return []


LONG = Talkative(Reply(tuple(Text(letter * 1400) for letter in "abcdefghijkl")))
SECRET = Talkative(Reply((Text("for your eyes"),), private=True))


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    async def at_once(*_: object, **__: object) -> None:
        """The library waits five seconds before it greets again."""

    monkeypatch.setattr("discord.Client.before_identify_hook", at_once)
    async with FakeDiscord.open() as fake:
        yield fake
        assert fake.violations == []


async def interrupted(fake: FakeDiscord, talkative: Talkative, method: str, path: str, calls: int) -> Exchange:
    """An exchange whose answer was cut off during the `calls`th call that matches, which had its effect."""
    memory = DictMemory()
    fake.trouble(method, path, 500, after=True, hang=60, skip=calls - 1)
    async with serving(fake, talkative, memory):
        exchange = await fake.person().slash("price", symbols="BTC")
        while len(matching(fake, method, path)) < calls:  # noqa: ASYNC110 - the fake has no event
            await asyncio.sleep(0.001)
    async with serving(fake, talkative, memory), asyncio.timeout(PATIENCE_SECONDS):
        while memory.pending:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return exchange


def matching(fake: FakeDiscord, method: str, path: str) -> list[str]:
    return [call[1] for call in fake.calls if call[0] == method and path in call[1] and "interaction-token" in call[1]]


def letters(exchange: Exchange) -> Counter[str]:
    return Counter(shown.text[0] for shown in exchange.messages if INTERRUPTED not in shown.text)


async def test_no_part_of_a_long_answer_comes_twice(fake: FakeDiscord) -> None:
    exchange = await interrupted(fake, LONG, "POST", "webhooks", 2)
    assert set(letters(exchange).values()) == {1}
    assert "".join(shown.text for shown in exchange.messages).count("l") >= 1400
    assert sum(INTERRUPTED in shown.text for shown in exchange.messages) == 1


async def test_an_answer_that_was_edited_in_is_written_once(fake: FakeDiscord) -> None:
    exchange = await interrupted(fake, Talkative(Reply((Text("done"),))), "PATCH", "@original", 1)
    assert [shown.text for shown in exchange.messages] == ["done"]


@pytest.mark.parametrize(("method", "path", "notes"), [("DELETE", "@original", 0), ("POST", "webhooks", 1)])
async def test_a_private_answer_survives_its_placeholder(fake: FakeDiscord, method: str, path: str, notes: int) -> None:
    exchange = await interrupted(fake, SECRET, method, path, 1)
    shown = [message for message in exchange.messages if not message.deleted]
    assert sum("for your eyes" in message.text for message in shown) == 1
    assert sum(INTERRUPTED in message.text for message in shown) == notes
