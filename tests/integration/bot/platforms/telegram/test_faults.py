"""Every method the desk calls, failing in every way; what people write and forge to break it."""

import re
from collections.abc import AsyncIterator

import pytest

from bot.arguments.usage import examples
from bot.commands import COMMANDS
from bot.platforms.telegram.outbound.render import TEXT_LIMIT
from bot.reply import Button, Buttons, Document, Picture, Reply, Text
from bot.request import Request
from core.database import Pool
from people.person import Language
from tests.fakes.bot import CATALOGS
from tests.fakes.hostile import HOSTILE, share
from tests.fakes.telegram import FakeTelegram, Member
from tests.fakes.telegram_chats import said
from tests.fakes.telegram_desk import House, PicturedRouter, running

AGAIN = Buttons(((Button("Again", "refresh"),),))


class Scripted(PicturedRouter):
    """Answers by the word: in text, a picture, an album, a file; each press gives something new."""

    def __init__(self, house: House) -> None:
        super().__init__(house.router.bot)
        self.count = 0

    async def answer(self, received: Request) -> Reply:
        inbound = received.inbound
        self.seen.append(inbound)
        self.count += 1
        words = Text(f"{inbound.text} {self.count}")
        picture = Picture(self.picture, f"picture {self.count}", "p")
        match inbound.text.split()[-1]:
            case "photo" | "edit":
                return Reply((words, picture, AGAIN))
            case "album":
                return Reply((words, picture, picture, AGAIN))
            case "file":
                return Reply((words, Document(b"x", "a file", "f.csv"), AGAIN))
            case _:
                return Reply((words, AGAIN))


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as opened:
        yield opened


@pytest.fixture
def house(pool: Pool, dsn: str, fake: FakeTelegram) -> House:
    return House(pool, dsn, fake)


SENDING = {
    "sendMessage": "/price text",
    "sendPhoto": "/price photo",
    "sendMediaGroup": "/price album",
    "sendDocument": "/price file",
}


def shown(member: Member, word: str) -> int:
    """How many messages answer the word."""
    return sum(word in said(message) for message in member.chat.sent)


@pytest.mark.parametrize("status", [429, 500])
async def test_what_is_certainly_not_there_is_sent_again_by_every_method(
    house: House, fake: FakeTelegram, status: int
) -> None:
    house.router = Scripted(house)
    people = {method: fake.person(method) for method in SENDING}
    for method, line in SENDING.items():
        fake.fail(method, status=status, retry_after=1 if status == 429 else 0)
        people[method].write(line)
    async with running(house.service()):
        assert await house.settled() == {"done": len(SENDING)}
    for method, member in people.items():
        assert shown(member, SENDING[method]) == 1, method
        assert next(call.status for call in fake.calls if call.method == method) == status


@pytest.mark.parametrize("after", [False, True])
async def test_what_may_be_there_is_sent_once_by_every_method(
    house: House,
    fake: FakeTelegram,
    after: bool,  # noqa: FBT001
) -> None:
    house.router = Scripted(house)
    people = {method: fake.person(method) for method in SENDING}
    for method, line in SENDING.items():
        fake.lose(method, after=after, hang_seconds=0.5)
        people[method].write(line)
    async with running(house.service(request_seconds=0.3)):
        states = await house.settled()
    for method, member in people.items():
        pictures = shown(member, "picture") if method == "sendMediaGroup" else 0
        there = sum(SENDING[method] in said(message) or bool(message.get("document")) for message in member.chat.sent)
        assert there + pictures // 2 in ((1, 2) if method == "sendMediaGroup" else (int(after),)), method
    assert states["uncertain"] >= 3


@pytest.mark.parametrize("how", ["429", "502", "lost before", "lost after"])
@pytest.mark.parametrize("method", ["editMessageText", "editMessageMedia"])
async def test_an_edit_is_repeated_until_it_is_there(house: House, fake: FakeTelegram, method: str, how: str) -> None:
    house.router = Scripted(house)
    ann = fake.person("Ann")
    async with running(house.service()):
        ann.write("/price text" if method == "editMessageText" else "/price photo")
        first = await fake.message()
        if how in ("429", "502"):
            fake.fail(method, status=int(how), retry_after=1 if how == "429" else 0)
        else:
            fake.lose(method, after=how == "lost after")
        data = "price edit\x1f!" if method == "editMessageMedia" else "price text\x1f!"
        ann.press(first, data=data)
        assert (await house.settled())["done"] == 2
    assert len(ann.chat.sent) == 1
    assert said(ann.chat.sent[0]).startswith(data.partition("\x1f")[0])


