"""Recordings that a test writes, and the source that plays them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.market import DAY_MS, MINUTE_MS, Frame, Symbol, Tick
from pipeline.replay.candle_source import ReplaySource
from pipeline.settings import ReplaySettings

BEGINS = 18_720 * DAY_MS  # 2021-04-03
BTC, ETH = Symbol("BTCUSDT"), Symbol("ETHUSDT")
WALL = 1_800_000_000_000
Row = tuple[str, int, float, float]  # symbol, minute, close, volume


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = WALL

    def clock(self) -> int:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += max(round(seconds * 1000), 1)
        await asyncio.sleep(0)


def write(path: Path, rows: Sequence[Row], width: int = MINUTE_MS, **columns: pa.Array) -> Path:
    symbols, minutes, closes, volumes = (list(side) for side in zip(*rows, strict=True))
    prices = np.array(closes, float)
    table = {
        "symbol": pa.array(symbols, pa.string()),
        "open_time": pa.array([BEGINS + minute * width for minute in minutes], pa.int64()),
        "open": prices,
        "high": prices * 1.01,
        "low": prices * 0.99,
        "close": prices,
        "volume": np.array(volumes, float),
    }
    pq.write_table(pa.table(table | columns), path)
    return path


def at(minute: float) -> str:
    return f"2021-04-03T{int(minute) // 60:02d}:{int(minute) % 60:02d}:{round(minute % 1 * 60):02d}"


def source(path: Path, start: str = "", speed: float = 1.0, clock: FakeTime | None = None, **more: int) -> ReplaySource:
    clock = clock or FakeTime()
    settings = ReplaySettings(start=start, speed=speed, **more)
    return ReplaySource(path, settings, clock.clock, sleep=clock.sleep)


async def play(replay: ReplaySource) -> list[Frame]:
    async with replay:
        return [frame async for frame in replay.frames()]


def ticks_of(frames: Sequence[Frame], symbol: Symbol = BTC) -> list[Tick]:
    return [tick for frame in frames for tick in frame.ticks if tick.symbol == symbol]


def minute_of(tick: Tick) -> int:
    return (tick.time - BEGINS) // MINUTE_MS
