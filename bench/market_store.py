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
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
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
from pipeline.store import codec
from pipeline.store.redis import open_store

_START = 1_760_000_400_000


@dataclass(frozen=True, slots=True)
class Size:
    """Symbols and the points kept of each; rounds, frames that each writer writes in a round, and how often the
    histories are loaded."""

    symbols: int
    points: int
    rounds: int
    ours: int
    original: int
    cryptofeed: int
    loads: int


FULL = Size(250, StoreSettings().history_points, rounds=5, ours=200, original=4, cryptofeed=40, loads=10)
SMALL = Size(20, 50, rounds=1, ours=5, original=1, cryptofeed=2, loads=1)


def run(size: Size = FULL) -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-bench-"))
    try:
        with Engines(folder) as engines:
            return uvloop.run(_measure(engines.redis_url, size))
    finally:
        shutil.rmtree(folder)


async def _measure(url: str, size: Size) -> list[Figure]:
    many = frames(size.symbols, max(size.ours, size.original, size.cryptofeed))
    writers: dict[str, Callable[[str], Awaitable[float]]] = {
        "ours": partial(_write_ours, many[: size.ours], size.points),
        "original": partial(write_as_the_original, frames=many[: size.original]),
    }
    if CRYPTOFEED:
        for name, number in (("a frame", 1), ("ten frames", 10)):
            peer = partial(write_with_cryptofeed, frames=many[: size.cryptofeed], frames_a_pipeline=number)
            writers[name] = peer
    rates: dict[str, list[float]] = {name: [] for name in writers}
    for _ in range(size.rounds):
        for name, write in writers.items():
            await _empty(url)
            rates[name].append(await write(url))
    return [*_writing(rates, size), *await _history(url, size)]


def _writing(rates: dict[str, list[float]], size: Size) -> Iterator[Figure]:
    ours, original = rates.pop("ours"), rates.pop("original")
    yield Figure(
        "market writer", median(ours), "ticks/s", note=f"{size.symbols}-symbol frames, one round trip each, AOF on"
    )
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


def frames(symbols: int, count: int) -> list[list[Tick]]:
    """Every symbol confirmed once a second at a new price."""
    chance, names = random.Random(1), _names(symbols)
    return [
        [
            Tick(
                symbol, _START + number * 1000, f"{100 + chance.random():.4f}", f"{99 + chance.random():.4f}", "1.25",
                f"{101 + chance.random():.4f}", "3.5", "99.0", "103.1", "97.2", "1234567.89",
            )
            for symbol in names
        ]
        for number in range(count)
    ]  # fmt: skip


def _names(count: int) -> list[Symbol]:
    return [Symbol(f"S{number:03d}USDC") for number in range(count)]


async def _empty(url: str) -> None:
    async with Redis.from_url(url) as client:
        await client.flushall()


async def _write_ours(stream: list[list[Tick]], points: int, url: str) -> float:
    async with open_store(url, points) as store:
        await store.write(stream[0])
        since = time.perf_counter()
        for frame in stream[1:]:
            await store.write(frame)
        return sum(map(len, stream[1:])) / (time.perf_counter() - since)


# -- history -----------------------------------------------------------------------------------------


async def _history(url: str, size: Size) -> list[Figure]:
    await _empty(url)
    names = _names(size.symbols)
    async with open_store(url, size.points) as store, Redis.from_url(url) as client:
        for frame in frames(size.symbols, size.points + 10):
            await store.write(frame)
        rings = await _seconds(size.loads, lambda: store.histories(names))
        loaded = await store.histories(names)
        used = await client.memory_usage(codec.HISTORY_PREFIX + names[0]) or 0
        await _write_lists(client, loaded)
        lists = await _seconds(min(2, size.loads), lambda: _load_lists(client, names))
        if any(
            not np.array_equal(points["price"], prices)
            for points, prices in zip(loaded.values(), (await _load_lists(client, names)).values(), strict=True)
        ):
            raise AssertionError("both layouts must give the same prices")
    shape = f"{size.symbols} x {size.points}"
    return [
        Figure(f"history of {shape} points into numpy", rings * 1000, "ms", note=f"lists: {lists * 1000:.0f} ms"),
        Figure("JSON lists / rings, loading", lists / rings, "x", at_least=20),
        Figure("memory a point", used / size.points, "bytes", at_most=24, note="MEMORY USAGE of one full history"),
    ]  # fmt: skip


async def _seconds(times: int, load: Callable[[], Awaitable[object]]) -> float:
    taken = []
    for _ in range(times):
        since = time.perf_counter()
        await load()
        taken.append(time.perf_counter() - since)
    return min(taken)


async def _write_lists(client: Redis, loaded: dict[Symbol, codec.Points]) -> None:
    for symbol, points in loaded.items():
        items = [json.dumps({"price": price, "timestamp": moment}) for moment, price in points.tolist()]
        await client.lpush(f"list:{symbol}", *items)


async def _load_lists(
    client: Redis, names: Sequence[Symbol]
) -> dict[Symbol, "np.ndarray[tuple[int], np.dtype[np.float64]]"]:
    async with client.pipeline(transaction=False) as pipe:
        for symbol in names:
            pipe.lrange(f"list:{symbol}", 0, -1)
        lists = await pipe.execute()
    return {
        symbol: np.array([json.loads(item)["price"] for item in reversed(items)])
        for symbol, items in zip(names, lists, strict=True)
    }
