"""Specs of charts as the renderer makes them, without a worker."""

import asyncio
import io
import math
import random
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from PIL import Image

from bot.ui.charts.ports import NO_ANNOTATIONS, ChartAnnotations, ChartOption, ChartStyle, HeatmapTile
from bot.ui.charts.relative_performance import ways_of
from bot.ui.charts.renderer import ChartRenderer
from bot.ui.charts.specs import Spec
from bot.ui.texts import load_catalogs
from ml.forecast import Forecast
from people.person import Language, Theme
from pipeline.market import Candle, Interval, Symbol
from trading.portfolio.equity_curve import EquityPoint
from trading.portfolio.positions import Portfolio, Position

START = 1_760_000_400_000  # 2025-10-09 09:00 UTC
BTC = Symbol("BTCUSDC")
CATALOGS = load_catalogs()


class Keep:
    """A drawer that hands out the spec."""

    def __init__(self) -> None:
        self.spec: Spec | None = None

    async def draw(self, spec: Spec) -> bytes:
        self.spec = spec
        return b""


def style(theme: str = "dark", language: str = "en", zone: str = "UTC") -> ChartStyle:
    return ChartStyle(Theme(theme), Language(language), ZoneInfo(zone))


def spec_of(call: Any) -> Any:
    """The spec that `call(renderer)` would have drawn."""
    keep = Keep()
    _finish(call(ChartRenderer(keep, CATALOGS)))
    return keep.spec


def _finish(work: Coroutine[Any, Any, bytes]) -> None:
    """Runs a coroutine that never waits for anything, also inside a running loop."""
    try:
        work.send(None)
    except StopIteration:
        return
    raise AssertionError("the renderer waited for something other than its drawer")


def walk(
    count: int = 120,
    interval: Interval = Interval.H1,
    *,
    price: float = 64_000.0,
    spread: float = 0.004,
    seed: int = 1,
    symbol: Symbol = BTC,
) -> list[Candle]:
    chance, candles = random.Random(seed), []  # noqa: S311
    start = START - START % interval.ms
    for index in range(count):
        path = [price]
        for _ in range(6):
            path.append(path[-1] * math.exp(chance.gauss(0, spread / 2.4)))
        candles.append(
            Candle(
                symbol,
                start + index * interval.ms,
                price,
                max(path),
                min(path),
                path[-1],
                abs(chance.gauss(30, 15)),
            )
        )
        price = path[-1]
    return candles


def candles_spec(
    candles: Sequence[Candle],
    interval: Interval = Interval.H1,
    *,
    last: Decimal | None = None,
    change: Decimal | None = Decimal("0.0235"),
    label: str = "",
    looks: ChartStyle | None = None,
    shown: int | None = None,
    options: str = "",
    marks: ChartAnnotations = NO_ANNOTATIONS,
) -> Any:
    last = last if last is not None else Decimal(f"{candles[-1].close:.8g}")
    return spec_of(
        lambda renderer: renderer.candles(
            pair(candles),
            interval,
            candles,
            last=last,
            change_24h=change,
            label=label,
            style=looks or style(),
            shown=shown,
            options=[ChartOption(word) for word in options.split()],
            marks=marks,
        )
    )


def pair(candles: Sequence[Candle]) -> str:
    """As people read the symbol of the candles."""
    return f"{candles[-1].symbol.removesuffix('USDC')}/USDC"


def spark_spec(candles: Sequence[Candle], *, label: str = "", looks: ChartStyle | None = None) -> Any:
    async def day() -> Sequence[Candle]:
        return candles

    keep = Keep()
    change = Decimal(str(round(candles[-1].close / candles[0].open - 1, 4)))
    renderer = ChartRenderer(keep, CATALOGS)
    work = renderer.sparkline(pair(candles), day, change_24h=change, label=label, style=looks or style())
    with ThreadPoolExecutor(1) as thread:  # also where a loop runs already
        thread.submit(asyncio.run, work).result()
    return keep.spec


def comparison_spec(
    candles: dict[str, Sequence[Candle]], period: str = "7 days", *, label: str = "", looks: ChartStyle | None = None
) -> Any:
    now = max(found[-1].open_time for found in candles.values()) + 60_000
    ways = ways_of(candles, {}, now)
    return spec_of(lambda renderer: renderer.comparison(ways, period, label=label, style=looks or style()))


