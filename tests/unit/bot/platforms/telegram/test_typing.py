"""“typing…” while an answer takes long: late, bounded, and never for a fast one."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
from telegram.error import NetworkError

from bot.platforms.telegram.chat_action import AFTER_SECONDS, MAX_CONCURRENT, MAX_TIMES, Typing
from bot.platforms.telegram.outbound.send import ChatTopic

HERE = ChatTopic(-1001, 7)


class Client:
    """Counts the calls; `broken` fails each."""

    def __init__(self, *, broken: bool = False) -> None:
        self.calls: list[dict[str, Any]] = []
        self.broken = broken

    async def post(self, method: str, **values: Any) -> bool:
        self.calls.append({"method": method, **values})
        if self.broken:
            raise NetworkError("away")
        return True


class Timer:
    """One call that a test makes when it likes."""

    def __init__(self) -> None:
        self.due: list[tuple[float, Callable[[], None]]] = []
        self.cancelled = 0

    def __call__(self, seconds: float, call: Callable[[], None]) -> asyncio.TimerHandle:
        self.due.append((seconds, call))
        return cast("asyncio.TimerHandle", self)

    def cancel(self) -> None:
        self.cancelled += 1


def typing_of(client: Client, timer: Timer, every_seconds: float = 0.0) -> Typing:
    return Typing(cast("Any", client), later=timer, every_seconds=every_seconds)


async def a_few_turns() -> None:
    for _ in range(20 * MAX_TIMES):
        await asyncio.sleep(0)


async def test_a_fast_answer_shows_nothing() -> None:
    client, timer = Client(), Timer()
    with typing_of(client, timer).awaited(HERE):
        pass
    await a_few_turns()
    assert [seconds for seconds, _ in timer.due] == [AFTER_SECONDS]
    assert timer.cancelled == 1
    assert client.calls == []


async def test_a_slow_answer_shows_it_a_bounded_number_of_times() -> None:
    client, timer = Client(), Timer()
    with typing_of(client, timer).awaited(HERE):
        timer.due[0][1]()
        await a_few_turns()
    call = {"method": "sendChatAction", "chat_id": -1001, "action": "typing", "message_thread_id": 7}
    assert client.calls == [call] * MAX_TIMES


async def test_it_ends_with_the_answer() -> None:
    client, timer = Client(), Timer()
    with typing_of(client, timer, every_seconds=3600).awaited(ChatTopic(5)):
        timer.due[0][1]()
        await a_few_turns()
    await a_few_turns()
    assert client.calls == [{"method": "sendChatAction", "chat_id": 5, "action": "typing"}]
    assert len(asyncio.all_tasks()) == 1


async def test_few_show_it_at_once() -> None:
    client, timer = Client(), Timer()
    typing = typing_of(client, timer, every_seconds=3600)
    waiting = [typing.awaited(ChatTopic(number)) for number in range(2 * MAX_CONCURRENT)]
    for context in waiting:
        context.__enter__()
    for _, call in timer.due:
        call()
    await a_few_turns()
    assert len(client.calls) == MAX_CONCURRENT
    for context in waiting:
        context.__exit__(None, None, None)


async def test_a_telegram_that_fails_disturbs_no_answer(caplog: pytest.LogCaptureFixture) -> None:
    client, timer = Client(broken=True), Timer()
    with typing_of(client, timer).awaited(HERE):
        timer.due[0][1]()
        await a_few_turns()
    assert len(client.calls) == 1
    assert [record.levelname for record in caplog.records if record.levelno > 20] == []
