"""A platform that fails starts again alone; one that cannot be healed stops alone, with a sentence."""

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import dataclass

import pytest

from app.wiring.roles import open_services
from app.wiring.supervision import Supervisor
from core.errors import DeskError, Unavailable
from people.operators.platforms import Platforms, PlatformState
from tests.patience import PATIENCE_SECONDS


@dataclass(eq=False)
class Fatal(Unavailable):
    """No new start heals it."""


class Service:
    """Raises the errors one after the other, and then serves."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.starts = 0
        self.serves = asyncio.Event()

    async def run(self) -> None:
        self.starts += 1
        if self.errors:
            raise self.errors.pop(0)
        self.serves.set()
        await asyncio.Event().wait()


def supervisor(running: object, platforms: Platforms) -> Supervisor:
    return Supervisor(
        running,  # type: ignore[arg-type]
        platforms,
        random.Random(1),  # noqa: S311
        lambda error: f"the sentence of {type(error).__name__}",
        first_pause=0.01,
    )


async def in_time(work: Coroutine[object, object, object]) -> None:
    await asyncio.wait_for(work, PATIENCE_SECONDS)


async def test_each_error_starts_only_its_platform_again() -> None:
    platforms, good = Platforms(), Service()
    odd = Service(KeyError("shard"), ExceptionGroup("group", [ValueError("x")]), Unavailable(), TypeError())
    async with open_services() as running:
        keeper = supervisor(running, platforms)
        keeper.run("telegram", good.run, (Fatal,))
        keeper.run("discord", odd.run, (Fatal,))
        await in_time(odd.serves.wait())
        health = platforms.health()
    assert (good.starts, odd.starts) == (1, 5)
    assert health["telegram"].restarts == 0
    assert (health["discord"].state, health["discord"].restarts) == (PlatformState.RUNNING, 4)


async def test_a_service_that_returns_starts_again() -> None:
    platforms, service, returns = Platforms(), Service(), [None, None]

    async def run() -> None:
        if returns:
            returns.pop()
            return
        await service.run()

    async with open_services() as running:
        supervisor(running, platforms).run("telegram", run, (Fatal,))
        await in_time(service.serves.wait())
        health = platforms.health()
    assert (health["telegram"].state, health["telegram"].restarts) == (PlatformState.RUNNING, 2)


async def test_a_fatal_error_stops_only_its_platform(capsys: pytest.CaptureFixture[str]) -> None:
    platforms, good, bad = Platforms(), Service(), Service(ExceptionGroup("group", [Fatal()]))
    async with open_services() as running:
        keeper = supervisor(running, platforms)
        keeper.run("telegram", good.run, (Fatal,))
        keeper.run("discord", bad.run, (Fatal,))
        await in_time(good.serves.wait())
        health = platforms.health()
    assert (health["telegram"].state, health["discord"].state) == (PlatformState.RUNNING, PlatformState.STOPPED)
    assert bad.starts == 1
    assert "the sentence of Fatal" in capsys.readouterr().err


async def test_the_last_fatal_error_ends_the_wait() -> None:
    platforms = Platforms()
    async with open_services() as running:
        keeper = supervisor(running, platforms)
        for name in ("telegram", "discord"):
            keeper.run(name, Service(Fatal()).run, (Fatal,))
        with pytest.raises(DeskError):
            await in_time(keeper.wait())
