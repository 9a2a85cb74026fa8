"""What each role weighs as a process of its own, on a real Kafka, PostgreSQL and Valkey.

A recording of synthetic symbols, made here, is played at many times its speed; most of their histories is in Redis when
it begins. Memory (PSS, with children) is looked at after an hour of it, when each history is full, and again after one
more: by then it should have stopped growing. The producer holds the recording and its rolling day, which a producer of
live prices does not.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import uvloop
from redis.asyncio import Redis

from app.database.migrate import migrate
from app.engines import Engines
from bench import telegram_server
from bench.figure import Figure
from bench.servers import broker, engines_folder
from core.clock import wall_clock
from pipeline.market import MINUTE_MS, Tick
from pipeline.replay.candle_source import ReplaySource
from pipeline.settings import ReplaySettings, StoreSettings
from pipeline.store import codec
from pipeline.store.redis import open_store

ROLES = {
    "produce": ("produce",),
    "consume writer": ("consume", "writer"),
    "consume archiver": ("consume", "archiver"),
    "triggers": ("triggers",),
    "jobs": ("jobs",),
    "bot": ("bot",),
}
_SPEED = 120
_SYMBOLS_A_CALL = 100
_LIMIT_SECONDS = 170.0
_LOOKS, _POLL_SECONDS = 7, 0.3
_END_SECONDS = 15.0
_START = 1_759_276_800_000 + 17 * 60 * MINUTE_MS  # 2025-10-01 17:00 UTC
_MIB = 2**20
_COMPLAINTS = "complaints.txt"
_MAX_GROWTH = 1.1


@dataclass(frozen=True, slots=True)
class Size:
    """Which roles, how many symbols, how many points of each are kept, and the minutes of the recording between the two
    looks, and those after them for a machine that is late."""

    roles: tuple[str, ...]
    symbols: int
    points: int
    more: int
    spare: int


FULL = Size(tuple(ROLES), 3000, StoreSettings().history_points, more=60, spare=30)
SMALL = Size(("produce", "consume writer"), 20, StoreSettings().history_points, more=3, spare=1000)


@dataclass(frozen=True, slots=True)
class Look:
    """Bytes of each role's memory and of Redis' data, and how many points of each symbol had been written."""

    roles: dict[str, float]
    redis: int
    points: int


def run(size: Size = FULL) -> list[Figure]:
    with engines_folder() as folder, broker() as bootstrap, Engines(folder / "engines") as engines:
        recording = record(folder / "synthetic.parquet", size.symbols, 2 * size.more + size.spare)
        migrate(engines.postgres_dsn)
        servers = {
            "POSTGRES__DSN": engines.postgres_dsn,
            "REDIS__URL": engines.redis_url,
            "KAFKA__BOOTSTRAP": bootstrap,
            "KAFKA__TOPIC": "bench-roles",
        }
        return uvloop.run(_measure(folder, recording, servers, size))


def record(path: Path, symbols: int, minutes: int) -> Path:
    """A parquet file of 1-minute candles whose prices wander a little."""
    chance, count = np.random.default_rng(1), symbols * minutes
    names = pa.array([f"S{number:04d}USDC" for number in range(symbols)])
    walk = np.cumsum(chance.normal(0, 2e-4, (symbols, minutes)), axis=1)
    close = np.round(10.0 ** chance.uniform(0, 4, (symbols, 1)) * np.exp(walk), 6)
    opened = np.concatenate((close[:, :1], close[:, :-1]), axis=1)
    columns = {
        "symbol": pa.DictionaryArray.from_arrays(np.repeat(np.arange(symbols, dtype=np.int32), minutes), names),
        "open_time": np.tile(_START + np.arange(minutes) * MINUTE_MS, symbols),
        "open": opened.ravel(),
        "high": np.maximum(opened, close).ravel(),
        "low": np.minimum(opened, close).ravel(),
        "close": close.ravel(),
        "volume": chance.uniform(1, 100, count),
    }
    pq.write_table(pa.table(columns), path)
    return path


async def _measure(folder: Path, recording: Path, servers: dict[str, str], size: Size) -> list[Figure]:
    start = datetime.fromtimestamp(_START / 1000, UTC).strftime("%Y-%m-%dT%H:%M")
    await _fill(servers["REDIS__URL"], recording, ReplaySettings(speed=_SPEED, start=start), size)
    telegram, since = telegram_server.Server(), time.monotonic()
    async with telegram_server.opened(telegram) as port, Redis.from_url(servers["REDIS__URL"]) as redis:
        settings = servers | {
            "MARKET": f"replay:{recording}",
            "REPLAY__SPEED": str(_SPEED),
            "REPLAY__START": start,
            "STORE__HISTORY_POINTS": str(size.points),
            "TELEGRAM__TOKEN": "1:roles",
            "TELEGRAM__API_URL": f"http://127.0.0.1:{port}",
            "TELEGRAM__FILE_URL": f"http://127.0.0.1:{port}",
        }
        async with _roles(folder, settings, size.roles) as running, asyncio.timeout(_LIMIT_SECONDS):
            full = await _look(folder, redis, running, size.points, size.symbols)
            later = await _look(folder, redis, running, full.points + size.more, size.symbols)
    seconds = time.monotonic() - since
    return list(_figures(full, later, seconds, size))


async def _fill(url: str, recording: Path, settings: ReplaySettings, size: Size) -> None:
    """Histories as the hours before would have left them, full but for the first hour of the recording."""
    async with ReplaySource(recording, settings, wall_clock) as source, open_store(url, size.points) as store:
        await store.start(source.info())
        names = [rules.symbol for rules in await source.rules()]
        for start in range(0, len(names), _SYMBOLS_A_CALL):
            part = names[start : start + _SYMBOLS_A_CALL]
            times = range(_START - (size.points - size.more) * MINUTE_MS, _START, MINUTE_MS)
            await store.write([Tick(name, time_ms, "1.5") for time_ms in times for name in part])


@asynccontextmanager
async def _roles(
    folder: Path, settings: dict[str, str], names: Sequence[str]
) -> AsyncIterator[dict[str, asyncio.subprocess.Process]]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PAPERDESK_")}
    running: dict[str, asyncio.subprocess.Process] = {}
    complaints = (folder / _COMPLAINTS).open("wb")
    try:
        for name in names:
            home = {"PAPERDESK_DATA_DIR": str(folder / name.replace(" ", "-"))}
            running[name] = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "app.cli.main", *ROLES[name]),
                env=plain | home | {f"PAPERDESK_{key}": value for key, value in settings.items()},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=complaints,
                stderr=complaints,
            )
        yield running
    finally:
        for process in running.values():
            with suppress(ProcessLookupError):
                process.terminate()
        await asyncio.gather(*(_ended(process) for process in running.values()))
        complaints.close()


async def _ended(process: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(_END_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def _look(
    folder: Path, redis: "Redis", running: dict[str, asyncio.subprocess.Process], points: int, symbols: int
) -> Look:
    """Once so many points of every symbol were written. Of several looks at the memory, the median."""
    while (written := await _points(redis, symbols)) < points:
        if ended := [name for name, process in running.items() if process.returncode is not None]:
            said = (folder / _COMPLAINTS).read_text("utf-8", "replace")[-2000:]
            raise RuntimeError(f"ended by themselves: {', '.join(ended)}: {said}")
        await asyncio.sleep(_POLL_SECONDS)
    sizes: dict[str, list[int]] = {name: [] for name in running}
    for _ in range(_LOOKS):
        for name, process in running.items():
            sizes[name].append(_size(process.pid))
        await asyncio.sleep(_POLL_SECONDS)
    used = (await redis.info("memory"))["used_memory"]
    return Look({name: median(found) for name, found in sizes.items()}, int(used), written)


async def _points(redis: "Redis", symbols: int) -> int:
    """Of the symbol that has the fewest."""
    counts = await redis.hvals(codec.HISTORY_COUNTS)
    return min(map(int, counts)) if len(counts) == symbols else 0


def _size(pid: int) -> int:
    process = psutil.Process(pid)
    sizes = [each.memory_full_info() for each in (process, *process.children(recursive=True))]
    return sum(getattr(size, "pss", size.rss) for size in sizes)


def _figures(full: Look, later: Look, seconds: float, size: Size) -> Iterator[Figure]:
    played = f"{later.points - size.points + size.more} minutes of the recording in {seconds:.0f} s"
    for name, used in full.roles.items():
        notes = {"produce": "holds the recording and its rolling day", "bot": "Telegram alone, nobody writes"}
        yield Figure(f"{name}: memory (PSS)", used / _MIB, "MiB", note=notes.get(name, ""))
        sizes = f"{used / _MIB:.1f} MiB, then {later.roles[name] / _MIB:.1f} MiB"
        growth = later.roles[name] / used
        yield Figure(f"{name}: after one more hour of replay", growth, "x", at_most=_MAX_GROWTH, note=sizes)
    yield Figure(f"Redis with {size.symbols} x {size.points} points", full.redis / _MIB, "MiB", note=played)
    note = f"{later.redis / _MIB:.1f} MiB"
    yield Figure("Redis after one more hour of replay", later.redis / full.redis, "x", at_most=_MAX_GROWTH, note=note)
