"""The desk is killed while an answer is on its way to Telegram: nothing comes twice or is missing in silence."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from bot.platforms.telegram.inbound.inbox import Inbox
from bot.reply import Button, Buttons, Picture, Reply, Text
from bot.request import Request
from core.database import Pool
from core.errors import DatabaseUnavailable
from tests.fakes.telegram import FakeTelegram, Json
from tests.fakes.telegram_desk import House, PicturedRouter, running
from tests.patience import PATIENCE_SECONDS

NOTE = "Sending this answer was interrupted"
RECEIPT = Reply((Text("Bought"), Buttons(((Button("Portfolio", "portfolio"),),))))
PART = 3000


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as opened:
        yield opened


@pytest.fixture
def house(pool: Pool, dsn: str, fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr("bot.platforms.telegram.inbound.workers._LINGER_SECONDS", 0.0)  # a kill lets nothing end
    return House(pool, dsn, fake)


class Scripted(PicturedRouter):
    """Answers every line with one reply."""

    def __init__(self, house: House, reply: Reply) -> None:
        super().__init__(house.router.bot)
        self.reply = reply

    async def answer(self, received: Request) -> Reply:
        self.seen.append(received.inbound)
        if self.gate is not None:
            await self.gate.wait()
        return self.drawn(self.reply)


def words(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


async def until(condition: Callable[[], Awaitable[Any]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def killed_during(house: House, method: str, calls: int = 1) -> None:
    """The desk runs until the `calls`th call of `method` had its effect, and is killed before the answer to it."""
    before = sum(call.method == method for call in house.fake.calls)
    house.fake.latency = 60.0
    async with running(house.service(request_seconds=30.0)):
        await house.fake.called(method, before + calls)
    house.fake.latency = 0.0


async def started_again(house: House) -> dict[str, int]:
    async with running(house.service()):
        return await house.settled()


REPLIES = {
    "a receipt": (RECEIPT, "sendMessage"),
    "a picture": (Reply((Picture(b"", "a chart", "btc"), Text("BTC"))), "sendPhoto"),
    "several": (Reply(tuple(Text(letter * PART) for letter in "abcd")), "sendMessage"),
}


@pytest.mark.parametrize("kind", REPLIES)
async def test_an_answer_on_its_way_is_not_sent_again(house: House, fake: FakeTelegram, kind: str) -> None:
    reply, method = REPLIES[kind]
    house.router, ann = Scripted(house, reply), fake.person("Ann")
    asked = ann.write("/buy BTC 20usdc")
    await killed_during(house, method)
    sent = len(ann.chat.sent)
    assert await started_again(house) == {"uncertain": 1}
    assert len(ann.chat.sent) == sent + 1
    note = ann.chat.sent[-1]
    assert words(note).startswith(NOTE)
    assert note["reply_to_message"]["message_id"] == asked["message_id"]
    assert await started_again(house) == {"uncertain": 1}
    assert len(ann.chat.sent) == sent + 1, "it is told once"


async def test_a_press_is_answered_once_where_it_makes_a_message(house: House, fake: FakeTelegram) -> None:
    house.router, ann = Scripted(house, RECEIPT), fake.person("Ann")
    async with running(house.service()):
        ann.write("/buy BTC 20usdc")
        first = await fake.message()
        await house.settled()
    ann.press(first, "Portfolio")
    await killed_during(house, "sendMessage")
    assert await started_again(house) == {"done": 1, "uncertain": 1}
    assert [words(message)[:6] for message in ann.chat.sent] == ["Bought", "Bought", NOTE[:6]]


async def test_an_answer_in_place_is_written_again_without_a_word(house: House, fake: FakeTelegram) -> None:
    button = Buttons(((Button("Refresh", "price BTC"),),))
    house.router, ann = Scripted(house, Reply((Text("BTC"), button))), fake.person("Ann")
    async with running(house.service()):
        ann.write("/price BTC")
        first = await fake.message()
        await house.settled()
    ann.press(first, "Refresh")
    await killed_during(house, "editMessageText")
    assert await started_again(house) == {"done": 2}
    assert len(ann.chat.sent) == 1


async def test_an_update_that_was_not_answered_yet_is_answered(house: House, fake: FakeTelegram) -> None:
    house.router, ann = Scripted(house, RECEIPT), fake.person("Ann")
    house.router.gate = asyncio.Event()
    ann.write("/buy BTC 20usdc")
    async with running(house.service()):
        await until(lambda: asyncio.sleep(0, bool(house.router.seen)))
    house.router.gate.set()
    assert await started_again(house) == {"done": 1}
    assert [words(message) for message in ann.chat.sent] == ["Bought"]


async def test_in_a_group_the_word_stands_beside_the_question(house: House, fake: FakeTelegram) -> None:
    house.router, ann, group = Scripted(house, RECEIPT), fake.person("Ann"), fake.group()
    asked = ann.write("/price BTC", chat=group)
    await killed_during(house, "sendMessage")
    assert await started_again(house) == {"uncertain": 1}
    assert [words(message)[:6] for message in group.sent] == ["Bought", NOTE[:6]]
    assert group.sent[-1]["reply_to_message"]["message_id"] == asked["message_id"]


async def test_several_kills_send_no_answer_twice(house: House, fake: FakeTelegram) -> None:
    house.router = Scripted(house, RECEIPT)
    people = [fake.person(f"P{number}") for number in range(16)]
    for round_ in range(1, 4):
        for person in people:
            person.write(f"/buy BTC {round_}usdc")
        await killed_during(house, "sendMessage", 5)
    await started_again(house)
    for person in people:
        texts = [words(message) for message in person.chat.sent]
        assert texts.count("Bought") <= 3
        notes = sum(text.startswith(NOTE) for text in texts)
        assert texts.count("Bought") + notes >= 3, texts


async def test_an_end_that_is_asked_for_lets_answers_arrive(
    pool: Pool, dsn: str, fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.telegram.inbound.workers._LINGER_SECONDS", 30.0)
    house, ann = House(pool, dsn, fake), fake.person("Ann")
    house.router, fake.latency = Scripted(house, RECEIPT), 0.3
    async with running(house.service()):
        ann.write("/buy BTC 20usdc")
        await fake.called("sendMessage")
    assert await house.states() == {"done": 1}


async def test_without_postgres_the_answer_goes_out(
    house: House, fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_inbox: Inbox, _update_id: int) -> None:
        raise DatabaseUnavailable

    monkeypatch.setattr(Inbox, "mark_sending", away)
    house.router, ann = Scripted(house, RECEIPT), fake.person("Ann")
    async with running(house.service()):
        ann.write("/buy BTC 20usdc")
        assert words(await fake.message()) == "Bought"
        assert await house.settled() == {"done": 1}


async def test_many_answers_at_once_are_marked_in_few_statements(
    house: House, fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements: list[int] = []
    written = Inbox._write_sending

    async def counted(inbox: Inbox, updates: list[int]) -> None:
        statements.append(len(updates))
        await written(inbox, updates)

    monkeypatch.setattr(Inbox, "_write_sending", counted)
    house.router = Scripted(house, RECEIPT)
    house.router.gate = asyncio.Event()
    for number in range(32):
        fake.person(f"P{number}").write("/price BTC")
    async with running(house.service()):
        await until(lambda: asyncio.sleep(0, len(house.router.seen) == 32))
        house.router.gate.set()
        assert await house.settled() == {"done": 32}
    assert sum(statements) == 32
    assert len(statements) <= 16


async def test_a_page_that_a_press_made_stays_its_owners(house: House, fake: FakeTelegram) -> None:
    house.router, ann, bob, group = Scripted(house, RECEIPT), fake.person("Ann"), fake.person("Bob"), fake.group()
    async with running(house.service()):
        ann.write("/price BTC", chat=group)
        ann.press(await fake.message(), "Portfolio")
        page = await fake.message()
        await house.settled()
        seen = len(house.router.seen)
        bob.press(page, "Portfolio")
        await house.settled()
    assert len(house.router.seen) == seen
    assert len(group.sent) == 2
    told = [call.values.get("text", "") for call in fake.calls if call.method == "answerCallbackQuery"]
    assert told[-1]
