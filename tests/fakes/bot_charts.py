"""Charts of the bot that draw nothing and remember each call."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from decimal import Decimal

from bot.ui.charts.ports import (
    NO_ANNOTATIONS,
    ChartAnnotations,
    ChartOption,
    ChartStyle,
    HeatmapTile,
    ParameterGrid,
    RelativeSeries,
)
from ml.forecast import Forecast
from pipeline.market import Candle, Interval
from trading.backtest.report import BacktestReport
from trading.mood.report import MoodReport
from trading.portfolio.equity_curve import EquityPoint
from trading.portfolio.positions import Portfolio
from trading.reports.performance import PerformanceReport

PNG = b"\x89PNG\r\n\x1a\nfake"


class FakeCharts:
    """Remembers what was drawn; `marks` and `options` are of the candle charts. While `down` it raises that."""

    def __init__(self) -> None:
        self.drawn: list[tuple[str, str, ChartStyle]] = []
        self.marks: list[ChartAnnotations] = []
        self.options: list[tuple[ChartOption, ...]] = []
        self.ways: list[Sequence[RelativeSeries]] = []
        self.ticks: list[Decimal | None] = []
        self.equities: list[Decimal] = []
        self.tiles: list[Sequence[HeatmapTile]] = []
        self.grids: list[ParameterGrid] = []
        self.down: Exception | None = None

    def _draw(self, what: str, label: str, style: ChartStyle) -> bytes:
        if self.down is not None:
            raise self.down
        self.drawn.append((what, label, style))
        return PNG

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
        self.marks.append(marks)
        self.ticks.append(tick)
        self.options.append(tuple(options))
        return self._draw(f"candles {pair} {interval} {len(candles)}", label, style)

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
        self.ticks.append(tick)
        return self._draw(f"sparkline {pair} {len(await candles())}", label, style)

    async def comparison(self, ways: Sequence[RelativeSeries], period: str, *, label: str, style: ChartStyle) -> bytes:
        self.ways.append(ways)
        return self._draw(f"comparison {period}", label, style)

    async def heatmap(self, tiles: Sequence[HeatmapTile], *, label: str, style: ChartStyle) -> bytes:
        self.tiles.append(tiles)
        return self._draw("heatmap", label, style)

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
        self.ticks.append(tick)
        return self._draw(f"forecast {pair} {horizon} {len(candles)}", label, style)

    async def allocation(self, portfolio: Portfolio, *, label: str, style: ChartStyle) -> bytes:
        return self._draw("allocation", label, style)

    async def correlation(
        self, names: Sequence[str], values: Sequence[Sequence[float]], *, label: str, style: ChartStyle
    ) -> bytes:
        return self._draw(f"correlation {' '.join(names)}", label, style)

    async def parameter_grid(self, grid: ParameterGrid, *, label: str, style: ChartStyle) -> bytes:
        self.grids.append(grid)
        return self._draw(f"grid {len(grid.rows)} x {len(grid.columns)}", label, style)

    async def performance(
        self, report: PerformanceReport, period: str, names: Sequence[str], *, label: str, style: ChartStyle
    ) -> bytes:
        return self._draw(f"performance {period} {len(report.days)} {' | '.join(names)}", label, style)

    async def backtest(
        self, report: BacktestReport, pair: str, period: str, names: tuple[str, str], *, label: str, style: ChartStyle
    ) -> bytes:
        return self._draw(f"backtest {pair} {report.interval} {len(report.history)} {period} {names}", label, style)

    async def equity(
        self, points: Sequence[EquityPoint], *, granted: Decimal, quote_asset: str, label: str, style: ChartStyle
    ) -> bytes:
        self.equities.append(points[-1].equity)
        return self._draw("equity", label, style)

    async def mood(self, report: MoodReport, *, label: str, style: ChartStyle) -> bytes:
        return self._draw(f"mood of {len(report.history)} days", label, style)
