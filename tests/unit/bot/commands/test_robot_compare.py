"""Compare of /robot is a back-test: it waits for its turn as those of /backtest, one of each user at a time."""

import asyncio
import threading
from typing import Any

import pytest

from bot.commands import backtests, robots
from core.errors import Overloaded
from core.system.bounded_executor import PLACES
from tests.fakes.transcript import transcript
from tests.unit.bot.commands.chat import Chat
from trading.backtest.forward import compare_forward

RULE = "when rsi(14) < 30 buy 50% when rsi(14) > 55 sell max"
BUSY = "Your last back-test is still running. Please wait for its answer."


class Gate:
    """A comparison that waits, and how many ran at once."""

    def __init__(self) -> None:
        self.open, self.begun = threading.Event(), threading.Event()
        self.running = self.most = 0
        self.stopped: list[bool] = []

    def compare(self, *arguments: Any, stopped: Any) -> Any:
        self.running += 1
        self.most = max(self.most, self.running)
        self.begun.set()
        assert self.open.wait(30)
        self.running -= 1
        self.stopped.append(stopped())
        return compare_forward(*arguments, stopped=stopped)


@pytest.fixture
async def chat() -> Chat:
    found = Chat()
    await found.type(f"/strategy save dips {RULE} on BTC 1h")
    await found.type("/robot dips 1000usdc")
    await found.press("robot_start")
    return found


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    found = Gate()
    monkeypatch.setattr(robots, "compare_forward", found.compare)
    return found


def pressed(chat: Chat) -> "asyncio.Task[Any]":
    return asyncio.create_task(chat.bot.router.answer(chat.bot.inbound("robot_compare 1", pressed=True)))


async def test_one_comparison_or_back_test_of_a_user_runs_at_a_time(chat: Chat, gate: Gate) -> None:
    first = pressed(chat)
    assert await asyncio.to_thread(gate.begun.wait, 30)
    assert BUSY in transcript(await pressed(chat))
    assert BUSY in await chat.type(f"/backtest BTC 1h {RULE} since 30d")
    gate.open.set()
    assert "and its back-test" in transcript(await first)
    assert gate.most == 1
    assert not backtests._RUNNING
    assert "and its back-test" in transcript(await pressed(chat))


async def test_comparisons_take_the_places_of_all_back_tests(chat: Chat, gate: Gate) -> None:
    async def wait(_stopped: Any) -> Any:
        return lambda: gate.open.wait(30)

    others = [asyncio.create_task(backtests.in_turn(-number, wait)) for number in range(1, PLACES + 1)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await backtests.in_turn(-99, wait)
    shown = transcript(await pressed(chat))
    gate.open.set()
    await asyncio.gather(*others)
    assert "and its back-test" not in shown
    assert not gate.begun.is_set()
    assert not backtests._RUNNING


async def test_a_comparison_ends_with_its_command(chat: Chat, gate: Gate) -> None:
    first = pressed(chat)
    assert await asyncio.to_thread(gate.begun.wait, 30)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert BUSY in transcript(await pressed(chat))
    gate.open.set()
    await backtests._EXECUTOR.compute(lambda: None)
    assert gate.stopped == [True]
    assert not backtests._RUNNING
