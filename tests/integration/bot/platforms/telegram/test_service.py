import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from bot.ui.texts import load_catalogs
from core.database import Pool
from people.person import Language
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import keys_of as keys
from tests.fakes.telegram_chats import said
from tests.fakes.telegram_desk import House, keep_words, running
from tests.patience import PATIENCE_SECONDS

CATALOGS = load_catalogs()


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as opened:
        yield opened


@pytest.fixture
def house(pool: Pool, dsn: str, fake: FakeTelegram) -> House:
    return House(pool, dsn, fake)


async def test_a_price_is_answered_and_the_update_is_finished(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    async with running(house.service()):
        ann.write("/price BTC")
        message = await fake.message()
        assert "58,000.00 USDC" in said(message)
        assert message["caption_entities"][0] == {"type": "bold", "offset": 0, "length": 8}
        assert await house.settled() == {"done": 1}
    assert house.router.seen[0].command_id == f"update:{fake.calls and house.router.seen[0].command_id[7:]}"


async def test_three_taps_make_one_order_in_one_message(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    async with running(house.service()):
        ann.write("/buy")
        asked = await fake.message()
        ann.press(asked, "BTC")
        sized = await fake.message()
        ann.press(sized, "100 ")
        preview = await fake.message()
        assert "Nothing has been ordered yet" in said(preview)
        ann.press(preview, "Confirm")
        ann.press(preview, "Confirm")
        receipt = await fake.message()
        await house.settled()
    assert said(receipt).startswith("Bought")
    assert asked["message_id"] == sized["message_id"] == preview["message_id"] == receipt["message_id"]
    assert len(house.router.bot.desk.receipts) == 1


async def test_a_missing_word_may_simply_be_written(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    async with running(house.service()):
        ann.write("/price")
        await fake.message()
        ann.write("eth")
        assert said(await fake.message()).startswith("ETH/USDC")
        ann.write("/price")
        await fake.message()
        ann.write("market")
        assert "Most traded" in said(await fake.message())


async def test_a_question_stays_open_until_it_is_answered_well(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group()
    async with running(house.service()):
        ann.write("/price")
        await fake.message()
        ann.write("notacoin")
        assert "Unknown symbol" in said(await fake.message())
        ann.write("sol")
        assert said(await fake.message()).startswith("SOL/USDC")
        ann.write("/market search", chat=group)
        asked = await fake.message()
        ann.write("zzzz", chat=group, reply_to=asked)
        refused = await fake.message()
        ann.write("eth", chat=group, reply_to=refused)
        assert "ETH/USDC" in said(await fake.message())


async def test_in_a_group_only_commands_and_answers_to_questions_are_answered(house: House, fake: FakeTelegram) -> None:
    ann, bob, group = fake.person("Ann"), fake.person("Bob"), fake.group(privacy=False)
    async with running(house.service()):
        ann.write("hello all", chat=group)
        ann.write("/unknown", chat=group)
        ann.write("/price@other_bot BTC", chat=group)
        question = ann.write("/price@paperdesk_bot", chat=group)
        asked = await fake.message()
        assert asked["reply_to_message"]["message_id"] == question["message_id"]
        bob.write("BTC", chat=group, reply_to=asked)
        ann.write("BTC", chat=group)
        ann.write("sol", chat=group, reply_to=asked)
        assert said(await fake.message()).startswith("SOL/USDC")
        assert await fake.quiet(0.1) == []


async def test_where_there_is_nothing_to_suggest_the_client_opens_an_answer(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group()
    async with running(house.service()):
        question = ann.write("/market search", chat=group)
        asked = await fake.message()
        call = (await fake.called("sendMessage"))[-1].values
        assert call["reply_markup"] == {"force_reply": True, "selective": True}
        assert call["reply_parameters"]["message_id"] == question["message_id"]
        ann.write("eth", chat=group, reply_to=asked)
        assert "ETH/USDC" in said(await fake.message())


async def test_other_peoples_buttons_are_refused_politely(house: House, fake: FakeTelegram) -> None:
    ann, bob, group = fake.person("Ann"), fake.person("Bob"), fake.group()
    async with running(house.service()):
        ann.write("/price BTC", chat=group)
        card = await fake.message()
        bob.press(card, "Refresh")
        call = (await fake.called("answerCallbackQuery"))[0]
        assert "can use these buttons" in call.values["text"]
        ann.press(card, "Chart")
        assert "photo" in await fake.message()
        await house.settled()
    assert [inbound.external_id for inbound in house.router.seen] == [str(ann.user_id)] * 2


async def test_money_matters_of_a_group_go_to_the_private_chat(house: House, fake: FakeTelegram) -> None:
    ann, eve, group = fake.person("Ann"), fake.person("Eve", opened=False), fake.group()
    async with running(house.service()):
        ann.write("/balance", chat=group)
        private, note = await fake.message(), await fake.message()
        assert private["chat"]["id"] == ann.user_id
        assert "1,000,000" in said(private)
        assert note["chat"]["id"] == group.chat_id
        assert "1,000,000" not in said(note)
        eve.write("/buy BTC 100usdc", chat=group)
        invited = await fake.message()
        assert invited["chat"]["id"] == group.chat_id
        assert keys(invited)[0]["url"] == "https://t.me/paperdesk_bot?start=group"
        await house.settled()
    assert [inbound.external_id for inbound in house.router.seen] == [str(ann.user_id)]


async def test_a_slow_answer_shows_that_it_is_being_written(house: House, fake: FakeTelegram) -> None:
    ann, forum = fake.person("Ann"), fake.group(topics=True)
    house.router.gate = asyncio.Event()
    async with running(house.service()):
        ann.write("/price BTC")
        (here,) = await fake.called("sendChatAction")
        ann.write("/market", chat=forum, topic=5)
        _, there = await fake.called("sendChatAction", times=2)
        house.router.gate.set()
        assert await house.settled() == {"done": 2}
    assert here.values == {"chat_id": ann.user_id, "action": "typing"}
    assert there.values == {"chat_id": forum.chat_id, "action": "typing", "message_thread_id": 5}
    assert not fake.violations


async def test_an_answer_in_a_forum_stays_in_its_topic(house: House, fake: FakeTelegram) -> None:
    ann, forum = fake.person("Ann"), fake.group(topics=True)
    async with running(house.service()):
        ann.write("/chart BTC", chat=forum, topic=5)
        chart = await fake.message()
        assert chart["message_thread_id"] == 5
        ann.press(chart, "15m")
        edited = await fake.message()
    assert edited["message_id"] == chart["message_id"]
    assert "15m" in said(edited)


async def test_a_crash_between_writing_and_answering_loses_nothing_and_does_nothing_twice(
    house: House, fake: FakeTelegram
) -> None:
    ann = fake.person("Ann")
    await keep_words(house.dsn)
    house.router.gate = asyncio.Event()
    async with running(house.service()):
        ann.write("/settings confirm off")
        for _ in range(3):
            ann.write("/buy BTC 1000usdc")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not house.router.seen or fake.unconfirmed:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    assert fake.chats[ann.user_id].sent == []
    house.router.gate.set()
    async with running(house.service()):
        assert await house.settled() == {"done": 4}
    assert len(house.router.bot.desk.receipts) == 3
    await house.pool.execute(
        "UPDATE inbox SET state = 'pending', finished_at = NULL"
    )  # as if it had been killed before it could say so
    async with running(house.service()):
        assert await house.settled() == {"done": 4}
    assert len(house.router.bot.desk.receipts) == 3


async def test_updates_are_confirmed_only_after_they_are_written(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    await house.pool.execute("SELECT 1")
    ann.write("/price BTC")
    update = dict(fake._updates[0])
    async with running(house.service()):
        await fake.message()
        fake.again(update)  # the same message under a new id
        ann.write("/price ETH")
        assert said(await fake.message()).startswith("ETH/USDC")
        assert await house.settled() == {"done": 2}


@pytest.mark.parametrize("status", [429, 500, 502])
async def test_a_refusing_server_is_asked_again(house: House, fake: FakeTelegram, status: int) -> None:
    ann = fake.person("Ann")
    fake.fail("sendPhoto", status=status, retry_after=1 if status == 429 else 0)
    async with running(house.service()):
        ann.write("/price BTC")
        assert said(await fake.message()).startswith("BTC/USDC")
        assert await house.settled() == {"done": 1}
    assert len(ann.chat.sent) == 1


async def test_an_answer_that_may_have_arrived_is_not_sent_again(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    fake.lose("sendPhoto", after=True, hang_seconds=0.6)
    async with running(house.service(request_seconds=0.3)):
        ann.write("/price BTC")
        assert await house.settled() == {"uncertain": 1}
    answer, doubt = ann.chat.sent
    assert said(answer).startswith("BTC/USDC")
    assert said(doubt).startswith("Sending this answer was interrupted")


async def test_a_blocked_chat_ends_the_update_and_harms_nobody_else(house: House, fake: FakeTelegram) -> None:
    ann, bob = fake.person("Ann"), fake.person("Bob")
    ann.write("/price BTC")
    ann.block()
    bob.write("/price ETH")
    async with running(house.service()):
        assert said(await fake.message()).startswith("ETH")
        assert await house.settled() == {"dead": 1, "done": 2}  # that she blocked it is an update too
    assert "blocked" in await house.pool.fetchval("SELECT reason FROM inbox WHERE state = 'dead'")


async def test_only_one_process_answers(house: House, fake: FakeTelegram, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "core.leader_election")
    ann = fake.person("Ann")
    async with running(house.service()):
        ann.write("/price BTC")
        await fake.message()
        async with running(house.service()):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while "stands by: telegram:" not in caplog.text:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            ann.write("/price ETH")
            await fake.message()
            assert await house.settled() == {"done": 2}
    assert not [call for call in fake.calls if call.status == 409]


async def test_a_command_that_arrives_late_is_asked_for_again(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    message = ann.write("/buy BTC 100usdc")
    fake._updates[0]["message"]["date"] = message["date"] - 3600
    async with running(house.service()):
        late = await fake.message()
        assert "1 hr" in said(late)
        assert house.router.seen == []
        ann.press(late, "Run it now")
        assert "Nothing has been ordered yet" in said(await fake.message())


async def test_the_menu_is_written_once_in_every_language(house: House, fake: FakeTelegram) -> None:
    async with running(house.service()):
        await fake.called("setMyCommands", 12)
    assert fake.commands["all_private_chats/ko"][0]["description"] == CATALOGS[Language.KOREAN].text("command-start")
    before = len(fake.calls)
    async with running(house.service()):
        await fake.called("getMyCommands", 24)
    assert not [call for call in fake.calls[before:] if call.method == "setMyCommands"]


async def test_inline_queries_offer_price_cards(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    async with running(house.service()):
        ann.inline("b")
        call = (await fake.called("answerInlineQuery"))[0]
    assert [result["title"] for result in call.values["results"]] == ["BTC/USDC"]


async def test_what_is_no_text_is_answered_in_private_and_ignored_in_groups(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group(privacy=False)
    voice = {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}}
    async with running(house.service()):
        ann.send(voice, chat=group)
        ann.send(voice)
        only = await fake.message()
        assert only["chat"]["id"] == ann.user_id
        assert await fake.quiet(0.1) == []


async def test_no_log_holds_the_token(house: House, fake: FakeTelegram, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    ann = fake.person("Ann")
    fake.fail("getUpdates", status=502)
    fake.fail("sendPhoto", status=500)
    async with running(house.service()):
        ann.write("/price BTC")
        await fake.message()
    assert fake.token not in caplog.text
    assert "no updates" in caplog.text
