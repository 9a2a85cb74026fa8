"""Discord's rate limits: nothing waits while permissions are left, and what was refused is not lost."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.notifications.courier import Delivered, OutcomeUnknown, RetryLater
from bot.reply import Reply, Text
from tests.fakes.bot import FakeDeskBot
from tests.fakes.discord import GUILD_CHANNEL, FakeDiscord
from tests.fakes.discord_desk import DictMemory, serving

HELLO = Reply((Text("fired"),))
LONG = Reply(tuple(Text(letter * 1400) for letter in "abcdefghijkl"))
AT_ONCE = 30.0
"""Far less than the windows below, far more than a busy machine needs."""


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    async def at_once(*_: object, **__: object) -> None:
        """The library waits five seconds before it greets again."""

    monkeypatch.setattr("discord.Client.before_identify_hook", at_once)
    async with FakeDiscord.open() as fake:
        yield fake
        assert fake.violations == []


@pytest.mark.parametrize("remaining", [49, 0])
async def test_long_windows_do_not_keep_the_bot_from_connecting(fake: FakeDiscord, remaining: int) -> None:
    fake.limit("users/@me|oauth2|commands|callback|@original", 50, remaining, 600)
    fake.limit("gateway/bot", 50, 49, 600)
    async with asyncio.timeout(AT_ONCE), serving(fake, FakeDeskBot().router):
        exchange = await (await fake.person().slash("price", symbols="BTC")).answered()
        assert "BTC/USDC" in exchange.answer.text
    assert len(fake.gateway.identifies) == 1


async def test_an_address_with_one_permission_is_waited_for(fake: FakeDiscord) -> None:
    fake.limit("gateway/bot", 1, 0, 0.4)
    async with serving(fake, FakeDeskBot().router):
        pass
    assert len(fake.gateway.identifies) == 1


async def test_three_private_alerts_go_out_at_once(fake: FakeDiscord) -> None:
    fake.limit("users/@me/channels", 10, 9, 600)
    fake.limit("messages", 5, 4, 600)
    people = [fake.person() for _ in range(3)]
    async with asyncio.timeout(AT_ONCE), serving(fake, FakeDeskBot().router) as service:
        pushes = (
            service.courier.deliver(f"dm:{one.user_id}", HELLO, nonce=str(number), silent=False)
            for number, one in enumerate(people)
        )
        assert {type(outcome) for outcome in await asyncio.gather(*pushes)} == {Delivered}


async def test_without_permissions_a_push_comes_back_later(fake: FakeDiscord) -> None:
    fake.limit("messages", 5, 0, 600)
    async with asyncio.timeout(AT_ONCE), serving(fake, FakeDeskBot().router) as service:
        deliver = service.courier.deliver
        assert isinstance(await deliver(GUILD_CHANNEL, HELLO, nonce="1", silent=False), Delivered)
        later = await deliver(GUILD_CHANNEL, HELLO, nonce="2", silent=False)
    assert isinstance(later, RetryLater)
    assert 500 < later.retry_seconds <= 600
    assert len(fake.messages) == 1


async def test_a_short_window_without_permissions_is_waited_for(fake: FakeDiscord) -> None:
    fake.limit("messages", 5, 0, 0.3)
    async with serving(fake, FakeDeskBot().router) as service:
        pushes = (service.courier.deliver(GUILD_CHANNEL, HELLO, nonce=str(number), silent=False) for number in range(4))
        assert {type(outcome) for outcome in await asyncio.gather(*pushes)} == {Delivered}
    assert len(fake.messages) == 4


async def test_a_long_refusal_holds_the_bucket_and_says_how_long(fake: FakeDiscord) -> None:
    body = {"message": "slower", "retry_after": 400.0, "global": False}
    fake.trouble("POST", "messages", 429, body=body)
    async with asyncio.timeout(AT_ONCE), serving(fake, FakeDeskBot().router) as service:
        deliver = service.courier.deliver
        first = await deliver(GUILD_CHANNEL, HELLO, nonce="1", silent=False)
        second = await deliver(GUILD_CHANNEL, HELLO, nonce="2", silent=False)
        assert isinstance(first, RetryLater)
        assert isinstance(second, RetryLater)
        assert min(first.retry_seconds, second.retry_seconds) > 300
        exchange = await (await fake.person().slash("price", symbols="BTC")).answered()
        assert "BTC/USDC" in exchange.answer.text  # answers to commands have buckets of their own
    assert len([call for call in fake.calls if call[1].endswith(f"{GUILD_CHANNEL}/messages")]) == 1


async def test_parts_that_arrived_are_not_sent_again_after_a_long_refusal(fake: FakeDiscord) -> None:
    async with asyncio.timeout(AT_ONCE), serving(fake, FakeDeskBot().router) as service:
        sending = asyncio.create_task(service.courier.deliver(GUILD_CHANNEL, LONG, nonce="1", silent=False))
        while not fake.messages:  # noqa: ASYNC110 - the fake has no event
            await asyncio.sleep(0.001)
        fake.trouble("POST", "messages", 429, body={"message": "slower", "retry_after": 400.0, "global": False})
        assert isinstance(await sending, OutcomeUnknown)


async def test_commands_that_may_not_be_sent_now_do_not_keep_the_bot_away(fake: FakeDiscord) -> None:
    memory = DictMemory()
    async with serving(fake, FakeDeskBot().router, memory):
        memory.known = "of another version"
    fake.trouble("PUT", "commands", 429, body={"message": "slower", "retry_after": 4000.0, "global": False})
    async with asyncio.timeout(AT_ONCE), serving(fake, FakeDeskBot().router, memory):
        await (await fake.person().slash("price", symbols="BTC")).answered()
    assert len(fake.gateway.identifies) == 2


async def test_a_follow_up_that_was_refused_for_a_moment_arrives(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        anna = fake.person()
        fake.trouble("PATCH", "@original", 429, body={"message": "m", "retry_after": 0.1, "global": False})
        exchange = await (await anna.slash("price", symbols="BTC")).answered()
        assert "BTC/USDC" in exchange.answer.text
