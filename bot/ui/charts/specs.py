"""Chart specs: frozen data that fully determines a picture.

Times are UTC milliseconds. `offsets` are added to them to obtain the user's wall clock, so that the drawing code needs
no time zones. Values are floats (pictures, not money). `..._text` is already formatted.
"""

import msgspec

from bot.ui.charts.ports import RelativeSeries


class Appearance(msgspec.Struct, frozen=True):
    """Appearance of a chart: theme, language, the source's `label`, which may be '', and words.

    `words` maps message ids without `chart-` to their texts.
    """

    theme: str
    language: str
    label: str
    words: dict[str, str]


class TradeMark(msgspec.Struct, frozen=True):
    """A trade of the user at `time`."""

    time: int
    price: float
    buy: bool


class LineMark(msgspec.Struct, frozen=True):
    """A price marked across the whole chart. `kind` is the word that names it in the legend (`average`, `level`). An
    open order has the kind `order-...` and a `label`, which stands on its line instead.
    """

    kind: str
    price: float
    text: str
    label: str = ""


class CandlesSpec(msgspec.Struct, frozen=True, tag="candles"):
    """Candles as columns of equal length, oldest first. `change` is the 24 h change as a fraction.

    The first `lead` candles are not shown and only warm up the indicators. `options` are those of
    `bot.ui.charts.ports.ChartOption`.
    """

    appearance: Appearance
    symbol: str
    interval: str
    interval_ms: int
    zone: str
    times: tuple[int, ...]
    offsets: tuple[int, ...]
    open: tuple[float, ...]
    high: tuple[float, ...]
    low: tuple[float, ...]
    close: tuple[float, ...]
    volume: tuple[float, ...]
    last: float
    last_text: str
    change: float | None
    lead: int = 0
    options: tuple[str, ...] = ()
    trades: tuple[TradeMark, ...] = ()
    lines: tuple[LineMark, ...] = ()


class SparkSpec(msgspec.Struct, frozen=True, tag="spark"):
    """Closing prices of a day, oldest first, including the highest and the lowest price and their times."""

    appearance: Appearance
    symbol: str
    times: tuple[int, ...]
    values: tuple[float, ...]
    change: float | None
    high_text: str
    low_text: str


class ComparisonSpec(msgspec.Struct, frozen=True, tag="comparison"):
    """Relative performance of several symbols.

    `times` and `offsets` cover all points of all series, in ascending order. `labels` name the series with their
    changes.
    """

    appearance: Appearance
    period: str
    zone: str
    times: tuple[int, ...]
    offsets: tuple[int, ...]
    ways: tuple[RelativeSeries, ...]
    labels: tuple[str, ...]


class HeatmapTileSpec(msgspec.Struct, frozen=True):
    """Tile of the heat map. `weight` > 0 is its share of the area, in any unit; `change` is a fraction."""

    name: str
    weight: float
    change: float | None


class HeatmapSpec(msgspec.Struct, frozen=True, tag="heatmap"):
    """Tiles in descending order of size; at least one."""

    appearance: Appearance
    tiles: tuple[HeatmapTileSpec, ...]


class AllocationSlice(msgspec.Struct, frozen=True):
    """A row of the allocation. `share` is a fraction of the equity, or None if the price is unknown."""

    name: str
    text: str
    share: float | None
    cash: bool = False


class AllocationSpec(msgspec.Struct, frozen=True, tag="allocation"):
    """Rows of the allocation in descending order of size."""

    appearance: Appearance
    rows: tuple[AllocationSlice, ...]
    total_text: str


class EquitySpec(msgspec.Struct, frozen=True, tag="equity"):
    """Equity over time, oldest first; may be empty. `last` is the formatted last value, without its `asset`."""

    appearance: Appearance
    zone: str
    times: tuple[int, ...]
    offsets: tuple[int, ...]
    values: tuple[float, ...]
    granted: float
    last: str
    asset: str
    change: float | None


class CorrelationSpec(msgspec.Struct, frozen=True, tag="correlation"):
    """Correlations of two coins or more, -1 to 1, by row and column in the order of `names`."""

    appearance: Appearance
    names: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]


class ParameterGridSpec(msgspec.Struct, frozen=True, tag="grid"):
    """Annual Sharpe ratios of the rules of a grid, None where there is none, by row and column. A grid of one parameter
    has one row with the name ''. `best` is the row and column of the best rule.
    """

    appearance: Appearance
    row_name: str
    column_name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    best: tuple[int, int]


class ForecastSpec(msgspec.Struct, frozen=True, tag="forecast"):
    """Closing prices, oldest first, and the 80 % interval at `ahead`, which starts at the time of the forecast.

    `middle` is the expected path, empty if the model has no skill. The texts are those of the ends.
    """

    appearance: Appearance
    symbol: str
    horizon: str
    zone: str
    times: tuple[int, ...]
    offsets: tuple[int, ...]
    values: tuple[float, ...]
    ahead: tuple[int, ...]
    ahead_offsets: tuple[int, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    middle: tuple[float, ...]
    last_text: str
    low_text: str
    high_text: str
    middle_text: str


class GrowthPath(msgspec.Struct, frozen=True):
    """Growth of an account or a benchmark as a fraction, NaN where it is unknown; `label` names it with its total."""

    label: str
    values: tuple[float, ...]


class MonthCell(msgspec.Struct, frozen=True):
    """Return of a month (1 to 12) as a fraction, None if it is unknown."""

    year: int
    month: int
    value: float | None


class PerformanceSpec(msgspec.Struct, frozen=True, tag="performance"):
    """Performance day by day (UTC): `times` are the ends of the days, at least two. The first path is the account's,
    `underwater` its drawdown. `returns` are the daily returns of the distribution, empty for none.
    """

    appearance: Appearance
    period: str
    times: tuple[int, ...]
    paths: tuple[GrowthPath, ...]
    underwater: tuple[float, ...]
    months: tuple[MonthCell, ...]
    returns: tuple[float, ...]
    total: float | None


class BacktestSpec(msgspec.Struct, frozen=True, tag="backtest"):
    """Back-test: growth of the rule and of buying and holding, `underwater` the rule's drawdown, at `times` (UTC ms).
    `entries` and `exits` are times and growths of the rule's trades, `held` the spans of time of its positions.
    """

    appearance: Appearance
    pair: str
    interval: str
    period: str
    times: tuple[int, ...]
    paths: tuple[GrowthPath, ...]
    underwater: tuple[float, ...]
    entries: tuple[tuple[int, float], ...]
    exits: tuple[tuple[int, float], ...]
    held: tuple[tuple[int, int], ...]
    total: float


class MoodSpec(msgspec.Struct, frozen=True, tag="mood"):
    """Mood index day by day, 0 to 100, NaN where it is unknown and known on the last day; `times` are the midnights
    (UTC ms). `bands` are the names of the five bands from the lowest; `value` is that of the last day in words.
    """

    appearance: Appearance
    title: str
    value: str
    note: str
    bands: tuple[str, ...]
    times: tuple[int, ...]
    values: tuple[float, ...]


Spec = (
    CandlesSpec
    | AllocationSpec
    | EquitySpec
    | SparkSpec
    | ComparisonSpec
    | HeatmapSpec
    | CorrelationSpec
    | ParameterGridSpec
    | ForecastSpec
    | PerformanceSpec
    | BacktestSpec
    | MoodSpec
)

encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Spec).decode
