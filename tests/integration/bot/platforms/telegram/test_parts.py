"""Answers of several messages of which one fails, and answers to groups that were upgraded meanwhile."""

import pytest

from bot.inbound import Inbound
from bot.reply import Button, Buttons, Picture, Reply, Text
from bot.request import Request
from tests.fakes.telegram import FakeTelegram, Member
from tests.fakes.telegram_chats import said
from tests.fakes.telegram_desk import House, PicturedRouter, png, running

DOUBT = "Sending this answer was interrupted"
THREE = Reply(tuple(Text(letter * 3000) for letter in "abc"))


class Answering(PicturedRouter):
    """Answers every line alike."""

    def __init__(self, house: House, reply: Reply) -> None:
        super().__init__(house.router.bot)
        self.reply = reply

    async def answer(self, received: Request) -> Reply:
        inbound: Inbound = received.inbound
        self.seen.append(inbound)
        return self.reply


def parts(member: Member) -> str:
    """The first letter of every message, `?` for the sentence that one may be missing."""
    return "".join("?" if DOUBT in said(message) else said(message)[0] for message in member.chat.sent)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_part_that_may_be_missing_is_said_so(
    house: House,
    fake: FakeTelegram,
    after: bool,  # noqa: FBT001
) -> None:
    house.router = Answering(house, THREE)
    ann = fake.person("Ann")
    fake.lose("sendMessage", after=after, hang_seconds=0.5, skip=1)
    ann.write("/portfolio")
    async with running(house.service(request_seconds=0.3)):
        assert await house.settled() == {"uncertain": 1}
    assert parts(ann) == ("abc?" if after else "ac?")


async def test_a_part_that_is_refused_is_said_so(house: House, fake: FakeTelegram) -> None:
    house.router = Answering(house, THREE)
    ann = fake.person("Ann")
    fake.fail("sendMessage", status=400, skip=1, times=2)
    ann.write("/portfolio")
    async with running(house.service()):
        assert await house.settled() == {"uncertain": 1}
    assert parts(ann) == "a?"


async def test_a_part_that_telegram_failed_to_send_is_sent_once(house: House, fake: FakeTelegram) -> None:
    house.router = Answering(house, THREE)
    ann = fake.person("Ann")
    fake.fail("sendMessage", status=502, skip=1)
    ann.write("/portfolio")
    async with running(house.service()):
        assert await house.settled() == {"done": 1}
    assert parts(ann) == "abc"


async def test_an_upgraded_group_without_the_right_to_pictures_gets_the_words(house: House, fake: FakeTelegram) -> None:
    house.router = Answering(house, Reply((Text("BTC"), Picture(png(), "a chart", "btc"))))
    ann, old, new = fake.person("Ann"), fake.group(), fake.group()
    old.moved_to, new.textual = new.chat_id, True
    async with running(house.service()):
        ann.write("/chart BTC", chat=old)
        answer = await fake.message()
        assert answer["chat"]["id"] == new.chat_id
        assert "a chart" in said(answer)


async def test_every_part_follows_an_upgraded_group_once(house: House, fake: FakeTelegram) -> None:
    house.router = Answering(house, THREE)
    ann, old, new = fake.person("Ann"), fake.group(), fake.group()
    old.moved_to = new.chat_id
    ann.write("/price BTC", chat=old)
    async with running(house.service()):
        assert await house.settled() == {"done": 1}
    assert [said(message)[0] for message in new.sent] == ["a", "b", "c"]


async def test_a_question_in_an_upgraded_group_is_answered_there(house: House, fake: FakeTelegram) -> None:
    ann, old, new = fake.person("Ann"), fake.group(), fake.group()
    old.moved_to = new.chat_id
    async with running(house.service()):
        ann.write("/price", chat=old)
        question = await fake.message()
        assert question["chat"]["id"] == new.chat_id
        ann.write("BTC", chat=new, reply_to=question)
        assert "58,000" in said(await fake.message())


async def test_an_edit_that_finds_the_group_upgraded_takes_everything_along(house: House, fake: FakeTelegram) -> None:
    old, new = fake.group(), fake.group()
    old.moved_to = new.chat_id
    insert = "INSERT INTO price_feed (platform, chat_id, group_id, symbols, message_id) VALUES ($1, $2, $2, $3, '7')"
    await house.pool.execute(insert, "telegram", str(old.chat_id), ["BTCUSDC"])
    service = house.service()
    async with running(service):
        await fake.called("getUpdates")
        await service.courier.edit(
            str(old.chat_id), "7", Reply((Text("BTC"), Buttons(((Button("Chart", "chart BTC"),),))))
        )
    assert await house.pool.fetchval("SELECT chat_id FROM price_feed") == str(new.chat_id)