def heatmap_spec(tiles: Sequence[HeatmapTile], *, label: str = "", looks: ChartStyle | None = None) -> Any:
    return spec_of(lambda renderer: renderer.heatmap(tiles, label=label, style=looks or style()))


def tiles(count: int, *, steep: float = 1.1, seed: int = 3) -> list[HeatmapTile]:
    """Volumes as on a real exchange: the second has about half of the first."""
    chance = random.Random(seed)  # noqa: S311
    names = ("BTC", "ETH", "SOL", "XRP", "DOGE", "币安人生", "1000CHEEMS", "BNB", "SUI", "ADA")
    found = []
    for n in range(count):
        change = Decimal(str(round(chance.gauss(0, 0.03), 4)))
        name = names[n] if n < len(names) else f"C{n}"
        found.append(HeatmapTile(name, Decimal(round(1e9 / (n + 1) ** steep)), None if n == 12 else change))
    return found


def position(asset: str, value: str | None) -> Position:
    worth = None if value is None else Decimal(value)
    price = None if value is None else Decimal(1)
    return Position(Symbol(f"{asset}USDC"), asset, Decimal(3), Decimal(1), price, worth, None, Decimal(0), stale=False)


def allocation_spec(cash: str, *positions: Position, label: str = "", looks: ChartStyle | None = None) -> Any:
    equity = Decimal(cash) + sum((each.value for each in positions if each.value is not None), Decimal(0))
    nothing = Decimal(0)
    portfolio = Portfolio("USDC", Decimal(cash), positions, equity, Decimal(1_000_000), nothing, nothing)
    return spec_of(lambda renderer: renderer.allocation(portfolio, label=label, style=looks or style()))


def equity_walk(count: int, step_ms: int = 3_600_000, *, spread: float = 0.002, seed: int = 4) -> list[EquityPoint]:
    chance, equity, points = random.Random(seed), 1_000_000.0, []  # noqa: S311
    for index in range(count):
        points.append(EquityPoint(START + index * step_ms, Decimal(f"{equity:.2f}")))
        equity *= math.exp(chance.gauss(0, spread))
    return points


def equity_spec(points: Sequence[EquityPoint], *, label: str = "", looks: ChartStyle | None = None) -> Any:
    return spec_of(
        lambda renderer: renderer.equity(
            points, granted=Decimal(1_000_000), quote_asset="USDC", label=label, style=looks or style()
        )
    )


def forecast_spec(
    candles: Sequence[Candle],
    horizon: int,
    word: str,
    *,
    expected: float = 0.002,
    reach: float = 0.01,
    skilled: bool = True,
    later_ms: int = 40_000,
    label: str = "",
    looks: ChartStyle | None = None,
) -> Any:
    """From the last candle's close; `later_ms` is how long ago that was."""
    width = candles[1].open_time - candles[0].open_time if len(candles) > 1 else 60_000
    close, made_at = candles[-1].close, candles[-1].open_time + width
    low, high = expected - reach, expected + reach
    forecast = Forecast(candles[-1].symbol, horizon, made_at, close, expected, low, high, 0.57, skilled, 1)
    last = Decimal(f"{close * (1 + expected / 8):.8g}")
    return spec_of(
        lambda renderer: renderer.forecast(
            forecast,
            word,
            candles,
            pair=pair(candles),
            last=last,
            now=made_at + later_ms,
            label=label,
            style=looks or style(),
        )
    )


def pixels(png: bytes) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """Rows x columns x RGB; row 0 is the top."""
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        return np.asarray(image.convert("RGB"))


def colours(picture: "np.ndarray[Any, np.dtype[np.uint8]]") -> int:
    """Number of colours of the pixels. Packed into one number each: rows of three are many times slower to sort."""
    return len(np.unique(picture.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)))


def where(png: bytes, colour: str) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
    """Rows and columns of the pixels that have exactly this colour."""
    wanted = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    rows, columns = np.nonzero((pixels(png) == wanted).all(axis=2))
    return rows, columns
