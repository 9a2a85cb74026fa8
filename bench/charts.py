"""Charts: ours beside mplfinance's, in one run and one process; a card's line; what 500 charts leave in memory."""

import asyncio
import io
import math
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from importlib.metadata import version
from importlib.util import find_spec

import psutil

from bench.figure import Figure
from bot.ui.charts.ports import ChartOption, ChartStyle
from bot.ui.charts.renderer import ChartRenderer
from bot.ui.charts.specs import Spec
from bot.ui.charts.workers.draw import render
from bot.ui.charts.workers.pool import ChartWorkers
from bot.ui.texts import load_catalogs
from people.person import Language, Theme
from pipeline.market import Candle, Interval, Symbol
from trading.indicators.registry import INDICATORS

MPLFINANCE = find_spec("mplfinance") is not None
"""Whether the peer is installed: only the bench environment has it."""

_PATIENCE_SECONDS = 120.0
_START = 1_760_000_400_000
_SYMBOL = Symbol("BTCUSDC")
_STYLE = ChartStyle(Theme.DARK, Language.ENGLISH, UTC)
_SHOWN = 120
_INDICATORS = (ChartOption.MA, ChartOption.RSI)


@dataclass(frozen=True, slots=True)
class Size:
    """Rounds that count and those before them; charts of the worker whose memory is looked at, and those before."""

    rounds: int
    warm_up: int
    charts: int
    first_charts: int


FULL = Size(rounds=15, warm_up=2, charts=500, first_charts=50)
SMALL = Size(rounds=1, warm_up=0, charts=2, first_charts=1)


def run(size: Size = FULL) -> list[Figure]:
    few, many = walk(120, seed=1), walk(500, seed=1)
    return [
        _against_mplfinance(few, size, most=0.35),
        _against_mplfinance(many, size, most=0.2),
        _indicators_against_mplfinance(walk(_SHOWN + max(each.warm_up for each in _INDICATORS), seed=1), size),
        _line(few, size),
        _through_the_worker(few, size.rounds),
        _growth(size),
    ]


def walk(count: int, seed: int) -> list[Candle]:
    """A seeded random walk of hourly candles."""
    chance, price, candles = random.Random(seed), 64_000.0, []
    for index in range(count):
        path = [price]
        for _ in range(6):
            path.append(path[-1] * math.exp(chance.gauss(0, 0.002)))
        opened, price = price, path[-1]
        time_ms = _START + index * Interval.H1.ms
        volume = abs(chance.gauss(30, 15))
        candles.append(Candle(_SYMBOL, time_ms, opened, max(path), min(path), price, volume))
    return candles


class _Keep:
    """Hands out the spec instead of a picture."""

    def __init__(self) -> None:
        self.specs: list[Spec] = []

    async def draw(self, spec: Spec) -> bytes:
        self.specs.append(spec)
        return b""


async def _chart(renderer: ChartRenderer, candles: list[Candle], options: Sequence[ChartOption] = ()) -> bytes:
    last = Decimal(str(round(candles[-1].close, 2)))
    return await renderer.candles(
        _SYMBOL,
        Interval.H1,
        candles,
        last=last,
        change_24h=Decimal("0.0123"),
        label="SIMULATION",
        style=_STYLE,
        shown=_SHOWN if options else None,
        options=options,
    )


def _spec(candles: list[Candle], options: Sequence[ChartOption] = ()) -> Spec:
    keep = _Keep()
    asyncio.run(_chart(ChartRenderer(keep, load_catalogs()), candles, options))
    return keep.specs[0]


def _against_mplfinance(candles: list[Candle], size: Size, most: float) -> Figure:
    spec, name = _spec(candles), f"chart of {len(candles)} candles"
    if not MPLFINANCE:
        return _alone(name, spec, size)
    ours_ms, theirs_ms = _medians(size, lambda: render(spec), _mplfinance(candles))
    versions = f"matplotlib {version('matplotlib')}, mplfinance {version('mplfinance')}"
    note = f"{ours_ms:.1f} ms against {theirs_ms:.1f} ms, 1000x600 candles and volume to PNG, {versions}"
    return Figure(f"{name} / mplfinance", ours_ms / theirs_ms, "x", at_most=most, note=note)


def _indicators_against_mplfinance(candles: list[Candle], size: Size) -> Figure:
    """Moving averages of 20 and 50 and an RSI pane. Theirs gets its RSI ready-made; ours computes it in the time."""
    spec, name = _spec(candles, _INDICATORS), f"chart of {_SHOWN} candles with indicators"
    if not MPLFINANCE:
        return _alone(name, spec, size)
    ours_ms, theirs_ms = _medians(size, lambda: render(spec), _mplfinance(candles[-_SHOWN:], indicators=True))
    note = f"{ours_ms:.1f} ms against {theirs_ms:.1f} ms: two averages, volume and a pane with RSI"
    return Figure(f"{name} / mplfinance", ours_ms / theirs_ms, "x", at_most=0.35, note=note)


