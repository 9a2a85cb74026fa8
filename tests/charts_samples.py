"""Charts to look at: specs as the renderer makes them, without a worker."""

import io
import math
import random
from collections.abc import Coroutine, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from PIL import Image

from bot.charts import ChartRenderer
from bot.charts.specs import Spec
from bot.ports import ChartStyle, Language, Theme
from bot.texts import load_catalogs
from pipeline.market import Candle, Interval, Symbol
from trading.portfolio import Portfolio, Position
from trading.ports import EquityPoint

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
) -> Any:
    last = last if last is not None else Decimal(f"{candles[-1].close:.8g}")
    return spec_of(
        lambda renderer: renderer.candles(
            candles[-1].symbol,
            interval,
            candles,
            last=last,
            change_24h=change,
            label=label,
            style=looks or style(),
        )
    )


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


def samples() -> dict[str, Spec]:
    """Every kind of chart that has looked wrong somewhere, by name."""
    korean = style("light", "ko", "Asia/Seoul")
    tiny = walk(100, Interval.M5, price=0.00001234, spread=0.01, symbol=Symbol("1000CHEEMSUSDC"))
    flat = [Candle(Symbol("USDTUSDC"), START + index * 60_000, 1.0, 1.0, 1.0, 1.0, 0.0) for index in range(60)]
    gaps = walk(120, Interval.M15)
    found: dict[str, Spec] = {f"{each.value} candles": candles_spec(walk(120, each), each) for each in Interval}
    found |= {
        f"{each.value} candles in Korean": candles_spec(walk(90, each), each, looks=korean, label="시뮬레이션")
        for each in (Interval.M1, Interval.H4, Interval.D1)
    }
    found |= {
        "500 candles": candles_spec(walk(500)),
        "tiny prices": candles_spec(tiny, Interval.M5),
        "large prices": candles_spec(walk(60, Interval.D1, price=101_234.0, spread=0.03), Interval.D1),
        "one candle": candles_spec(walk(1, Interval.D1), Interval.D1, change=None),
        "one candle in Korean": candles_spec(walk(1, Interval.D1), Interval.D1, looks=korean),
        "three candles": candles_spec(walk(3, Interval.H4), Interval.H4),
        "flat price without volume": candles_spec(flat, Interval.M1, last=Decimal("1.00000000"), change=Decimal(0)),
        "a listing": candles_spec(listing(), Interval.M1, label="SIMULATION"),
        "gaps": candles_spec(gaps[:40] + gaps[42:60] + gaps[95:], Interval.M15),
        "cash only": allocation_spec("1000000"),
        "many positions": allocation_spec(
            "212345.67", *(position(f"COIN{n}", str(300_000 // n**2)) for n in range(1, 16)), position("OLD", None)
        ),
        "a Chinese name": allocation_spec("500000", position("币安人生", "99001.5"), looks=korean, label="시뮬레이션"),
        "equity": equity_spec(equity_walk(300), label="SIMULATION"),
        "equity in Korean": equity_spec(equity_walk(200, 86_400_000, spread=0.01), looks=korean, label="시뮬레이션"),
        "no equity yet": equity_spec([]),
        "one point of equity": equity_spec(equity_walk(1)),
        "two points of equity": equity_spec(equity_walk(2, 60_000)),
        "flat equity": equity_spec(equity_walk(5, spread=0.0)),
    }
    return found


def listing() -> list[Candle]:
    """A first candle whose wicks reach 100 times the price and nearly nothing."""
    name = Symbol("币安人生USDC")
    candles = walk(80, Interval.M1, price=1.3, spread=0.01, symbol=name)
    first = candles[0]
    candles[0] = Candle(name, first.open_time, 0.5, 130.0, 0.01, first.close, 900.0)
    return candles


def pixels(png: bytes) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """Rows x columns x RGB; row 0 is the top."""
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        return np.asarray(image.convert("RGB"))


def where(png: bytes, colour: str) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
    """Rows and columns of the pixels that have exactly this colour."""
    wanted = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    rows, columns = np.nonzero((pixels(png) == wanted).all(axis=2))
    return rows, columns
