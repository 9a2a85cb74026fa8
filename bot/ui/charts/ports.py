"""What commands ask of charts."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from ml.forecast import Forecast
from people.person import Language, Theme
from pipeline.market import Candle, Interval
from trading.portfolio.equity_curve import EquityPoint
from trading.portfolio.positions import Portfolio
from trading.ports import OwnTrade


@dataclass(frozen=True, slots=True)
class ChartStyle:
    """What every chart needs to know of its reader."""

    theme: Theme
    language: Language
    timezone: tzinfo


class ChartOption(StrEnum):
    """What a chart shows besides candles and volume; `CLEAN` leaves even the volume and the marks out."""

    MA = "ma"
    EMA = "ema"
    BB = "bb"
    RSI = "rsi"
    MACD = "macd"
    CLEAN = "clean"

    @property
    def warm_up(self) -> int:
        """Candles before the first one shown, so that the indicator has its value there; a recursive one needs some
        more until its beginning no longer matters."""
        return _WARM_UP[self]


_WARM_UP = {
    ChartOption.MA: 49,
    ChartOption.EMA: 150,
    ChartOption.BB: 19,
    ChartOption.RSI: 100,
    ChartOption.MACD: 120,
    ChartOption.CLEAN: 0,
}


@dataclass(frozen=True, slots=True)
class Marks:
    """What is drawn into a chart of a symbol: the person's trades and average cost, and the level of an alert."""

    trades: tuple[OwnTrade, ...] = ()
    average_cost: Decimal | None = None
    level: Decimal | None = None


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class RelativeSeries:
    """How a symbol went since a common start: `values` are changes as fractions at `times` (UTC ms), at least two."""

    name: str
    times: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """A symbol on the heat map: its volume of 24 h in the quote asset and its change, a fraction or unknown."""

    name: str
    volume: Decimal
    change: Decimal | None


class Charts(Protocol):
    """Renders PNGs off the event loop. Sizes are chosen for a phone; `pair` is a symbol as people read it, `BTC/USDC`;
    `label` names the source ("SIMULATION", ...) and may be ''. Prices are written at the `tick`, as captions write
    them."""

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
        marks: Marks = NO_MARKS,
    ) -> bytes:
        """Candles with volume, last price and 24 h change: the last `shown` ones, those before them only warm the
        indicators up."""

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
        """A day's line, wide and short, with its high and low. A picture of the last half minute is given again, and
        then `candles` is not asked."""

    async def comparison(self, ways: Sequence[RelativeSeries], period: str, *, label: str, style: ChartStyle) -> bytes:
        """The changes of one to six symbols in percent; `period` is how long they are looked at, in a word."""

    async def heatmap(self, tiles: Sequence[Tile], *, label: str, style: ChartStyle) -> bytes:
        """A treemap of at least one tile: area by volume, colour by change. Tiles without a volume are left out."""

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
        """The candles' closes up to the forecast, the price of `now` (UTC ms), and the 80 % interval, which widens with
        the root of time; the expected path where the forecast has skill. `horizon` is how far ahead, in a word."""

    async def allocation(self, portfolio: Portfolio, *, label: str, style: ChartStyle) -> bytes:
        """What the equity consists of."""

    async def equity(
        self, points: Sequence[EquityPoint], *, granted: Decimal, quote_asset: str, label: str, style: ChartStyle
    ) -> bytes:
        """Equity over time against the grant."""