def _alone(name: str, spec: Spec, size: Size) -> Figure:
    """Our side without its peer."""
    ours_ms, _ = _medians(size, lambda: render(spec), lambda: None)
    return Figure(name, ours_ms, "ms", note="not compared: mplfinance absent")


def _line(candles_of_chart: list[Candle], size: Size) -> Figure:
    """The day that stands under a price card: it is drawn for a command that everybody uses all the time."""
    keep, day = _Keep(), walk(96, seed=1)

    async def candles() -> list[Candle]:
        return day

    renderer = ChartRenderer(keep, load_catalogs())
    change = Decimal("0.0123")
    asyncio.run(renderer.sparkline(_SYMBOL, candles, change_24h=change, label="SIMULATION", style=_STYLE))
    spec, chart = keep.specs[0], _spec(candles_of_chart)
    line_ms, chart_ms = _medians(size, lambda: render(spec), lambda: render(chart))
    note = f"{line_ms:.1f} ms and {len(render(spec)) / 1000:.1f} KB, 96 candles, 640x160"
    return Figure(
        "line of a day under a price card / chart of 120 candles", line_ms / chart_ms, "x", at_most=0.5, note=note
    )


def _mplfinance(candles: list[Candle], *, indicators: bool = False) -> Callable[[], object]:
    """The same picture the way mplfinance's manual says, closed after each drawing."""
    import matplotlib as mpl  # noqa: PLC0415 - only the bench's own requirements have mplfinance
    import pandas as pd  # noqa: PLC0415

    mpl.use("Agg")
    mpl.set_loglevel("ERROR")  # its style asks for a font weight that does not exist
    import matplotlib.pyplot as plt  # noqa: PLC0415
    import mplfinance as mpf  # noqa: PLC0415

    columns = {
        "Open": [candle.open for candle in candles],
        "High": [candle.high for candle in candles],
        "Low": [candle.low for candle in candles],
        "Close": [candle.close for candle in candles],
        "Volume": [candle.volume for candle in candles],
    }
    frame = pd.DataFrame(columns, index=pd.to_datetime([candle.open_time for candle in candles], unit="ms"))

    strength = INDICATORS["rsi"].compute({"close": frame["Close"].to_numpy()})["rsi"]

    def draw() -> None:
        to = {"fname": io.BytesIO(), "dpi": 100}
        more = {"mav": (20, 50), "addplot": [mpf.make_addplot(strength, panel=2)]} if indicators else {}
        mpf.plot(
            frame, type="candle", volume=True, style="nightclouds", title=_SYMBOL, figsize=(10, 6), savefig=to,
            closefig=True, **more,
        )  # fmt: skip
        plt.close("all")

    return draw


def _medians(size: Size, ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of each, taken in turns so that a busy machine is unkind to both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(size.warm_up + size.rounds):
        for work, times in zip((ours, theirs), taken, strict=True):
            begun = time.perf_counter()
            work()
            if turn >= size.warm_up:
                times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken[0]), statistics.median(taken[1])


def _through_the_worker(candles: list[Candle], rounds: int) -> Figure:
    """What a command waits for: domain objects in, PNG out, through the pipe."""

    async def measure() -> tuple[float, float]:
        async with ChartWorkers(timeout_seconds=_PATIENCE_SECONDS) as workers:
            renderer = ChartRenderer(workers, load_catalogs())
            begun = time.perf_counter()
            await _chart(renderer, candles)
            first, times = time.perf_counter() - begun, []
            for _ in range(rounds):
                begun = time.perf_counter()
                await _chart(renderer, candles)
                times.append(time.perf_counter() - begun)
            return first, statistics.median(times)

    first, usual = asyncio.run(measure())
    note = f"the first one, with the start of the worker: {first * 1000:.0f} ms"
    return Figure("chart of 120 candles through the worker", usual * 1000, "ms", note=note)


def _growth(size: Size) -> Figure:
    """Resident memory of a worker after its first charts and after many more, all different."""

    async def measure() -> tuple[float, float]:
        async with ChartWorkers(timeout_seconds=_PATIENCE_SECONDS) as workers:
            renderer = ChartRenderer(workers, load_catalogs())
            for seed in range(size.first_charts):
                await _chart(renderer, walk(120, seed))
            before = _resident()
            for seed in range(size.first_charts, size.first_charts + size.charts):
                await _chart(renderer, walk(120 + seed % 7, seed))
            return before, _resident()

    before, after = asyncio.run(measure())
    note = f"{before:.1f} MB after {size.first_charts} charts, {after:.1f} MB after {size.charts} more"
    return Figure(f"chart worker's growth over {size.charts} charts", after - before, "MB", at_most=5.0, note=note)


def _resident() -> float:
    """MB of all children of this process: the worker is the only one."""
    resident: int = sum(child.memory_info().rss for child in psutil.Process().children())
    return resident / 2**20
