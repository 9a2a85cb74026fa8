"""Port of charts, as used by commands."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from ml.forecast import Forecast
from people.person import Language, Theme
from pipeline.market import Candle, Interval
from trading.backtest.report import BacktestReport
from trading.mood.report import MoodReport
from trading.portfolio.equity_curve import EquityPoint
from trading.portfolio.positions import Portfolio
from trading.ports import OwnTrade
from trading.reports.performance import PerformanceReport


@dataclass(frozen=True, slots=True)
class ChartStyle:
    """Settings of the user that apply to every chart."""

    theme: Theme
    language: Language
    timezone: tzinfo


class ChartOption(StrEnum):
    """Indicators shown in addition to candles and volume. `CLEAN` omits the volume and the marks."""

    MA = "ma"
    EMA = "ema"
    BB = "bb"
    RSI = "rsi"
    MACD = "macd"
    CLEAN = "clean"

    @property
    def warm_up(self) -> int:
        """Number of candles needed before the first shown one so that the indicator has a value there.

        A recursive indicator needs additional candles until the influence of its initial value is negligible.
        """
        return _WARM_UP[self]


_WARM_UP = {
    ChartOption.MA: 49,
    ChartOption.EMA: 150,
    ChartOption.BB: 19,
    ChartOption.RSI: 100,
    ChartOption.MACD: 120,
    ChartOption.CLEAN: 0,
}


class OrderLineKind(StrEnum):
    """Kind of an open order in a chart; the text `chart-order-...` names it."""

    BUY = "buy"
    SELL = "sell"
    STOP = "stop"
    PROFIT = "profit"
    TRAIL = "trail"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Price for which an open order waits."""

    order_id: int
    kind: OrderLineKind
    price: Decimal


@dataclass(frozen=True, slots=True)
class ChartAnnotations:
    """Marks drawn into a chart of a symbol: the user's trades, their average cost, the level of an alert, and the
    user's open orders.
    """

    trades: tuple[OwnTrade, ...] = ()
    average_cost: Decimal | None = None
    level: Decimal | None = None
    orders: tuple[OrderLine, ...] = ()


NO_ANNOTATIONS = ChartAnnotations()


@dataclass(frozen=True, slots=True)
class RelativeSeries:
    """Relative performance of a symbol since a common start.

    `values` are changes as fractions at `times` (UTC ms). There are at least two.
    """

    name: str
    times: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class HeatmapTile:
    """Tile of the heat map: a symbol, its 24 h volume in the quote asset, and its change as a fraction or None."""

    name: str
    volume: Decimal
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class ParameterGrid:
    """Annual Sharpe ratios of the rules of a grid, None where there is none, by row and column. A grid of one parameter
    has one row with the name ''. `best` is the row and column of the best rule.
    """

    row_name: str
    column_name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    best: tuple[int, int]


class Charts(Protocol):
    """Renderer of PNG charts that does not block the event loop.

    Sizes are chosen for a phone. `pair` is the display form of a symbol, `BTC/USDC`. `label` names the source
    ("SIMULATION", ...) and may be ''. Prices are formatted at the `tick`, as in captions.
    """

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
        """Renders candles with volume, last price and 24 h change.

        Only the last `shown` candles are drawn; earlier ones warm up the indicators.
        """

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
        """Renders a wide, short line chart of one day with its high and low.

        A picture drawn within the last half minute is returned again without calling `candles`.
        """

    async def comparison(self, ways: Sequence[RelativeSeries], period: str, *, label: str, style: ChartStyle) -> bytes:
        """Renders the changes of one to six symbols in percent. `period` is the display text of the time span."""

    async def heatmap(self, tiles: Sequence[HeatmapTile], *, label: str, style: ChartStyle) -> bytes:
        """Renders a treemap of at least one tile: area by volume, colour by change.

        Tiles without a volume are left out.
        """

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
        """Renders closing prices up to the forecast, the price at `now` (UTC ms), and the 80 % interval.

        The interval widens with the square root of time. The expected path is drawn if the forecast has skill.
        `horizon` is the display text of the forecast's horizon.
        """

    async def allocation(self, portfolio: Portfolio, *, label: str, style: ChartStyle) -> bytes:
        """Renders the allocation of the equity to cash and positions."""

    async def correlation(
        self, names: Sequence[str], values: Sequence[Sequence[float]], *, label: str, style: ChartStyle
    ) -> bytes:
        """Renders a square of correlations of two coins or more, in the order of `names`."""

    async def parameter_grid(self, grid: ParameterGrid, *, label: str, style: ChartStyle) -> bytes:
        """Renders bars for one parameter, a heat map for two."""

    async def performance(
        self, report: PerformanceReport, period: str, names: Sequence[str], *, label: str, style: ChartStyle
    ) -> bytes:
        """Renders a report of at least one day. `names` label the account and its benchmarks, `period` is the display
        text of its dates.
        """

    async def backtest(
        self, report: BacktestReport, pair: str, period: str, names: tuple[str, str], *, label: str, style: ChartStyle
    ) -> bytes:
        """Renders a back-test. `names` label the rule and buying and holding, `period` is the display text of its
        dates.
        """

    async def equity(
        self, points: Sequence[EquityPoint], *, granted: Decimal, quote_asset: str, label: str, style: ChartStyle
    ) -> bytes:
        """Renders equity over time compared with the grant."""

    async def mood(self, report: MoodReport, *, label: str, style: ChartStyle) -> bytes:
        """Renders the index of a year over its bands. The report has an index on its last day."""
