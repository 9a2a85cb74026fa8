"""Pushes to Telegram that fail in every way."""

from bot.notifications.courier import Delivered, OutcomeUnknown, PermanentFailure, RetryLater
from bot.reply import Button, Buttons, Picture, Reply, Text
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import said
from tests.fakes.telegram_desk import House, png, running

HELLO = Reply((Text("hello"), Buttons(((Button("ok", "help"),),))))
CHART = Reply((Picture(png(), "a chart", "btc"), Text("fired")))


async def test_a_push_is_delivered_whole_and_silently(house: House, fake: FakeTelegram) -> None:
    ann, forum = fake.person("Ann"), fake.group(topics=True)
    service = house.service()
    async with running(service):
        await fake.called("getUpdates")
        outcome = await service.courier.deliver(str(ann.user_id), CHART, nonce="1", silent=True)
        message = await fake.message()
        assert outcome == Delivered(str(message["message_id"]))
        assert message["caption"] == "a chart\n\nfired"
        assert message["message_id"] in fake.silent
        await service.courier.deliver(f"{forum.chat_id}/5", HELLO, nonce="2", silent=False)
        assert (await fake.message())["message_thread_id"] == 5


async def test_every_end_of_a_push_is_told_apart(house: House, fake: FakeTelegram) -> None:
    ann, eve = fake.person("Ann"), fake.person("Eve")
    eve.block()
    service = house.service(request_seconds=0.5)

    async def push(chat_id: str = str(ann.user_id)) -> object:
        return await service.courier.deliver(chat_id, HELLO, nonce="1", silent=False)

    async with running(service):
        await fake.called("getUpdates")
        fake.fail("sendMessage", status=429, retry_after=1)
        assert await push() == RetryLater("too many requests", 1.0)
        fake.fail("sendMessage", status=502)
        assert isinstance(await push(), OutcomeUnknown)
        fake.lose("sendMessage", after=True)
        assert isinstance(await push(), OutcomeUnknown)
        fake.lose("sendMessage", after=False, hang_seconds=0.8)
        assert isinstance(await push(), OutcomeUnknown)
        for gone in (str(eve.user_id), "12345", "nowhere"):
            outcome = await push(gone)
            assert isinstance(outcome, PermanentFailure)
            assert outcome.chat_gone
        assert isinstance(await push(), Delivered)
    assert len(ann.chat.sent) == 2  # the one that was lost after it arrived, and the last


async def test_what_telegram_refuses_is_sent_in_a_plainer_form(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    fake.refuse("sendPhoto", "Bad Request: not enough rights to send photos to the chat")
    async with running(house.service()):
        ann.write("/chart BTC")
        assert "120 candles" in said(await fake.message())
        fake.refuse("sendPhoto", "Bad Request: can't parse entities: whatever")
        ann.write("/price BTC")
        plain = await fake.message()
        assert plain["caption"].startswith("BTC/USDC")
        assert not plain.get("caption_entities")


async def test_a_group_that_moved_is_answered_where_it_is_now(house: House, fake: FakeTelegram) -> None:
    ann, old, new = fake.person("Ann"), fake.group(), fake.group()
    old.moved_to = new.chat_id
    async with running(house.service()):
        ann.write("/price BTC", chat=old)
        assert (await fake.message())["chat"]["id"] == new.chat_id


async def test_the_second_message_of_a_push_is_not_repeated(house: House, fake: FakeTelegram) -> None:
    ann, service = fake.person("Ann"), house.service()
    long = Reply(tuple(Text(letter * 3000) for letter in "ab"))
    async with running(service):
        await service.ready()
        fake.fail("sendMessage", status=500, skip=1)
        outcome = await service.courier.deliver(str(ann.user_id), long, nonce="1", silent=False)
    assert isinstance(outcome, OutcomeUnknown)
    assert len([call for call in fake.calls if call.method == "sendMessage"]) == 2
