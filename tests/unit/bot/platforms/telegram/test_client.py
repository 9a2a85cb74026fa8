import asyncio
from datetime import timedelta

import aiohttp
import pytest
from pydantic import SecretStr
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from bot.command import Audience
from bot.commands import COMMANDS
from bot.notifications.courier import OutcomeUnknown, PermanentFailure, RetryLater
from bot.platforms.telegram.client import MigratedTo, RequestRefused, ServerFault, judge, open_client
from bot.platforms.telegram.command_menu import menus
from bot.platforms.telegram.http_transport import HttpTransport, RequestNotSent
from bot.platforms.telegram.outbound.rate_limiter import RateLimiter, SendLimits
from bot.platforms.telegram.settings import TelegramSettings
from bot.ui.texts import load_catalogs
from people.person import Language


def caused(error: NetworkError, cause: Exception) -> NetworkError:
    error.__cause__ = cause
    return error


def test_every_error_of_the_library_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    assert judge(RetryAfter(timedelta(seconds=3))) == RetryLater("too many requests", 3.0)
    assert judge(Forbidden("Forbidden: bot was blocked by the user")).__class__ is PermanentFailure
    gone = judge(BadRequest("Chat not found"))
    assert isinstance(gone, PermanentFailure)
    assert gone.chat_gone
    assert judge(BadRequest("Can't parse entities")) == RequestRefused("can't parse entities")
    assert judge(ChatMigrated(-5)) == MigratedTo(-5)
    assert isinstance(judge(InvalidToken("x")), RetryLater)
    assert isinstance(judge(Conflict("x")), RetryLater)
    assert isinstance(judge(NetworkError("Bad Gateway")), ServerFault)


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (RequestNotSent(), RetryLater),
        (TimeoutError(), OutcomeUnknown),
        (aiohttp.ServerDisconnectedError(), OutcomeUnknown),
        (aiohttp.ClientPayloadError(), OutcomeUnknown),
        (ConnectionResetError(), OutcomeUnknown),
    ],
)
def test_only_what_never_left_may_be_sent_again(cause: Exception, kind: type) -> None:
    assert isinstance(judge(caused(NetworkError("x"), cause)), kind)
    assert isinstance(judge(caused(TimedOut("x"), cause)), kind)


