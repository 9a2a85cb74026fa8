"""Implementation of `bot.ui.charts.ports.Charts`: converts domain objects to specs, which the worker draws."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial
from math import exp
from typing import Protocol

from bot.ui.charts.backtest_spec import backtest_spec
from bot.ui.charts.forecast_fan import fan_of
from bot.ui.charts.local_times import offsets, zone_name
from bot.ui.charts.mood_spec import mood_spec
from bot.ui.charts.performance_spec import performance_spec
from bot.ui.charts.picture_cache import PictureCache
from bot.ui.charts.ports import (
    NO_ANNOTATIONS,
    ChartAnnotations,
    ChartOption,
    ChartStyle,
    HeatmapTile,
    OrderLine,
    ParameterGrid,
    RelativeSeries,
)
from bot.ui.charts.specs import (
    AllocationSlice,
    AllocationSpec,
    Appearance,
    CandlesSpec,
    ComparisonSpec,
    CorrelationSpec,
    EquitySpec,
    ForecastSpec,
    HeatmapSpec,
    HeatmapTileSpec,
    LineMark,
    ParameterGridSpec,
    SparkSpec,
    Spec,
    TradeMark,
)
from bot.ui.format import Formatter
from bot.ui.texts import Catalog
from ml.forecast import Forecast
from people.person import Language
from pipeline.errors import NoCandles
from pipeline.market import MINUTE_MS, Candle, Interval
from trading.backtest.report import BacktestReport
from trading.mood.report import MoodReport
from trading.orders.types import Side
from trading.portfolio.equity_curve import EquityPoint
from trading.portfolio.positions import Portfolio, Position
from trading.reports.performance import PerformanceReport

MAX_CANDLES = 1000
MAX_ROWS = 10
_HUNDREDTH = Decimal("0.0001")

_WORDS = (
    *("volume", "day", "allocation", "equity", "grant", "high", "low"),
    *("buy", "sell", "average", "level", "comparison", "heatmap", "heatmap-note"),
    *("price", "fan", "path", "expected"),
    *("correlation", "correlation-note"),
    *("grid", "grid-note", "grid-down", "grid-across"),
    *("performance", "underwater", "months", "distribution", "year"),
    *("backtest", "held"),
)


class ChartBackend(Protocol):
    """Renderer of specs that does not block the event loop (`ChartWorkers`)."""

    async def draw(self, spec: Spec) -> bytes:
        """Returns the PNG. Raises ChartsBusy and ChartsUnavailable."""


class ChartRenderer:
    """`bot.ui.charts.ports.Charts` on a drawer. Every method raises the errors of the drawer."""

    def __init__(self, drawer: ChartBackend, catalogs: Mapping[Language, Catalog]) -> None:
        self._drawer = drawer
        self._catalogs = catalogs
        self._formats = {language: Formatter(language, "UTC") for language in catalogs}
        self._sparks = PictureCache()

    async def candles(
        self,
        pair: str,
        interval: Interval,
        candles: Sequence[Candle],
        *,
        last: Decimal,
        change_24h: Decimal | None,
        label: str,
        style: ChartStyle,
        tick: Decimal | None = None,
        shown: int | None = None,
        options: Collection[ChartOption] = (),
        marks: ChartAnnotations = NO_ANNOTATIONS,
    ) -> bytes:
        """Renders at most the last 1000 candles. Raises NoCandles if there is none."""
        if not candles:
            raise NoCandles(pair)
        count = min(shown or MAX_CANDLES, MAX_CANDLES, len(candles))
        lead = min(len(candles) - count, max((option.warm_up for option in options), default=0))
        used = candles[-count - lead :]
        times = tuple(candle.open_time for candle in used)
        price = partial(self._formats[style.language].price, tick=tick)
        spec = CandlesSpec(
            appearance=self._look(label, style),
            symbol=pair,
            interval=interval.value,
            interval_ms=interval.ms,
            zone=zone_name(style.timezone, times[-1]),
            times=times,
            offsets=offsets(times, style.timezone),
            open=tuple(candle.open for candle in used),
            high=tuple(candle.high for candle in used),
            low=tuple(candle.low for candle in used),
            close=tuple(candle.close for candle in used),
            volume=tuple(candle.volume for candle in used),
            last=float(last),
            last_text=price(last),
            change=rounded(change_24h),
            lead=lead,
            options=tuple(option.value for option in ChartOption if option in options),
            trades=tuple(
                TradeMark(trade.time, float(trade.price), trade.side is Side.BUY)
                for trade in marks.trades
                if trade.time >= times[lead]
            ),
            lines=(
                *(
                    LineMark(kind, float(value), price(value))
                    for kind, value in (("level", marks.level), ("average", marks.average_cost))
                    if value is not None
                ),
                *(self._order_line(order, price(order.price), style.language) for order in marks.orders),
            ),
        )
        return await self._drawer.draw(spec)

    async def sparkline(
        self,
        pair: str,
        candles: Callable[[], Awaitable[Sequence[Candle]]],
        *,
        change_24h: Decimal | None,
        label: str,
        style: ChartStyle,
        tick: Decimal | None = None,
    ) -> bytes:
        """Renders a sparkline. Raises the errors of `candles`, and NoCandles if there is no candle."""

        async def draw() -> bytes:
            day = await candles()
            if not day:
                raise NoCandles(pair)
            times, values = spark_points(day)
            change = rounded(change_24h)
            write = self._formats[style.language]
            high, low = (write.price(Decimal(str(value)), tick) for value in (max(values), min(values)))
            return await self._drawer.draw(SparkSpec(self._look(label, style), pair, times, values, change, high, low))

        return await self._sparks.get((pair, label, style.theme, style.language), draw)

    async def comparison(self, ways: Sequence[RelativeSeries], period: str, *, label: str, style: ChartStyle) -> bytes:
        """Renders each series in a separate colour, with its name at its end."""
        times = tuple(sorted({time for way in ways for time in way.times}))
        zone = zone_name(style.timezone, times[-1])
        look = self._look(label, style)
        labels = tuple(self._change(way, style.language) for way in ways)
        return await self._drawer.draw(
            ComparisonSpec(look, period, zone, times, offsets(times, style.timezone), tuple(ways), labels)
        )

    async def heatmap(self, tiles: Sequence[HeatmapTile], *, label: str, style: ChartStyle) -> bytes:
        """Renders the tiles with a volume, the largest first."""
        ranked = sorted((tile for tile in tiles if tile.volume > 0), key=lambda tile: tile.volume, reverse=True)
        shown = tuple(
            HeatmapTileSpec(tile.name, float(tile.volume), None if tile.change is None else float(tile.change))
            for tile in ranked
        )
        return await self._drawer.draw(HeatmapSpec(self._look(label, style), shown))

    async def forecast(
        self,
        forecast: Forecast,
        horizon: str,
        candles: Sequence[Candle],
        *,
        pair: str,
        last: Decimal,
        now: int,
        label: str,
        style: ChartStyle,
        tick: Decimal | None = None,
    ) -> bytes:
        """Renders a forecast. Candles that closed after the forecast are not shown."""
        width = candles[1].open_time - candles[0].open_time if len(candles) > 1 else MINUTE_MS
        past = [(candle.open_time + width, candle.close) for candle in candles]
        seen = [point for point in past if point[0] < forecast.made_at]
        path = [*seen, (forecast.made_at, forecast.price)]
        if now > forecast.made_at:
            path.append((min(now, forecast.made_at + forecast.horizon * MINUTE_MS), float(last)))
        times = tuple(time for time, _ in path)
        ahead, low, high, middle = fan_of(forecast)
        write = self._formats[style.language]
        price = partial(write.estimate, tick=tick)
        spec = ForecastSpec(
            appearance=self._look(label, style),
            symbol=pair,
            horizon=horizon,
            zone=zone_name(style.timezone, forecast.made_at),
            times=times,
            offsets=offsets(times, style.timezone),
            values=tuple(value for _, value in path),
            ahead=ahead,
            ahead_offsets=offsets(ahead, style.timezone),
            low=low,
            high=high,
            middle=middle,
            last_text=write.price(last, tick),
            low_text=price(forecast.price * exp(forecast.low)),
            high_text=price(forecast.price * exp(forecast.high)),
            middle_text=price(forecast.price * exp(forecast.expected)) if middle else "",
        )
        return await self._drawer.draw(spec)

    async def allocation(self, portfolio: Portfolio, *, label: str, style: ChartStyle) -> bytes:
        """Renders cash and positions by value. The smallest are combined into one row."""
        rows = self._shares(portfolio, style.language)
        total = self._formats[style.language].money(portfolio.equity, portfolio.quote_asset)
        return await self._drawer.draw(AllocationSpec(self._look(label, style), rows, total))

    async def correlation(
        self, names: Sequence[str], values: Sequence[Sequence[float]], *, label: str, style: ChartStyle
    ) -> bytes:
        """Renders the correlations, rounded to what is shown."""
        rounded_rows = tuple(tuple(round(value, 2) for value in row) for row in values)
        return await self._drawer.draw(CorrelationSpec(self._look(label, style), tuple(names), rounded_rows))

    async def parameter_grid(self, grid: ParameterGrid, *, label: str, style: ChartStyle) -> bytes:
        """Renders the Sharpe ratios, rounded to what is shown."""
        values = tuple(tuple(None if each is None else round(each, 1) for each in row) for row in grid.values)
        names = (grid.row_name, grid.column_name, grid.rows, grid.columns)
        return await self._drawer.draw(ParameterGridSpec(self._look(label, style), *names, values, grid.best))

    async def performance(
        self, report: PerformanceReport, period: str, names: Sequence[str], *, label: str, style: ChartStyle
    ) -> bytes:
        """Renders growth, drawdowns, months and the distribution of daily returns."""
        return await self._drawer.draw(performance_spec(report, period, tuple(names), self._look(label, style)))

    async def backtest(
        self, report: BacktestReport, pair: str, period: str, names: tuple[str, str], *, label: str, style: ChartStyle
    ) -> bytes:
        """Renders the growth of a rule against buying and holding, its trades and its drawdown."""
        return await self._drawer.draw(backtest_spec(report, pair, period, names, self._look(label, style)))

    async def mood(self, report: MoodReport, *, label: str, style: ChartStyle) -> bytes:
        """Renders the index and its bands."""
        return await self._drawer.draw(mood_spec(report, self._look(label, style), self._catalogs[style.language]))

    async def equity(
        self, points: Sequence[EquityPoint], *, granted: Decimal, quote_asset: str, label: str, style: ChartStyle
    ) -> bytes:
        """Renders equity over time. Without points only the grant is drawn."""
        last = points[-1].equity if points else granted
        times = tuple(point.time for point in points)
        money = self._formats[style.language].money
        spec = EquitySpec(
            appearance=self._look(label, style),
            zone=zone_name(style.timezone, times[-1]) if times else "",
            times=times,
            offsets=offsets(times, style.timezone),
            values=tuple(float(point.equity) for point in points),
            granted=float(granted),
            last=money(last),
            asset=quote_asset,
            change=float(last / granted - 1) if granted else None,
        )
        return await self._drawer.draw(spec)

    def _order_line(self, order: OrderLine, text: str, language: Language) -> LineMark:
        kind = f"order-{order.kind}"
        label = self._catalogs[language].text(f"chart-{kind}", order_id=str(order.order_id))
        return LineMark(kind, float(order.price), text, label)

    def _change(self, way: RelativeSeries, language: Language) -> str:
        change = self._formats[language].percent(Decimal(str(way.values[-1])), signed=True)
        return f"{way.name} {change}"

    def _look(self, label: str, style: ChartStyle) -> Appearance:
        catalog = self._catalogs[style.language]
        words = {word: catalog.text(f"chart-{word}") for word in _WORDS}
        return Appearance(style.theme.value, style.language.value, label, words)

    def _shares(self, portfolio: Portfolio, language: Language) -> tuple[AllocationSlice, ...]:
        catalog, write = self._catalogs[language], self._formats[language]
        whole = portfolio.equity
        priced = [
            (position.asset, position.value, False) for position in portfolio.positions if position.value is not None
        ]
        holdings = [(f"{catalog.text('chart-cash')} {portfolio.quote_asset}", portfolio.cash, True), *priced]
        holdings.sort(key=lambda holding: holding[1], reverse=True)
        unpriced = [position for position in portfolio.positions if position.value is None]
        room = MAX_ROWS - len(unpriced[:2])
        rows = [
            AllocationSlice(name, write.money(value), share_of(value, whole), cash)
            for name, value, cash in holdings[:room]
        ]
        rest = holdings[room:]
        if rest:
            value = sum((value for _, value, _ in rest), Decimal(0))
            rows.append(
                AllocationSlice(
                    catalog.text("chart-others", count=len(rest)), write.money(value), share_of(value, whole)
                )
            )
        return (*rows, *(_unpriced(position, write) for position in unpriced[:2]))


def spark_points(candles: Sequence[Candle]) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Returns closing prices, and the highest and the lowest price at the time of their candles."""
    highest = max(candles, key=lambda candle: candle.high)
    lowest = min(candles, key=lambda candle: candle.low)
    points: list[tuple[int, float]] = []
    for candle in candles:
        extremes = [candle.high] * (candle is highest) + [candle.low] * (candle is lowest)
        rising = candle.close >= candle.open
        points += [(candle.open_time, extreme) for extreme in sorted(extremes, reverse=not rising)]
        points.append((candle.open_time, candle.close))
    times, values = zip(*points, strict=True)
    return times, values


def rounded(change: Decimal | None) -> float | None:
    """Rounds a change as in captions: to hundredths of a percent, half to even."""
    return None if change is None else float(change.quantize(_HUNDREDTH, ROUND_HALF_EVEN))


def share_of(value: Decimal, whole: Decimal) -> float:
    """Returns `value` as a fraction of `whole`; 0 if `whole` is not positive."""
    return float(value / whole) if whole > 0 else 0.0


def _unpriced(position: Position, write: Formatter) -> AllocationSlice:
    return AllocationSlice(position.asset, write.amount(position.quantity, position.asset), None)
