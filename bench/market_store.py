"""The market store: ticks into Redis beside two peers, history into numpy beside JSON lists, memory a point.

All of it on one Valkey in one run, with uvloop and hiredis for everybody. Ours and the peers take turns, so that what
else the machine does hits all of them; figures are medians of the rounds, ratios medians of each round's ratio. The
original's loop waits for one answer after the other, so its rate is that of the machine's wake-ups: on a machine that
idles otherwise it is a third of what it is on a busy one, whose cores never fall asleep.
"""

import json
import random
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import uvloop
from redis.asyncio import Redis

from app.engines import Engines
from bench.figure import Figure
from bench.peers import CRYPTOFEED, write_as_the_original, write_with_cryptofeed
from pipeline.market import Symbol, Tick
from pipeline.settings import StoreSettings
from pipeline.store import layout
from pipeline.store.redis import open_store

SYMBOLS = [Symbol(f"S{number:03d}USDC") for number in range(250)]
POINTS = StoreSettings().history_points
_START = 1_760_000_400_000
_ROUNDS = 5
_OURS, _ORIGINALS, _CRYPTOFEEDS, _LOADS = 200, 4, 40, 10


def run() -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-bench-"))
    try:
        with Engines(folder) as engines:
            return uvloop.run(_measure(engines.redis_url))
    finally:
        shutil.rmtree(folder)


async def _measure(url: str) -> list[Figure]:
    writers = {"ours": _write_ours, "original": _write_as_the_original}
    if CRYPTOFEED:
        writers |= {"a frame": partial(_write_with_cryptofeed, 1), "ten frames": partial(_write_with_cryptofeed, 10)}
    rates: dict[str, list[float]] = {name: [] for name in writers}
    for _ in range(_ROUNDS):
        for name, write in writers.items():
            await _empty(url)
            rates[name].append(await write(url))
    return [*_writing(rates), *await _history(url)]


def _writing(rates: dict[str, list[float]]) -> Iterator[Figure]:
    ours, original = rates.pop("ours"), rates.pop("original")
    yield Figure("market writer", median(ours), "ticks/s", note="250-symbol frames, one round trip each, AOF on")
    yield Figure("the original's loop", median(original), "ticks/s", note="LPUSH JSON, LTRIM, HSET, HSET a symbol")
    yield Figure("market writer / the original's loop", _ratio(ours, original), "x", at_least=50)
    if not rates:
        yield Figure("market writer / cryptofeed", 0.0, "x", note="not measured: cryptofeed absent")
        return
    pipeline, peer = max(rates.items(), key=lambda item: median(item[1]))
    yield Figure("cryptofeed TickerRedis", median(peer), "ticks/s", note=f"its faster way: {pipeline} a pipeline")
    yield Figure("market writer / cryptofeed", _ratio(ours, peer), "x", at_least=2)


def _ratio(ours: list[float], peers: list[float]) -> float:
    return median(a / b for a, b in zip(ours, peers, strict=True))


def frames(count: int) -> list[list[Tick]]:
    """Every symbol confirmed once a second at a new price."""
    chance = random.Random(1)
    return [
        [
            Tick(
                symbol, _START + number * 1000, f"{100 + chance.random():.4f}", f"{99 + chance.random():.4f}", "1.25",
                f"{101 + chance.random():.4f}", "3.5", "99.0", "103.1", "97.2", "1234567.89",
            )
            for symbol in SYMBOLS
        ]
        for number in range(count)
    ]  # fmt: skip


def _rate(count: int, since: float) -> float:
    return count * len(SYMBOLS) / (time.perf_counter() - since)


async def _empty(url: str) -> None:
    async with Redis.from_url(url) as client:
        await client.flushall()


async def _write_ours(url: str) -> float:
    stream = frames(_OURS)
    async with open_store(url, POINTS) as store:
        await store.write(stream[0])
        since = time.perf_counter()
        for frame in stream[1:]:
            await store.write(frame)
        return _rate(_OURS - 1, since)


async def _write_as_the_original(url: str) -> float:
    return await write_as_the_original(url, frames(_ORIGINALS))


async def _write_with_cryptofeed(frames_a_pipeline: int, url: str) -> float:
    return await write_with_cryptofeed(url, frames(_CRYPTOFEEDS), frames_a_pipeline)


# -- history -----------------------------------------------------------------------------------------


async def _history(url: str) -> list[Figure]:
    await _empty(url)
    async with open_store(url, POINTS) as store, Redis.from_url(url) as client:
        for frame in frames(POINTS + 10):
            await store.write(frame)
        rings = await _seconds(_LOADS, lambda: store.histories(SYMBOLS))
        loaded = await store.histories(SYMBOLS)
        size = await client.memory_usage(layout.HISTORY_PREFIX + SYMBOLS[0]) or 0
        await _write_lists(client, loaded)
        lists = await _seconds(2, lambda: _load_lists(client))
        if any(
            not np.array_equal(points["price"], prices)
            for points, prices in zip(loaded.values(), (await _load_lists(client)).values(), strict=True)
        ):
            raise AssertionError("both layouts must give the same prices")
    return [
        Figure("history of 250 x 1000 points into numpy", rings * 1000, "ms", note=f"lists: {lists * 1000:.0f} ms"),
        Figure("JSON lists / rings, loading", lists / rings, "x", at_least=20),
        Figure("memory a point", size / POINTS, "bytes", at_most=24, note="MEMORY USAGE of one full history"),
    ]  # fmt: skip


async def _seconds(times: int, load: Callable[[], Awaitable[object]]) -> float:
    taken = []
    for _ in range(times):
        since = time.perf_counter()
        await load()
        taken.append(time.perf_counter() - since)
    return min(taken)


async def _write_lists(client: Redis, loaded: dict[Symbol, layout.Points]) -> None:
    for symbol, points in loaded.items():
        items = [json.dumps({"price": price, "timestamp": moment}) for moment, price in points.tolist()]
        await client.lpush(f"list:{symbol}", *items)


async def _load_lists(client: Redis) -> dict[Symbol, np.ndarray]:
    async with client.pipeline(transaction=False) as pipe:
        for symbol in SYMBOLS:
            pipe.lrange(f"list:{symbol}", 0, -1)
        lists = await pipe.execute()
    return {
        symbol: np.array([json.loads(item)["price"] for item in reversed(items)])
        for symbol, items in zip(SYMBOLS, lists, strict=True)
    }