class Clock:
    """A loop's clock that jumps over every sleep."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self._real = asyncio.sleep
        monkeypatch.setattr(asyncio, "sleep", self._sleep)

    def __call__(self) -> float:
        return self.now

    async def _sleep(self, seconds: float) -> None:
        self.now += seconds
        await self._real(0)


async def test_a_group_gets_20_messages_a_minute_and_a_chat_one_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    for chat, least in ((-1, 2 * 60), (1, 38)):
        pace, start = RateLimiter(clock=clock), clock.now
        times = []
        for _ in range(41):
            async with pace.turn(chat, push=False):
                times.append(clock.now)
        assert clock.now - start >= least
        assert max(sum(at <= other < at + 60 for other in times) for at in times) <= (20 if chat < 0 else 63)
        assert times[2] == start


async def test_30_messages_a_second_go_out_in_all_and_answers_go_first() -> None:
    second = 0.25
    pace = RateLimiter(SendLimits((30, second)))
    begun: list[tuple[float, bool]] = []

    async def one(chat: int, *, push: bool) -> None:
        async with pace.turn(chat, push=push):
            begun.append((asyncio.get_running_loop().time(), push))
            await asyncio.sleep(0.02)

    pushes = [asyncio.create_task(one(chat, push=True)) for chat in range(80)]
    await asyncio.sleep(second / 10)
    await asyncio.gather(*(one(chat, push=False) for chat in range(200, 230)))
    assert [push for _, push in begun[:25]] == [True] * 25
    assert [push for _, push in begun[25:55]] == [False] * 30
    await asyncio.gather(*pushes)
    assert max(sum(at <= other < at + second for other, _ in begun) for at, _ in begun) <= 30


async def test_a_held_chat_waits_as_long_as_telegram_said(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    pace = RateLimiter(clock=clock)
    pace.hold(7, 12)
    async with pace.turn(8, push=False):
        pass
    assert clock.now == 100
    async with pace.turn(7, push=False):
        pass
    assert clock.now == 112


async def test_where_telegram_holds_several_chats_at_once_it_means_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    pace = RateLimiter(clock=clock)
    for chat in range(4):
        pace.hold(chat, 12)
    async with pace.turn(100, push=False):
        pass
    assert clock.now == 100
    pace.hold(4, 12)
    with pytest.raises(TimeoutError):
        async with pace.turn(100, push=False):  # one message probes
            raise TimeoutError
    assert clock.now == 100
    async with pace.turn(101, push=True):
        pass
    assert 112 <= clock.now < 114


async def test_groups_alone_never_hold_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    pace = RateLimiter(clock=clock)
    for chat in (666, *range(-40, 0)):  # all that one person can have
        pace.hold(chat, 30)
    for chat in (-41, 7):
        async with pace.turn(chat, push=False):
            pass
    assert clock.now == 100


async def test_a_message_that_arrives_ends_the_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    pace = RateLimiter(clock=clock)
    for chat in range(1, 6):
        pace.hold(chat, 30)
    for chat in (7, -7, 8):
        async with pace.turn(chat, push=False):
            pass
    assert clock.now == 100


async def test_the_chats_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    pace = RateLimiter(SendLimits((10_000, 1.0)), clock=clock)
    monkeypatch.setattr(RateLimiter, "MAX_LANES", 50)
    for chat in range(500):
        async with pace.turn(chat, push=False):
            pass
        clock.now += 2
    assert len(pace._lanes) <= 50


def test_the_menu_is_what_the_commands_declare() -> None:
    catalogs = load_catalogs()
    lists = menus(COMMANDS, catalogs, Language.KOREAN, operators=(7,))
    assert len(lists) == 15
    audiences = {"all_chat_administrators": Audience.MANAGERS, "chat": Audience.OPERATORS}
    for scope, code, entries in lists:
        language = Language(code) if code else Language.KOREAN
        known = (Audience.EVERYONE, audiences.get(scope.type))
        shown = {command.name for command in COMMANDS if not command.hidden and command.audience in known}
        assert {name for name, _ in entries} == shown
        assert dict(entries)["price"] == catalogs[language].text("command-price")
        if scope.type == "all_group_chats":
            private = {command.name: command.private for command in COMMANDS}
            assert [private[name] for name, _ in entries] == sorted(private[name] for name, _ in entries)


async def test_what_never_left_is_told_apart_from_what_may_have_arrived(unused_tcp_port: int) -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        ended.set()

    ended = asyncio.Event()
    wire = HttpTransport(2, 0.2, 0.2, 0.2)
    with pytest.raises(NetworkError) as closed:
        await wire.do_request("http://127.0.0.1/", "POST")
    await wire.initialize()
    with pytest.raises(NetworkError) as refused:
        await wire.do_request(f"http://127.0.0.1:{unused_tcp_port}/bot1:canary/getMe", "POST")
    async with await asyncio.start_server(hang, "127.0.0.1", unused_tcp_port):
        with pytest.raises(TimedOut) as silent:
            await wire.do_request(f"http://127.0.0.1:{unused_tcp_port}/bot1:canary/getMe", "POST")
        await wire.shutdown()
        await ended.wait()
    assert [isinstance(judge(found.value), RetryLater) for found in (closed, refused, silent)] == [True, True, False]
    assert "canary" not in repr([closed.value, refused.value, silent.value, silent.value.__cause__])


@pytest.mark.parametrize("steps", range(6))
async def test_a_client_that_was_cancelled_while_it_connected_keeps_nothing_open(steps: int) -> None:
    client = open_client(TelegramSettings(token=SecretStr("1:x"), api_url="http://127.0.0.1:9"))
    task = asyncio.create_task(client.initialize())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await client.shutdown()
    assert [request._session for request in client._request] == [None, None]  # type: ignore[attr-defined]
