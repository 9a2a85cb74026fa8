"""Candles into PostgreSQL: the archive, which may be given anything twice, beside plain COPY of the same rows.

Both write to the same partitioned table with its key and its checks, emptied in between, and take turns; figures are
medians of the rounds, the ratio the median of each round's ratio.
"""

import random
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import asyncpg
import uvloop
from msgspec.structs import astuple

from app.database.migrate import ROLE, migrate
from app.engines import Engines
from bench.figure import Figure
from pipeline.archive.postgres import ROWS_A_CALL, CandleArchive
from pipeline.market import MINUTE_MS, Candle, Symbol

SYMBOLS = [Symbol(f"S{number:04d}USDC") for number in range(250)]
_START = 1_759_276_800_000  # 2025-10-01 00:00 UTC
_MARKET = "bench"

Write = Callable[[Sequence[Candle]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Size:
    """Rounds and their minutes; single minutes; and the batches after which memory is looked at."""

    rounds: int
    minutes: int
    live_minutes: int
    warm_batches: int
    batches: int


FULL = Size(rounds=5, minutes=400, live_minutes=60, warm_batches=100, batches=400)
SMALL = Size(rounds=1, minutes=20, live_minutes=2, warm_batches=2, batches=10)


def run(size: Size = FULL) -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-bench-"))
    try:
        with Engines(folder) as engines:
            migrate(engines.postgres_dsn)
            return uvloop.run(_measure(engines.postgres_dsn, size))
    finally:
        shutil.rmtree(folder)


async def _measure(dsn: str, size: Size) -> list[Figure]:
    owner = await asyncpg.connect(dsn)
    async with asyncpg.create_pool(dsn, min_size=1, max_size=2, server_settings={"role": ROLE}) as pool:
        figures = [
            *await _rates(owner, pool, size),
            await _live(owner, pool, size.live_minutes),
            *await _memory(owner, pool, size),
        ]
    await owner.close()
    return figures


async def _rates(
    owner: "asyncpg.Connection[asyncpg.Record]", pool: "asyncpg.Pool[asyncpg.Record]", size: Size
) -> list[Figure]:
    archive = CandleArchive(pool)

    async def ours(batch: Sequence[Candle]) -> None:
        await archive.insert(_MARKET, batch)

    async def copy(batch: Sequence[Candle]) -> None:
        await pool.copy_records_to_table("candle", records=[(_MARKET, *astuple(candle)) for candle in batch])

    batches = list(_in_parts(minutes(size.minutes), ROWS_A_CALL))
    rates: dict[str, list[float]] = {"copy": [], "ours": [], "again": []}
    for _ in range(size.rounds):
        for name, write in {"copy": copy, "ours": ours, "again": ours}.items():
            if name != "again":
                await _empty(owner)
            rates[name].append(await _rate(write, batches))
            if await owner.fetchval("SELECT count(*) FROM candle") != size.minutes * len(SYMBOLS):
                raise AssertionError("every candle once")
    ratio = median(a / b for a, b in zip(rates["ours"], rates["copy"], strict=True))
    return [
        Figure("plain COPY of candles", median(rates["copy"]), "candles/s", note=f"{ROWS_A_CALL} rows a call"),
        Figure("candle archive", median(rates["ours"]), "candles/s", note="checked, in order, each once"),
        Figure("candle archive / plain COPY", ratio, "x", at_least=0.5),
        Figure("candle archive, all delivered again", median(rates["again"]), "candles/s", note="nothing changes"),
    ]


async def _live(
    owner: "asyncpg.Connection[asyncpg.Record]", pool: "asyncpg.Pool[asyncpg.Record]", count: int
) -> Figure:
    """A minute of every symbol at a time, as it comes from the bus."""
    await _empty(owner)
    archive = CandleArchive(pool)
    took = []
    for batch in _in_parts(minutes(count), len(SYMBOLS)):
        since = time.perf_counter()
        await archive.insert(_MARKET, batch)
        took.append((time.perf_counter() - since) * 1000)
    return Figure(f"a minute of {len(SYMBOLS)} symbols", median(took), "ms", note=f"slowest {max(took):.0f} ms")


async def _memory(
    owner: "asyncpg.Connection[asyncpg.Record]", pool: "asyncpg.Pool[asyncpg.Record]", size: Size
) -> list[Figure]:
    """Of this process, after some batches and after four times as many; every tenth is delivered again."""
    await _empty(owner)
    archive = CandleArchive(pool)
    early = 0
    for number, batch in enumerate(_in_parts(minutes(size.batches * 4), 4 * len(SYMBOLS)), start=1):
        await archive.insert(_MARKET, batch)
        if number % 10 == 0:
            await archive.insert(_MARKET, batch)
        if number == size.warm_batches:
            early = _resident()
    late = _resident()
    note = f"{early / 2**20:.0f} MiB, then {late / 2**20:.0f} MiB"
    return [
        Figure(
            f"memory after {size.batches} batches / after {size.warm_batches}",
            late / early,
            "x",
            at_most=1.05,
            note=note,
        )
    ]


def minutes(count: int) -> Iterator[Candle]:
    """Every symbol's candle of each minute, in the order in which a market says them."""
    chance = random.Random(1)
    for number in range(count):
        for symbol in SYMBOLS:
            price, volume = 100 + chance.random(), chance.random() * 10
            yield Candle(
                symbol, _START + number * MINUTE_MS, price, price + 1, price - 1, price + 0.5, volume, volume * price,
                chance.randrange(500),
            )  # fmt: skip


def _in_parts(candles: Iterator[Candle], size: int) -> Iterator[list[Candle]]:
    part: list[Candle] = []
    for candle in candles:
        part.append(candle)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


async def _rate(write: Write, batches: Sequence[Sequence[Candle]]) -> float:
    since = time.perf_counter()
    for batch in batches:
        await write(batch)
    return sum(map(len, batches)) / (time.perf_counter() - since)


async def _empty(owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    await owner.execute("TRUNCATE candle")
    await owner.execute("SELECT make_candle_partitions($1, $2)", _START, _START)
    await owner.execute("CHECKPOINT")


def _resident() -> int:
    for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0
