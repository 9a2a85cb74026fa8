"""Pushes to a fake Discord."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.notifications.courier import Delivered, OutcomeUnknown, PermanentFailure, RetryLater
from bot.platforms.discord.courier import DiscordCourier
from bot.platforms.discord.outbound.custom_id import ANYONE
from bot.platforms.discord.outbound.render import render
from bot.reply import Button, Buttons, Picture, Reply, Text, Tone
from tests.fakes.bot import PNG, FakeDeskBot
from tests.fakes.discord import GUILD_CHANNEL, FakeDiscord
from tests.fakes.discord_desk import serving
from tests.fakes.discord_people import Shown

ALERT = Reply(
    (
        Text("BTC crossed 70,000", Tone.TITLE),
        Picture(PNG, "the chart", "BTCUSDC-1h"),
        Buttons(((Button("Price", "price BTC"),),)),
    )
)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord.open() as fake:
        yield fake
        assert fake.violations == []


@pytest.fixture
async def courier(fake: FakeDiscord) -> AsyncIterator[DiscordCourier]:
    async with serving(fake, FakeDeskBot().router) as service:
        yield DiscordCourier(service.courier._client, seconds=0.5, pause_seconds=0.01)


def posted(fake: FakeDiscord) -> list[Shown]:
    return [message for message in fake.messages.values() if message.channel_id == GUILD_CHANNEL]


async def deliver(
    courier: DiscordCourier, reply: Reply = ALERT, *, nonce: str = "1", chat: str = GUILD_CHANNEL
) -> object:
    return await courier.deliver(chat, reply, nonce=nonce, silent=False)


async def test_an_alert_arrives_with_its_chart_and_its_buttons(fake: FakeDiscord, courier: DiscordCourier) -> None:
    outcome = await deliver(courier)
    (shown,) = posted(fake)
    assert outcome == Delivered(shown.message_id)
    assert list(shown.files.values()) == [PNG]
    assert (shown.payload["nonce"], shown.payload["enforce_nonce"]) == ("1", True)
    anna = fake.person("ko")
    answer = (await (await anna.press(shown, shown.button("Price"))).answered()).answer
    assert answer is not shown
    assert "BTC/USDC" in answer.text


async def test_the_same_push_twice_is_one_message(fake: FakeDiscord, courier: DiscordCourier) -> None:
    assert await deliver(courier) == await deliver(courier)
    assert len(posted(fake)) == 1
    await deliver(courier, nonce="2")
    assert len(posted(fake)) == 2


async def test_a_silent_push_makes_no_sound(fake: FakeDiscord, courier: DiscordCourier) -> None:
    await courier.deliver(GUILD_CHANNEL, ALERT, nonce="1", silent=True)
    assert posted(fake)[0].payload["flags"] & 4096


async def test_a_long_push_is_several_messages_and_still_only_once(fake: FakeDiscord, courier: DiscordCourier) -> None:
    long = Reply(tuple(Text("x" * 1400) for _ in range(12)))
    assert await deliver(courier, long) == await deliver(courier, long)
    assert len(posted(fake)) > 1
    assert len({message.payload["nonce"] for message in posted(fake)}) == len(posted(fake))


@pytest.mark.parametrize(("chat", "gone"), [("1180000000000000999", True), ("nonsense", True)])
async def test_a_channel_that_is_not_there_is_never_tried_again(courier: DiscordCourier, chat: str, gone: bool) -> None:  # noqa: FBT001
    outcome = await deliver(courier, chat=chat)
    assert isinstance(outcome, PermanentFailure)
    assert outcome.chat_gone is gone


async def test_a_channel_where_we_may_not_speak_is_gone(fake: FakeDiscord, courier: DiscordCourier) -> None:
    fake.muted.add(GUILD_CHANNEL)
    assert await deliver(courier) == PermanentFailure("403 50013", chat_gone=True)


async def test_where_nothing_can_be_attached_the_words_arrive(fake: FakeDiscord, courier: DiscordCourier) -> None:
    fake.bare.add(GUILD_CHANNEL)
    assert isinstance(await deliver(courier), Delivered)
    assert "the chart" in posted(fake)[0].text


async def test_a_refused_message_does_not_retire_the_chat(fake: FakeDiscord, courier: DiscordCourier) -> None:
    fake.trouble("POST", "messages", 400, 50035)
    assert await deliver(courier) == PermanentFailure("400 50035", chat_gone=False)


async def test_a_short_limit_is_waited_for_and_a_long_one_comes_back(
    fake: FakeDiscord, courier: DiscordCourier
) -> None:
    fake.trouble("POST", "messages", 429, body={"message": "m", "retry_after": 0.1, "global": False})
    assert isinstance(await deliver(courier), Delivered)
    fake.trouble("POST", "messages", 429, body={"message": "m", "retry_after": 90.0, "global": False})
    assert await deliver(courier, nonce="2") == RetryLater("429", 90.0)


async def test_a_lost_confirmation_is_asked_for_again_without_a_second_message(
    fake: FakeDiscord, courier: DiscordCourier
) -> None:
    fake.trouble("POST", "messages", 200, cut=True, after=True)
    assert isinstance(await deliver(courier), Delivered)
    fake.trouble("POST", "messages", 200, hang=1.0, after=True)
    assert isinstance(await deliver(courier, nonce="2"), Delivered)
    fake.trouble("POST", "messages", 503, after=True)
    assert isinstance(await deliver(courier, nonce="3"), Delivered)
    assert len(posted(fake)) == 3


async def test_what_stays_unknown_is_uncertain(fake: FakeDiscord, courier: DiscordCourier) -> None:
    fake.trouble("POST", "messages", 503, times=99)
    assert await deliver(courier) == OutcomeUnknown("503")


async def test_an_unknown_end_is_never_called_certain_because_of_a_later_refusal(
    fake: FakeDiscord, courier: DiscordCourier
) -> None:
    fake.trouble("POST", "messages", 200, cut=True, after=True)
    fake.trouble("POST", "messages", 403, 50001, times=9)
    assert isinstance(await deliver(courier), OutcomeUnknown)


async def test_without_a_connection_nothing_is_tried() -> None:
    courier = DiscordCourier(lambda: None)
    assert await deliver(courier) == RetryLater("not connected", 5.0)


async def test_pushes_go_out_at_a_bounded_rate(fake: FakeDiscord, courier: DiscordCourier) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    text = Reply((Text("x"),))
    await asyncio.gather(*(deliver(courier, text, nonce=str(number)) for number in range(60)))
    assert loop.time() - began > 59 / 40
    assert len(posted(fake)) == 60


async def test_a_message_of_ours_is_rewritten_in_place(fake: FakeDiscord, courier: DiscordCourier) -> None:
    sent = await deliver(courier)
    assert isinstance(sent, Delivered)
    anew = Reply((Text("BTC 71,000"), Buttons(((Button("Chart", "chart BTC"),),))))
    assert await courier.edit(GUILD_CHANNEL, sent.message_id, anew) == sent
    (shown,) = posted(fake)
    assert shown.text == "BTC 71,000"
    assert shown.files == {}
    assert [button["label"] for button in shown.buttons] == ["Chart"]
    assert isinstance(await courier.edit(GUILD_CHANNEL, sent.message_id, ALERT), Delivered)
    assert list(shown.files.values()) == [PNG]
    assert len(posted(fake)) == 1


async def test_an_edit_of_what_is_gone_is_never_tried_again(fake: FakeDiscord, courier: DiscordCourier) -> None:
    assert await courier.edit(GUILD_CHANNEL, "42", ALERT) == PermanentFailure("404 10008", chat_gone=False)
    assert await courier.edit(GUILD_CHANNEL, "x", ALERT) == PermanentFailure("not a message", chat_gone=False)
    sent = await deliver(courier)
    assert isinstance(sent, Delivered)
    fake.trouble("PATCH", "messages", 403, 50001)
    text = Reply((Text("x"),))
    assert await courier.edit(GUILD_CHANNEL, sent.message_id, text) == PermanentFailure("403 50001", chat_gone=True)


async def test_an_edit_that_may_have_arrived_is_simply_made_again_later(
    fake: FakeDiscord, courier: DiscordCourier
) -> None:
    sent = await deliver(courier)
    assert isinstance(sent, Delivered)
    fake.trouble("PATCH", "messages", 503, times=9, after=True)
    assert await courier.edit(GUILD_CHANNEL, sent.message_id, ALERT) == RetryLater("503", 5.0)
    assert await DiscordCourier(lambda: None).edit(GUILD_CHANNEL, "1", ALERT) == RetryLater("not connected", 5.0)


async def test_an_edit_where_nothing_can_be_attached_is_made_in_words(
    fake: FakeDiscord, courier: DiscordCourier
) -> None:
    sent = await deliver(courier)
    assert isinstance(sent, Delivered)
    fake.bare.add(GUILD_CHANNEL)
    assert isinstance(await courier.edit(GUILD_CHANNEL, sent.message_id, ALERT), Delivered)
    assert "the chart" in posted(fake)[0].text


async def test_edits_give_way_to_deliveries(fake: FakeDiscord, courier: DiscordCourier) -> None:
    sent = await deliver(courier, Reply((Text("x"),)))
    assert isinstance(sent, Delivered)
    edits = [asyncio.create_task(courier.edit(GUILD_CHANNEL, sent.message_id, ALERT)) for _ in range(20)]
    await asyncio.gather(*(deliver(courier, Reply((Text("x"),)), nonce=f"n{number}") for number in range(10)))
    assert not all(edit.done() for edit in edits)
    await asyncio.gather(*edits)


async def test_a_private_message_is_opened_for_whoever_has_none_yet(fake: FakeDiscord, courier: DiscordCourier) -> None:
    anna = fake.person()
    for number in range(2):
        assert isinstance(await deliver(courier, chat=f"dm:{anna.user_id}", nonce=str(number)), Delivered)
    assert [message.channel_id for message in fake.messages.values()] == [anna.dm_channel] * 2
    opened = [path for method, path, _ in fake.calls if path == "/users/@me/channels"]
    assert len(opened) == 1
    assert await deliver(courier, chat="dm:x") == PermanentFailure("not a channel", chat_gone=True)
    fake.trouble("POST", "users/@me/channels", 403, 50007)
    assert await deliver(courier, chat="dm:77") == PermanentFailure("403 50007", chat_gone=True)
    fake.trouble("POST", "users/@me/channels", 503, times=9)
    assert isinstance(await deliver(courier, chat="dm:78"), RetryLater)


@pytest.mark.parametrize("state", ["open", "archived", "stuck"])
async def test_a_thread_is_written_to_and_woken_where_it_sleeps(
    fake: FakeDiscord, courier: DiscordCourier, state: str
) -> None:
    thread = fake.thread(state)
    sent = await deliver(courier, chat=thread)
    assert isinstance(sent, Delivered)
    assert fake.threads[thread] == "open"
    fake.threads[thread] = state
    assert await courier.edit(thread, sent.message_id, ALERT) == sent


async def test_a_thread_that_is_locked_is_gone(fake: FakeDiscord, courier: DiscordCourier) -> None:
    assert await deliver(courier, chat=fake.thread("locked")) == PermanentFailure("403 160005", chat_gone=True)
    fake.trouble("POST", "messages", 400, 50083, times=2)  # woken, and asleep again
    assert await deliver(courier, chat=fake.thread("open")) == PermanentFailure("400 50083", chat_gone=True)
    fake.trouble("GET", "/channels/", 403, 50001)
    assert await deliver(courier, chat=fake.thread("stuck")) == PermanentFailure("400 50083", chat_gone=True)


async def test_where_no_cards_are_shown_the_words_arrive_with_their_buttons(
    fake: FakeDiscord, courier: DiscordCourier
) -> None:
    fake.wordless.add(GUILD_CHANNEL)
    assert isinstance(await deliver(courier), Delivered)
    (shown,) = posted(fake)
    assert "BTC crossed 70,000" in shown.payload["content"]
    assert "the chart" in shown.payload["content"]
    assert [button["label"] for button in shown.buttons] == ["Price"]
    assert isinstance(await deliver(courier, Reply((Text("*" * 5000),)), nonce="2"), Delivered)


async def test_every_part_of_a_long_push_has_a_nonce_of_its_own(fake: FakeDiscord, courier: DiscordCourier) -> None:
    reply = Reply(tuple(Text(letter * 1400) for letter in "abcdefghijkl"))
    assert isinstance(await courier.deliver(GUILD_CHANNEL, reply, nonce="7", silent=False), Delivered)
    assert len(posted(fake)) == len(render(reply, owner=ANYONE)) > 2
    told = "".join(shown.text for shown in posted(fake))
    assert sum(told.count(letter * 1400) for letter in "abcdefghijkl") == 12


@pytest.mark.parametrize("status", [400, 401, 403, 404, 407, 429])
@pytest.mark.parametrize("body", ["<html>cloudflare</html>", [], {"error": "denied"}, {"message": [], "code": 50001}])
async def test_a_refusal_by_a_proxy_is_tried_again_and_retires_nothing(
    fake: FakeDiscord, courier: DiscordCourier, status: int, body: object
) -> None:
    fake.trouble("POST", "messages", status, body=body)
    assert await deliver(courier) == RetryLater(str(status), 5.0)
    assert isinstance(await deliver(courier), Delivered)


async def test_a_refusal_too_deep_to_be_read_is_tried_again(fake: FakeDiscord, courier: DiscordCourier) -> None:
    fake.trouble("POST", "messages", 403, body="[" * 100_000 + "]" * 100_000)
    assert await deliver(courier) == RetryLater("403", 5.0)


@pytest.mark.parametrize("wait", [None, "soon", "7", True, [1], -5])
async def test_a_429_without_a_usable_time_is_tried_again(
    fake: FakeDiscord, courier: DiscordCourier, wait: object
) -> None:
    fake.trouble("POST", "messages", 429, body={"message": "m", "retry_after": wait, "global": False})
    assert await deliver(courier) == RetryLater("429", 5.0)


async def test_an_endless_429_is_bounded(fake: FakeDiscord, courier: DiscordCourier) -> None:
    fake.trouble("POST", "messages", 429, body={"message": "m", "retry_after": 1e300, "global": False})
    assert await deliver(courier) == RetryLater("429", 3600.0)


async def test_odd_details_of_a_refusal_are_ignored(fake: FakeDiscord, courier: DiscordCourier) -> None:
    fake.trouble("POST", "messages", 400, body={"message": "m", "code": 50035, "errors": ["x"]})
    assert await deliver(courier) == PermanentFailure("400 50035", chat_gone=False)


async def test_a_login_that_a_proxy_refuses_is_tried_again(fake: FakeDiscord) -> None:
    fake.trouble("GET", "users/@me", 401, body="<html>cloudflare</html>")
    async with serving(fake, FakeDeskBot().router) as service:
        assert isinstance(await service.courier.deliver(GUILD_CHANNEL, ALERT, nonce="1", silent=False), Delivered)


async def test_parts_that_arrived_are_not_sent_again_after_many_short_waits(
    fake: FakeDiscord, courier: DiscordCourier
) -> None:
    long = Reply(tuple(Text(letter * 3000) for letter in "abcd"))
    body = {"message": "slower", "retry_after": 40.0, "global": False}
    for _ in range(3):
        fake.trouble("POST", "messages", 429, body=body, skip=0 if posted(fake) else 1)
        assert isinstance(await deliver(courier, long), RetryLater)
        fake.nonces.clear()  # minutes later
        _forget_limits(courier)
    assert isinstance(await deliver(courier, long), Delivered)
    texts = [message.text for message in posted(fake)]
    assert len(texts) == len(set(texts)) > 1


def _forget_limits(courier: DiscordCourier) -> None:
    """Ends the waits that Discord asked for."""
    client = courier._client()
    assert client is not None
    client.http._buckets.clear()
