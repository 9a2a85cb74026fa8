"""Charts to look at: samples of every kind."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bot.ui.charts.ports import ChartAnnotations, ChartStyle
from bot.ui.charts.specs import Spec
from pipeline.market import Candle, Interval, Symbol
from tests.charts_specs import (
    START,
    allocation_spec,
    candles_spec,
    comparison_spec,
    equity_spec,
    equity_walk,
    forecast_spec,
    heatmap_spec,
    position,
    spark_spec,
    style,
    tiles,
    walk,
)
from trading.orders.types import Side
from trading.ports import OwnTrade


def trade(candle: Candle, side: Side = Side.BUY, *, price: float | None = None, later_ms: int = 60_000) -> OwnTrade:
    at = candle.close if price is None else price
    return OwnTrade(1, candle.open_time + later_ms, side, Decimal(f"{at:.8f}"))


def marked(candles: Sequence[Candle], **others: Any) -> ChartAnnotations:
    """Two purchases and a sale, and what they cost."""
    spots = [candles[len(candles) // 4], candles[len(candles) // 2], candles[-8]]
    sides = (Side.BUY, Side.BUY, Side.SELL)
    trades = tuple(trade(candle, side) for candle, side in zip(spots, sides, strict=True))
    return ChartAnnotations(trades, (trades[0].price + trades[1].price) / 2, **others)


def several(count: int, interval: Interval = Interval.H1, spread: float = 0.006) -> dict[str, Sequence[Candle]]:
    names = ("BTC", "ETH", "SOL", "DOGE", "币安人生", "1000CHEEMS")
    return {
        name: walk(count, interval, price=10.0**n, spread=spread, seed=n)
        for n, name in enumerate(names[: 2 + count % 5])
    }


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
    return found | market_samples(korean) | forecast_samples(korean)


def market_samples(korean: ChartStyle) -> dict[str, Spec]:
    """Indicators, marks, and the other pictures of the market."""
    long, name = walk(320), Symbol("币安人生USDC")
    flat = [Candle(Symbol("USDTUSDC"), START + index * 900_000, 1.0, 1.0, 1.0, 1.0, 0.0) for index in range(96)]
    last = Decimal(f"{long[-1].close:.2f}")
    close = ChartAnnotations(marked(long[-120:]).trades, last * Decimal("1.0004"), last * Decimal("0.9997"))
    far = ChartAnnotations((), Decimal(20_000), Decimal(90_000))
    everything = "ma ema bb rsi macd"
    new = walk(12, Interval.D1, spread=0.05)
    return {
        "averages": candles_spec(long, shown=120, options="ma ema"),
        "bands": candles_spec(long, shown=120, options="bb", looks=korean),
        "every indicator": candles_spec(long, shown=120, options=everything, marks=marked(long[-120:])),
        "every indicator in Korean": candles_spec(
            long, shown=120, options=everything, marks=marked(long[-120:], level=last), looks=korean, label="시뮬레이션"
        ),
        "strength": candles_spec(long, shown=120, options="rsi"),
        "indicators of few candles": candles_spec(new, Interval.D1, options=everything),
        "indicators of one candle": candles_spec(new[:1], Interval.D1, options=everything),
        "indicators of flat prices": candles_spec(flat, Interval.M15, options=everything, last=Decimal("1.00")),
        "indicators of a listing": candles_spec(listing(), Interval.M1, options=everything),
        "clean": candles_spec(long, shown=120, options="clean"),
        "clean with averages": candles_spec(long, shown=120, options="ma clean rsi"),
        "marks": candles_spec(walk(), marks=marked(walk())),
        "marks in Korean": candles_spec(walk(), marks=marked(walk()), looks=korean),
        "close levels": candles_spec(long, shown=120, marks=close),
        "far levels": candles_spec(walk(), marks=far, label="SIMULATION"),
        "tiny marks": candles_spec(
            tiny := walk(100, Interval.M5, price=0.00000001, spread=0.03), Interval.M5, marks=marked(tiny)
        ),
        "1000 candles": candles_spec(walk(1000), options="ma bb rsi", marks=marked(walk(1000))),
        "a day in a line": spark_spec(walk(96, Interval.M15), label="SIMULATION"),
        "a day in a line in Korean": spark_spec(walk(96, Interval.M15, seed=5, symbol=name), looks=korean),
        "a flat day": spark_spec(flat),
        "a listing in a line": spark_spec(listing()),
        "one candle in a line": spark_spec(walk(1)),
        "tiny prices in a line": spark_spec(walk(96, Interval.M15, price=0.00000001, spread=0.03)),
        "two compared": comparison_spec(several(100), label="SIMULATION"),
        "six compared": comparison_spec(several(104), looks=korean),
        "six compared closely": comparison_spec(several(169, spread=0.0003)),
        "one compared with nothing": comparison_spec({"BTC": walk(1)}),
        "compared through a listing": comparison_spec({"NEW": listing(), "BTC": walk(80, Interval.M1)}),
        "compared flat": comparison_spec({"USDT": flat, "USDC": flat}),
        "heat map": heatmap_spec(tiles(40), label="SIMULATION"),
        "heat map in Korean": heatmap_spec(tiles(40, steep=0.6, seed=8), looks=korean),
        "heat map of one": heatmap_spec(tiles(1)),
        "steep heat map": heatmap_spec(tiles(40, steep=2.5), looks=korean),
    }


def forecast_samples(korean: ChartStyle) -> dict[str, Spec]:
    """Forecasts near and far, with skill and without, of odd symbols."""
    name, tiny = Symbol("币安人生USDC"), Symbol("1000CHEEMSUSDC")
    near = walk(20, Interval.M1, spread=0.0006)
    hour, day = walk(180, Interval.M1, spread=0.0006, seed=6), walk(288, Interval.M15, spread=0.002, seed=7)
    flat = [Candle(Symbol("USDTUSDC"), START + index * 60_000, 1.0, 1.0, 1.0, 1.0, 0.0) for index in range(180)]
    return {
        "forecast of 5 minutes": forecast_spec(
            near, 5, "5 minutes ahead", expected=0.0003, reach=0.0017, label="SIMULATION"
        ),
        "forecast of an hour": forecast_spec(hour, 60, "1 hour ahead", expected=0.002, reach=0.006),
        "forecast of a day": forecast_spec(day, 1440, "1 day ahead", expected=-0.004, reach=0.03, label="SIMULATION"),
        "forecast of a day in Korean": forecast_spec(
            walk(288, Interval.M15, price=0.1234, spread=0.004, symbol=name), 1440, "1일 예측", reach=0.05, looks=korean
        ),
        "forecast of 5 minutes in Korean": forecast_spec(
            near, 5, "5분 예측", expected=-0.0003, reach=0.0017, looks=korean, label="시뮬레이션"
        ),
        "forecast without skill": forecast_spec(day, 1440, "1 day ahead", reach=0.03, skilled=False),
        "forecast without skill in Korean": forecast_spec(
            near, 5, "5분 예측", expected=0.0, reach=0.0017, skilled=False, looks=korean, label="시뮬레이션"
        ),
        "forecast of tiny prices": forecast_spec(
            walk(144, Interval.M5, price=0.00001234, spread=0.01, symbol=tiny), 240, "4 hours ahead", reach=0.06
        ),
        "forecast of a flat price": forecast_spec(flat, 60, "1 hour ahead", expected=0.0, reach=0.00003),
        "forecast after one candle": forecast_spec(
            walk(1, Interval.M1), 15, "15 minutes ahead", reach=0.003, later_ms=0
        ),
        "forecast of a steep rise": forecast_spec(hour, 60, "1 hour ahead", expected=0.02, reach=0.004),
    }


def listing() -> list[Candle]:
    """A first candle whose wicks reach 100 times the price and nearly nothing."""
    name = Symbol("币安人生USDC")
    candles = walk(80, Interval.M1, price=1.3, spread=0.01, symbol=name)
    first = candles[0]
    candles[0] = Candle(name, first.open_time, 0.5, 130.0, 0.01, first.close, 900.0)
    return candles
