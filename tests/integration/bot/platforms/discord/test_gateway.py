"""The bot's life: logging in, losing the gateway, and being sent away."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from bot.platforms.discord.errors import DiscordRefused, DiscordTokenRefused
from tests.fakes.bot import FakeDeskBot
from tests.fakes.discord import TOKEN, FakeDiscord
from tests.fakes.discord_desk import DictMemory, service_on, serving
from tests.fakes.discord_gateway import Session
from tests.fakes.discord_people import Person
from tests.patience import PATIENCE_SECONDS


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    async def at_once(*_: object, **__: object) -> None:
        """The library waits five seconds before it greets again."""

    monkeypatch.setattr("discord.Client.before_identify_hook", at_once)
    async with FakeDiscord.open() as fake:
        yield fake
        assert fake.violations == []


async def answers(person: Person) -> None:
    exchange = await (await person.slash("price", symbols="BTC")).answered()
    assert "BTC/USDC" in exchange.answer.text


async def back(fake: FakeDiscord) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await fake.gateway.ready.wait()


async def test_a_request_to_reconnect_is_followed_and_resumed(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        await fake.gateway.reconnect()
        anna = fake.person()
        exchange = await anna.slash("price", symbols="BTC")  # asked while nobody listens
        await back(fake)
        await exchange.answered()
        await answers(anna)
    assert len(fake.gateway.resumes) == 1
    assert len(fake.gateway.identifies) == 1


@pytest.mark.parametrize(("resumable", "resumes", "identifies"), [(True, 1, 1), (False, 0, 2)])
async def test_an_invalid_session_is_resumed_or_begun_anew(
    fake: FakeDiscord,
    resumable: bool,  # noqa: FBT001
    resumes: int,
    identifies: int,
) -> None:
    async with serving(fake, FakeDeskBot().router):
        await fake.gateway.invalidate(resumable=resumable)
        await back(fake)
        await answers(fake.person())
    assert (len(fake.gateway.resumes), len(fake.gateway.identifies)) == (resumes, identifies)


async def test_a_session_that_cannot_be_resumed_is_begun_anew(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        fake.gateway.refuse_resume = True
        await fake.gateway.drop()
        await back(fake)
        await answers(fake.person())
    assert len(fake.gateway.identifies) == 2


async def test_a_dropped_connection_is_resumed(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        await fake.gateway.drop(code=4000)
        await back(fake)
        await answers(fake.person())
    assert len(fake.gateway.identifies) == 1


async def test_a_connection_that_only_looks_alive_is_left(fake: FakeDiscord) -> None:
    fake.gateway.heartbeat_ms = 100
    async with serving(fake, FakeDeskBot().router, heartbeat_seconds=0.5):
        fake.gateway.deaf = True
        fake.gateway.ready.clear()
        await back(fake)
        fake.gateway.deaf = False
        await answers(fake.person())


async def test_an_interaction_may_come_before_the_bot_is_ready(fake: FakeDiscord) -> None:
    fake.gateway.hold_ready = asyncio.Event()
    async with serving(fake, FakeDeskBot().router):
        await answers(fake.person())
        fake.gateway.hold_ready.set()


async def test_there_are_as_many_shards_as_discord_wants(fake: FakeDiscord) -> None:
    fake.shards = 3
    async with serving(fake, FakeDeskBot().router):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(fake.gateway.sessions) < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await answers(fake.person())
    assert [data["shard"] for data in fake.gateway.identifies] == [[0, 3], [1, 3], [2, 3]]
    assert {data["intents"] for data in fake.gateway.identifies} == {0}


async def test_a_wrong_token_ends_the_service_with_a_sentence(
    fake: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    service = service_on(fake, FakeDeskBot().router, DictMemory(), token="wrong.canary.token")
    with pytest.raises(DiscordTokenRefused):
        await asyncio.wait_for(service.run(), PATIENCE_SECONDS)
    assert "wrong.canary.token" not in caplog.text


@pytest.mark.parametrize(
    ("code", "error"), [(4004, DiscordTokenRefused), (4014, DiscordRefused), (4013, DiscordRefused)]
)
async def test_a_gateway_that_sends_us_away_for_good_ends_the_service(
    fake: FakeDiscord, code: int, error: type[Exception]
) -> None:
    fake.gateway.close_after_hello = code
    with pytest.raises(error):
        await asyncio.wait_for(service_on(fake, FakeDeskBot().router, DictMemory()).run(), PATIENCE_SECONDS)


async def test_the_service_ends_though_the_library_loses_a_cancellation(
    fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    connecting = asyncio.Event()

    async def deaf(_client: object) -> None:
        connecting.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)
        await asyncio.sleep(3600)

    monkeypatch.setattr("bot.platforms.discord.service._INSIST_SECONDS", 1.0)
    monkeypatch.setattr("discord.AutoShardedClient.connect", deaf)
    running = asyncio.create_task(service_on(fake, FakeDeskBot().router, DictMemory()).run())
    await connecting.wait()
    running.cancel()
    await asyncio.wait({running}, timeout=PATIENCE_SECONDS)
    assert running.cancelled()


async def test_a_discord_that_is_down_at_start_is_waited_for(fake: FakeDiscord) -> None:
    fake.trouble("GET", "users/@me", 503, times=2)
    async with serving(fake, FakeDeskBot().router):
        await answers(fake.person())


async def test_commands_that_discord_does_not_take_do_not_keep_the_bot_from_serving(fake: FakeDiscord) -> None:
    memory = DictMemory()
    async with serving(fake, FakeDeskBot().router, memory):
        assert fake.syncs == 1
    memory.known = "other"
    fake.trouble("PUT", "commands", 400, 50035)
    async with serving(fake, FakeDeskBot().router, memory):
        await answers(fake.person())
    assert memory.known == "other"
    async with serving(fake, FakeDeskBot().router, memory):
        assert fake.syncs == 2


async def test_few_sessions_left_are_not_spent(fake: FakeDiscord, caplog: pytest.LogCaptureFixture) -> None:
    fake.remaining_sessions = 3
    async with serving(fake, FakeDeskBot().router):
        await answers(fake.person())
    assert "only 3 sessions left" in caplog.text


async def test_no_token_is_logged_at_any_level(fake: FakeDiscord, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(fake, FakeDeskBot().router):
        anna = fake.person()
        await answers(anna)
        fake.trouble("PATCH", "@original", 400, 50035)
        fake.trouble("PATCH", "@original", 429, body={"message": "m", "retry_after": 0.1, "global": False})
        await (await anna.slash("portfolio")).answered()
        fake.trouble("POST", "callback", 500)
        await (await anna.slash("portfolio")).answered()
    assert TOKEN not in caplog.text
    assert "interaction-token" not in caplog.text


@pytest.mark.parametrize(
    "frame",
    [
        '{"op": 0, "t": "READY", "s": 1, "d": {"v": 10, "user": {}, "guilds": []}}',
        '{"op": 0, "t": "READY", "s": 1, "d": null}',
        '{"op": 0, "t": "READY", "s": "first", "d": []}',
        '{"op": 10, "d": {}}',
        "[]",
        "null",
        "<html>502 Bad Gateway</html>",
        "",
    ],
)
async def test_a_frame_that_cannot_be_read_begins_anew(fake: FakeDiscord, frame: str) -> None:
    fake.gateway.garbled = [frame]
    async with serving(fake, FakeDeskBot().router, heartbeat_seconds=2.0):
        await back(fake)
        await answers(fake.person())
    assert len(fake.gateway.identifies) == 2


async def test_a_greeting_without_its_shard_begins_anew(fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    greeting = fake.gateway.greeting

    def without_shard(session: Session, data: dict[str, Any]) -> dict[str, Any]:
        told = greeting(session, data)
        if len(fake.gateway.sessions) == 1:
            del told["shard"]
        return told

    monkeypatch.setattr(fake.gateway, "greeting", without_shard)
    async with serving(fake, FakeDeskBot().router):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(fake.gateway.sessions) < 2:  # noqa: ASYNC110 - the fake has no event
                await asyncio.sleep(0.01)
        await back(fake)
        await answers(fake.person())


@pytest.mark.parametrize("path", ["users/@me", "gateway/bot", "oauth2"])
async def test_a_page_instead_of_json_begins_anew(fake: FakeDiscord, path: str) -> None:
    fake.trouble("GET", path, 200, body="<html>please wait</html>")
    async with serving(fake, FakeDeskBot().router):
        await answers(fake.person())
