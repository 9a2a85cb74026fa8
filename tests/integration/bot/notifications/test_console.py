"""What comes unasked while somebody sits at the console."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.notifications.courier import Delivered, OutcomeUnknown, RetryLater
from bot.platforms.console.courier import ConsoleCourier
from bot.platforms.console.send import ReaderLeft
from bot.reply import Button, Buttons, Reply, Text
from tests.fakes.console_desk import FakeRouter, console
from tests.integration.bot.platforms.console.test_terminal import Person
from tests.patience import PATIENCE_SECONDS

NEWS = Reply((Text("BTC rose to 70,000"), Buttons(((Button("Chart", "chart BTC"), Button("Mute", "alert_mute 7")),))))


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    seated = Person(tmp_path)
    yield seated
    seated.close()


class Session:
    """A session at the end of two pipes."""

    def __init__(self, sink: int, source: int) -> None:
        self._sink, self._source = sink, source

    def says(self, line: str) -> None:
        os.write(self._sink, line.encode() + b"\n")

    async def hears(self, text: str) -> str:
        heard = ""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while text not in heard:
                heard += (await asyncio.to_thread(os.read, self._source, 65_536)).decode()
        return heard


@asynccontextmanager
async def session(router: FakeRouter, folder: Path) -> AsyncIterator[Session]:
    stdin, sink = os.pipe()
    source, stdout = os.pipe()
    task = asyncio.create_task(console(router, folder, stdin, stdout, {"LANG": "en_US.UTF-8"}).run())
    try:
        yield Session(sink, source)
        os.close(sink)
        await asyncio.wait_for(task, PATIENCE_SECONDS)
    finally:
        for fd in (stdin, source, stdout):
            os.close(fd)


async def push(router: FakeRouter) -> object:
    return await router.courier.deliver("local", NEWS, nonce="5", silent=False)


async def test_a_push_is_printed_between_lines_and_its_buttons_are_numbered_on(tmp_path: Path) -> None:
    router = FakeRouter()
    async with session(router, tmp_path) as desk:
        desk.says("buy")
        await desk.hears("[2] Cancel")
        assert await push(router) == Delivered("5")
        heard = await desk.hears("Mute")
        assert "BTC rose to 70,000" in heard
        assert "[3] Chart   [4] Mute" in heard
        desk.says("1")
        await desk.hears("pressed: press 0")
        desk.says("4")
        await desk.hears("pressed: alert_mute 7")


async def test_after_very_many_pushes_they_come_without_buttons_and_old_numbers_still_hold(tmp_path: Path) -> None:
    router = FakeRouter()
    async with session(router, tmp_path) as desk:
        desk.says("buy")
        await desk.hears("[2] Cancel")
        for _ in range(60):
            await push(router)
            heard = await desk.hears("70,000\n\n")
        assert "Mute" not in heard
        desk.says("2")
        await desk.hears("pressed: press 1")


async def test_without_a_session_of_that_chat_it_is_not_now() -> None:
    courier = ConsoleCourier()
    assert isinstance(await courier.deliver("local", NEWS, nonce="1", silent=False), RetryLater)
    waiting = asyncio.create_task(courier.ready())
    await asyncio.sleep(0)
    assert not waiting.done()

    async def nobody_reads(_: Reply) -> None:
        raise ReaderLeft

    with courier.open("local", nobody_reads):
        await waiting
        assert isinstance(await courier.deliver("else", NEWS, nonce="1", silent=False), RetryLater)
        assert isinstance(await courier.deliver("local", NEWS, nonce="1", silent=False), OutcomeUnknown)
    assert isinstance(await courier.deliver("local", NEWS, nonce="1", silent=False), RetryLater)


def test_a_push_at_a_terminal_stands_above_the_line_that_is_being_typed(person: Person) -> None:
    person.prompted()
    person.types("later\r")
    person.sees("asked: later")
    person.prompted()
    person.types("/price B")
    person.sees("BTC rose to 70,000")
    person.sees("[1] Chart")
    person.sees("/price B")  # drawn again, below
    person.types("TC\r")
    person.sees("asked: /price BTC")
    person.prompted()
    person.types("1\r")
    person.sees("BTC, one hour")
    person.prompted()
    person.types("\x04")
    assert person.leaves() == 0
