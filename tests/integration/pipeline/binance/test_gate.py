"""The wait for leave to connect is no part of a connection's life."""

import asyncio
import random

from core.clock import steady_clock, wall_clock
from pipeline.binance.connect_limit import ConnectLimit
from pipeline.binance.stream import MarketStream, StreamPace, _Session
from tests.fakes.binance import FakeBinance

WAIT_SECONDS = 5.0


class SlowGate(ConnectLimit):
    async def acquire(self) -> None:
        await asyncio.sleep(WAIT_SECONDS)


async def test_the_wait_at_the_gate_does_not_make_a_connection_long_lived() -> None:
    async with FakeBinance() as fake:
        stream = MarketStream(
            fake.ws_url,
            list,
            lambda _event, _moment: None,
            wall_clock,
            steady=steady_clock,
            rng=random.Random(1),  # noqa: S311 jitter
            pace=StreamPace(stall_seconds=60.0),
            gate=SlowGate(),
        )
        session = _Session(["!miniTicker@arr"])
        loop = asyncio.get_running_loop()
        began = loop.time()
        task = asyncio.create_task(stream._guarded(session))
        await session.ready.wait()
        await fake.disconnect()
        lived = await task
        assert 0 < lived <= loop.time() - began - WAIT_SECONDS
