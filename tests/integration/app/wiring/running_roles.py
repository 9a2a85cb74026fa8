"""Roles that run in the process of a test, and the conditions it waits for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from pipeline.bus import Bus
from pipeline.errors import MarketUnavailable
from pipeline.flow import ARCHIVER_GROUP
from pipeline.market import MINUTE_MS, Symbol
from tests.patience import PATIENCE_SECONDS

M = MINUTE_MS
SYMBOLS = [Symbol(f"S{number}USDC") for number in range(20)]


@asynccontextmanager
async def running(*services: Awaitable[None]) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_run(service)) for service in services]
        yield
        for task in tasks:
            task.cancel()


async def _run(service: Awaitable[None]) -> None:
    await service


async def until(is_so: Callable[[], Awaitable[bool]], seconds: float = PATIENCE_SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not await is_so():  # noqa: ASYNC110 - what is waited for lies in a server
            await asyncio.sleep(0.02)


async def nothing_waits(bus: Bus, group: str = ARCHIVER_GROUP) -> bool:
    try:
        return sum((await bus.lag(group)).values()) == 0
    except MarketUnavailable:  # a broker that has only just begun knows no groups yet
        return False
