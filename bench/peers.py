"""What ours is measured beside, each doing with the same ticks what it was written to do. All return ticks a second."""

import asyncio
import importlib.util
import json
import time
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis

from pipeline.market import Tick

CRYPTOFEED = importlib.util.find_spec("cryptofeed") is not None
"""Whether cryptofeed is installed: only the bench environment has it."""

KEPT = 1000
"""Points a symbol that the original keeps."""

Frames = Sequence[Sequence[Tick]]


async def write_as_the_original(url: str, frames: Frames) -> float:
    """The original's consumer loop: command after command, on the same client and loop as ours."""
    async with Redis.from_url(url) as client:
        await client.ping()
        since = time.perf_counter()
        for tick in (tick for frame in frames for tick in frame):
            key = f"price_history:{tick.symbol}"
            await client.lpush(key, json.dumps({"price": float(tick.price), "timestamp": tick.time}))
            await client.ltrim(key, 0, KEPT - 1)
            await client.hset("current_prices", tick.symbol, tick.price)
            await client.hset("last_update", tick.symbol, tick.time)
        return _rate(frames, since)


async def write_with_cryptofeed(url: str, frames: Frames, frames_a_pipeline: int = 1) -> float:
    """Cryptofeed's TickerRedis, which sends what waits for it in one pipeline: here so many frames."""
    from cryptofeed.backends.redis import TickerRedis  # noqa: PLC0415 - only the bench environment has it

    stream = _tickers(frames)
    backend = TickerRedis()
    backend.redis = url
    backend.start(asyncio.get_running_loop())
    since = time.perf_counter()
    for number, frame in enumerate(stream, start=1):
        for ticker in frame:
            await backend(ticker, ticker.timestamp)
        if number % frames_a_pipeline == 0 or number == len(stream):
            await backend.queue.join()
    rate = _rate(frames, since)
    await backend.stop()
    await backend.worker
    return rate


async def send_with_cryptofeed(bootstrap: str, topic: str, frames: Frames) -> float:
    """Cryptofeed's TickerKafka with its own settings, to one topic that is there already: of itself it writes to a
    topic of each symbol, which costs it more."""
    from cryptofeed.backends.kafka import TickerKafka  # noqa: PLC0415 - only the bench environment has it

    class OneTopic(TickerKafka):  # type: ignore[misc]
        def topic(self, _data: object) -> str:
            return topic

    stream = _tickers(frames)
    backend = OneTopic(bootstrap_servers=bootstrap)
    backend.start(asyncio.get_running_loop())
    await backend(stream[0][0], stream[0][0].timestamp)  # it connects with the first
    await backend.queue.join()
    since = time.perf_counter()
    for frame in stream:
        for ticker in frame:
            await backend(ticker, ticker.timestamp)
    await backend.queue.join()
    rate = _rate(frames, since)
    await backend.stop()
    await backend.worker
    return rate


def _tickers(frames: Frames) -> list[list[Any]]:
    from cryptofeed.types import Ticker  # noqa: PLC0415 - only the bench environment has it

    return [[Ticker("BINANCE", t.symbol, float(t.bid), float(t.ask), t.time / 1000) for t in frame] for frame in frames]


def _rate(frames: Frames, since: float) -> float:
    return sum(map(len, frames)) / (time.perf_counter() - since)