@pytest.mark.parametrize("how", [429, 500, 0])
async def test_what_only_ends_a_wait_may_fail(house: House, fake: FakeTelegram, how: int) -> None:
    ann, group = fake.person("Ann"), fake.group()
    methods = ("answerCallbackQuery", "answerInlineQuery", "sendChatAction", "getChatMember")
    async with running(house.service()):
        ann.write("/market")
        card = await fake.message()
        for method in methods:
            if how:
                fake.fail(method, status=how, retry_after=1 if how == 429 else 0)
            else:
                fake.lose(method, after=False)
        ann.press(card)
        ann.inline("btc")
        ann.write("/balance", chat=group)
        ann.write("/group", chat=group)
        assert set(await house.settled()) == {"done"}
    assert any("1,000,000" in said(message) for message in ann.chat.sent)


async def test_updates_in_any_order_and_number_have_one_effect_each(house: House, fake: FakeTelegram) -> None:
    ann, bob = fake.person("Ann"), fake.person("Bob")
    for number in range(6):
        (ann, bob)[number % 2].write(f"/buy BTC {100 + number}usdc")
    updates = [dict(update) for update in fake._updates]
    fake._updates.reverse()
    async with running(house.service()):
        await house.settled()
        for update in updates:
            fake.again(update)
        fake._updates.extend(updates)
        await house.settled()
    lines = sorted(inbound.text for inbound in house.router.seen)
    assert lines == sorted(f"/buy BTC {100 + number}usdc" for number in range(6))


async def test_an_edited_message_is_no_second_command(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    async with running(house.service()):
        mine = ann.write("/market")
        await fake.message()
        ann.edit(mine, "/buy BTC 100usdc")
        fake.push_update({"channel_post": {**mine, "chat": {"id": -5, "type": "channel", "title": "News"}}})
        ann.write("/help")
        await fake.message()
        assert await house.settled() == {"done": 2}
    assert [inbound.text for inbound in house.router.seen] == ["/market", "/help"]


def openings() -> list[str]:
    """Up to each place in which a word of the person's own may stand, with words that are right before it."""
    found = []
    for command in COMMANDS:
        words = examples(command, CATALOGS[Language.ENGLISH], "usdc")[0].split()[1:] if not command.hidden else []
        places = () if command.hidden else range(len(command.parameters))
        found += [" ".join([f"/{command.name}", *words[:place]]) for place in places if place <= len(words)]
    return found


@pytest.mark.long
async def test_nothing_hostile_in_any_argument_escapes(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group(privacy=False)
    tried: set[str] = set()
    sent = 0
    async with running(house.service()):
        for number, opening in enumerate(openings()):
            for text in share(number):
                tried.add(text)
                line = f"{opening} {text}"[:TEXT_LIMIT]
                ann.write(line)
                ann.write(line, chat=group)
                sent += 2
        states = await house.settled()
    assert states == {"done": sent}
    assert tried == set(HOSTILE)


async def test_forged_presses_of_every_hidden_command_harm_nobody(house: House, fake: FakeTelegram) -> None:
    ann, eve, group = fake.person("Ann"), fake.person("Eve"), fake.group()
    hidden = [command.name for command in COMMANDS if command.hidden]
    async with running(house.service()):
        ann.write("/buy BTC 1000usdc")
        ann.write("/alert BTC > 70000")
        await house.settled()
        tokens = [key for message in ann.chat.sent for key in re.findall(r"confirm \S+", str(message))]
        eve.write("/market", chat=group)
        board = await _last(fake, group.chat_id)
        for name in [*hidden, *[line.strip("',\"}]") for line in tokens]]:
            for words in ("", " 1", " x", " 1 1", " -1", " ' OR 1=1", " \x00"):
                data = f"{name}{words}"
                if len(data.encode()) <= 64:
                    eve.press(board, data=data)
        eve.press(board, data="\x1f!zzzzzzzzzzzzz")
        eve.press(board, data="confirm x\x1f" + "z" * 40)
        assert set(await house.settled()) == {"done"}
        bot = house.router.bot
        assert bot.desk.receipts == {}
        assert [alert.state.value for alert in bot.alerts.alerts.values()] == ["armed"]


async def _last(fake: FakeTelegram, chat_id: int) -> dict[str, object]:
    while True:
        message = await fake.message()
        if message["chat"]["id"] == chat_id:
            return message
