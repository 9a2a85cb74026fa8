"""Messages that may be posted in a chat of Telegram: pictures, topics, edits, documents and cards."""

from bot.notifications.courier import Delivered, PermanentFailure, RetryLater
from bot.reply import Button, Buttons, Document, Picture, Reply, Text
from tests.fakes.telegram import FakeTelegram, Json
from tests.fakes.telegram_chats import keys_of, said
from tests.fakes.telegram_desk import House, png, running

WORDS = Reply((Text("BTC 58,000.00"), Buttons(((Button("Chart", "chart BTC"),),))))
DRAWN = Reply((Picture(png(), "a chart", "btc"), Text("BTC 58,000.00")))
FILE = Reply((Text("All about you"), Document(b"a,b\r\n", "a file", "paperdesk.csv")), private=True)


async def test_in_a_group_that_is_closed_to_the_desk_the_answer_comes_in_private(
    house: House, fake: FakeTelegram
) -> None:
    ann, group = fake.person("Ann"), fake.group()
    group.muted = True
    async with running(house.service()):
        ann.write("/market", chat=group)
        note, answer = await fake.message(), await fake.message()
    assert "can't post" in said(note)
    assert "Most traded" in said(answer)
    assert {note["chat"]["id"], answer["chat"]["id"]} == {ann.user_id}


async def test_where_no_pictures_may_be_posted_the_words_are(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group()
    group.textual = True
    service = house.service()
    async with running(service):
        ann.write("/chart BTC", chat=group)
        chart = await fake.message()
        assert "120 candles" in chart["text"]
        assert "can't send pictures or files in this group" in chart["text"]
        assert keys_of(chart)
        outcome = await service.courier.deliver(str(group.chat_id), DRAWN, nonce="1", silent=False)
        assert isinstance(outcome, Delivered)
        edited = await service.courier.edit(str(group.chat_id), outcome.message_id, DRAWN)
        assert edited == outcome
        closed = fake.group()
        closed.muted = True
        gone = await service.courier.deliver(str(closed.chat_id), WORDS, nonce="2", silent=False)
        assert isinstance(gone, PermanentFailure)
        assert gone.chat_gone


async def test_topics_are_places_and_what_became_of_them_is_no_loss(house: House, fake: FakeTelegram) -> None:
    ann, forum = fake.person("Ann"), fake.group(topics=True)
    async with running(house.service()):
        ann.write("/market", chat=forum)  # the General topic has no number
        assert "message_thread_id" not in await fake.message()
        ann.write("/market", chat=forum, topic=5)
        assert (await fake.message())["message_thread_id"] == 5
        forum.gone_topics.add(5)
        ann.write("/market", chat=forum, topic=5)
        assert "message_thread_id" not in await fake.message()
    assert [inbound.chat_id for inbound in house.router.seen] == [str(forum.chat_id), *[f"{forum.chat_id}/5"] * 2]


async def test_a_pushed_message_is_edited_in_every_direction_that_telegram_permits(
    house: House, fake: FakeTelegram
) -> None:
    ann = fake.person("Ann")
    chat = str(ann.user_id)
    service = house.service()

    async def edited(message: Json, reply: Reply) -> object:
        return await service.courier.edit(chat, str(message["message_id"]), reply)

    async with running(service):
        await fake.called("getUpdates")
        await service.courier.deliver(chat, WORDS, nonce="1", silent=False)
        feed = await fake.message()
        same = Delivered(str(feed["message_id"]))
        assert await edited(feed, WORDS) == same  # not modified
        assert await edited(feed, DRAWN) == same
        assert feed["photo"]
        assert await edited(feed, WORDS) == same  # below the picture
        assert feed["caption"] == "BTC 58,000.00"
        fake.fail("editMessageMedia", status=429, retry_after=3)
        assert await edited(feed, DRAWN) == RetryLater("too many requests", 3.0)
        fake.fail("editMessageMedia", status=502)
        assert isinstance(await edited(feed, DRAWN), RetryLater)
        fake.lose("editMessageMedia", after=True)
        assert isinstance(await edited(feed, DRAWN), RetryLater)
        for number in ("1", "x", ""):
            gone = await service.courier.edit(chat, number, WORDS)
            assert isinstance(gone, PermanentFailure)
            assert not gone.chat_gone


async def test_a_document_arrives_with_its_name_and_words(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    service = house.service()
    async with running(service):
        await fake.called("getUpdates")
        await service.courier.deliver(str(ann.user_id), FILE, nonce="1", silent=False)
        sent = await fake.message()
    assert sent["document"]["file_name"] == "paperdesk.csv"
    assert said(sent) == "All about you\n\na file"
    assert next(iter(fake.methods.uploads.values())) == b"a,b\r\n"


async def test_who_shows_their_money_is_answered_in_the_group_and_others_buttons_stay_theirs(
    house: House, fake: FakeTelegram
) -> None:
    ann, bob, group = fake.person("Ann"), fake.person("Bob"), fake.group()
    async with running(house.service()):
        ann.write("/settings public on")
        await fake.message()
        ann.write("/buy BTC 1000usdc", chat=group)
        preview = await fake.message()
        assert preview["chat"]["id"] == group.chat_id
        bob.press(preview, "Confirm")
        await house.settled()
        assert house.router.bot.desk.receipts == {}
        ann.press(preview, "Confirm")
        assert said(await fake.message()).startswith("Bought")
        bob.write("/balance", chat=group)
        assert (await fake.message())["chat"]["id"] == bob.user_id
    told = [call.values.get("text", "") for call in fake.calls if call.method == "answerCallbackQuery"]
    assert ["Only the user who sent the command" in text for text in told] == [True, False]


async def test_an_inline_search_gives_cards_with_links_in_the_persons_language(
    house: House, fake: FakeTelegram
) -> None:
    ann = fake.person("Ann", language="en")
    async with running(house.service()):
        ann.write("/settings language ko")
        await fake.message()
        ann.inline("BTC")
        (call,) = await fake.called("answerInlineQuery")
        ann.inline("nothing like it")
        empty = (await fake.called("answerInlineQuery", 2))[1]
    (card,) = call.values["results"]
    assert "현재가" in card["input_message_content"]["message_text"]
    links = [key["url"] for key in card["reply_markup"]["inline_keyboard"][0]]
    assert links == [f"https://t.me/paperdesk_bot?start={name}_BTC" for name in ("price", "chart")]
    assert call.values["button"] == {"text": "채팅 열기", "start_parameter": "inline"}
    assert empty.values["results"] == []
