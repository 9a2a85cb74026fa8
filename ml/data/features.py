"""Features of a symbol at a time, computed by one function for training and serving alike.

All features are vectorised over times x symbols. A row uses nothing later than itself and nothing earlier than
`HISTORY` rows. The features are free of units: returns are divided by the volatility of the last hour, prices are given
as positions in a range, and volumes as logarithms relative to their mean. Spans count candles; their names in the
comments are those of minutes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from ml.data.panel import Floats, Mask, Panel, panel_of_grids

LAGS = 12
MOMENTA = (3, 5, 10, 15, 30, 60, 120, 240, 720, 1440)
RANGES = (15, 60, 240)
TAIL = 4
"""Half-lives after which an exponential mean drops a value."""

WARM_UP = 240
"""Candles before the first row that can have a forecast; longer windows are NaN until they are full."""

HISTORY = max(MOMENTA) + 1
"""Candles that the features of one row depend on, including its own. Serving needs this many to match training."""

LEADERS = ("BTCUSDT", "BTCUSDC", "BTCFDUSD", "BTCUSD")
MARKET_VOLATILITY = "market_volatility"
STILL = "still"
VOLATILITY_HALF_LIFE = 60
_SHORT_HALF_LIFE = 10
_LONG_HALF_LIFE = 360
_MIN_VOLATILITY = 2e-5
_MIN_SPREAD = 0.1
_NO_WEIGHT = 1e-9
_MINUTES_A_DAY = 1440
_STILL = 1e-12
_MINUTE_MS = 60_000
_ROOM = 80


@dataclass(frozen=True, slots=True)
class Features:
    """Features of a panel.

    `table` is float32, names x times x symbols. `volatility` is that of one candle's log return. `ready` is true where
    a forecast may be made.
    """

    names: tuple[str, ...]
    table: NDArray[np.float32]
    volatility: Floats
    log_close: Floats
    ready: Mask

    def named(self, name: str) -> NDArray[np.float32]:
        """Returns the values of one feature, times x symbols."""
        column: NDArray[np.float32] = self.table[self.names.index(name)]
        return column


def features_of(panel: Panel, room: Callable[[tuple[int, ...]], NDArray[np.float32]] | None = None) -> Features:
    """Returns the features of every row; `room` allocates the table of that shape elsewhere than in memory."""
    builder = _Builder(panel, room or _in_memory)
    builder.lags()
    builder.momenta()
    builder.candle()
    builder.ranges()
    builder.volume()
    builder.volatilities()
    builder.market()
    builder.leader()
    builder.clock()
    ready = panel.usable & np.isfinite(builder.volatility)
    ready &= np.cumsum(~np.isnan(panel.close), axis=0) >= WARM_UP
    table = builder.table[: len(builder.names)]
    return Features(tuple(builder.names), table, builder.volatility, builder.log_close, ready)


@cache
def feature_names() -> tuple[str, ...]:
    """Returns the names of all features, in the order of their columns."""
    times = np.array([0, _MINUTE_MS], np.int64)
    empty = [np.full((2, 1), np.nan) for _ in range(5)]
    return features_of(panel_of_grids(times, ("",), _MINUTE_MS, empty)).names


def _in_memory(shape: tuple[int, ...]) -> NDArray[np.float32]:
    return np.empty(shape, np.float32)  # pages that nothing is written to take no memory


class _Builder:
    """Fills one column after the other; the order of the calls is the order of the names."""

    def __init__(self, panel: Panel, room: Callable[[tuple[int, ...]], NDArray[np.float32]]) -> None:
        self.panel = panel
        self.names: list[str] = []
        self.table = room((_ROOM, *panel.shape))
        self.log_close = np.log(panel.close)
        self.returns = self.log_close - shifted(self.log_close, 1)
        squares = self.returns**2
        self.volatility, self.short_volatility, self.long_volatility = (
            np.maximum(np.sqrt(np.maximum(decayed(squares, life), 0)), _MIN_VOLATILITY)
            for life in (VOLATILITY_HALF_LIFE, _SHORT_HALF_LIFE, _LONG_HALF_LIFE)
        )
        self.log_volatility = np.log(self.volatility)
        self.scaled = self.returns / self.volatility

    def add(self, name: str, values: Floats, lag: int = 0) -> None:
        column = self.table[len(self.names)]
        column[:lag] = np.nan
        column[lag:] = values[: max(0, len(values) - lag)]
        self.names.append(name)

    def lags(self) -> None:
        for lag in range(LAGS):
            self.add(f"return_{lag}", self.scaled, lag)

    def move(self, span: int) -> Floats:
        """Returns the return over `span` candles in standard deviations."""
        moved: Floats = np.full_like(self.log_close, np.nan)
        np.subtract(self.log_close[span:], self.log_close[:-span], out=moved[span:])
        moved /= self.volatility
        moved *= span**-0.5
        return moved

    def momenta(self) -> None:
        for span in MOMENTA:
            self.add(f"momentum_{span}", self.move(span))

    def candle(self) -> None:
        panel = self.panel
        log_open, log_high, log_low = np.log(panel.open), np.log(panel.high), np.log(panel.low)
        self.add("range", (log_high - log_low) / self.volatility)
        place = placed(panel.close, panel.low, panel.high)
        self.add("place", place)
        self.add("place_1", place, 1)
        self.add("upper_wick", (log_high - np.maximum(log_open, self.log_close)) / self.volatility)
        self.add("lower_wick", (np.minimum(log_open, self.log_close) - log_low) / self.volatility)

    def ranges(self) -> None:
        for span in RANGES:
            top, bottom = highest(self.panel.high, span), lowest(self.panel.low, span)
            self.add(f"range_place_{span}", placed(self.panel.close, bottom, top))

    def volume(self) -> None:
        traded = np.log1p(self.panel.volume * self.panel.close)
        usual = decayed(traded, 60)
        self.add("volume", traded - usual)
        self.add("volume_1", traded - usual, 1)
        self.add("volume_trend", decayed(traded, 5) - usual)

    def volatilities(self) -> None:
        self.add("volatility", self.log_volatility)
        self.add("volatility_short", np.log(self.short_volatility) - self.log_volatility)
        self.add("volatility_long", self.log_volatility - np.log(self.long_volatility))
        self.add("autocorrelation", decayed(self.scaled * shifted(self.scaled, 1), 240))
        self.add(STILL, decayed(np.where(np.isnan(self.returns), np.nan, np.abs(self.returns) < _STILL), 60))

    def market(self) -> None:
        factor = across(self.scaled)
        apart = self.scaled - factor
        for lag in range(3):
            self.add(f"market_{lag}", factor, lag)
        self.add("rank", apart / (np.sqrt(across(apart**2)) + _MIN_SPREAD))
        for span in (5, 15, 60, 240):
            move = self.move(span)
            together = across(move)
            self.add(f"market_momentum_{span}", together)
            self.add(f"relative_{span}", move - together)
        self.add(MARKET_VOLATILITY, across(self.log_volatility))

    def leader(self) -> None:
        symbols = self.panel.symbols
        place = next((symbols.index(leader) for leader in LEADERS if leader in symbols), None)
        leading = np.full((self.panel.shape[0], 1), np.nan) if place is None else self.scaled[:, place : place + 1]
        for lag in range(3):
            self.add(f"leader_{lag}", leading, lag)

    def clock(self) -> None:
        minutes = (self.panel.times + self.panel.interval_ms) // _MINUTE_MS
        angle = 2 * np.pi * (minutes % _MINUTES_A_DAY)[:, None] / _MINUTES_A_DAY
        self.add("day_sine", np.sin(angle))
        self.add("day_cosine", np.cos(angle))
        self.add("minute_of_five", (minutes % 5)[:, None].astype(float))


def shifted(values: Floats, rows: int) -> Floats:
    """Returns the values shifted down by `rows`; the first `rows` rows are NaN."""
    if rows == 0:
        return values
    moved: Floats = np.full_like(values, np.nan)
    moved[rows:] = values[:-rows]
    return moved


def placed(values: Floats, bottom: Floats, top: Floats) -> Floats:
    """Returns the position between bottom (0) and top (1), 0.5 if the two are equal."""
    height = top - bottom
    with np.errstate(invalid="ignore", divide="ignore"):
        place: Floats = (values - bottom) / height
    place[height == 0] = 0.5
    return place


def decayed(values: Floats, half_life: int) -> Floats:
    """Returns the exponentially weighted mean of the values of the last `TAIL` half-lives, NaN if there are none.

    Weights halve every `half_life` rows. Older values have zero weight, so that the mean of a row depends on a known
    number of earlier rows.
    """
    keep, window = 0.5 ** (1 / half_life), TAIL * half_life
    there = ~np.isnan(values)
    sums = _decayed_sums(np.where(there, values, 0.0), keep, window)
    weights = _decayed_weights(there, keep, window)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Floats = np.where(weights > _NO_WEIGHT, sums / weights, np.nan)
    return means


def _decayed_weights(there: Mask, keep: float, window: int) -> Floats:
    """Uses a geometric series for columns without gaps, which are nearly all, and sums the weights of the others."""
    begun = int(there.any(axis=1).argmax())
    full = there[begun:].all(axis=0) & ~there[:begun].any(axis=0)
    ages = np.clip(np.arange(1, len(there) + 1) - begun, 0, window)
    series = ((1 - keep**ages) / (1 - keep))[:, None]
    if full.all():
        return series
    weights = np.repeat(series, there.shape[1], axis=1)
    weights[:, ~full] = _decayed_sums(there[:, ~full].astype(float), keep, window)
    return weights


def _decayed_sums(values: Floats, keep: float, window: int) -> Floats:
    sums: Floats = lfilter([1.0], [1.0, -keep], values, axis=0)
    if len(sums) <= window:
        return sums
    inside = sums.copy()
    inside[window:] -= keep**window * sums[:-window]
    return inside


def highest(values: Floats, span: int) -> Floats:
    """Returns the maximum of the values of the last `span` rows, NaN if there are none."""
    return _extreme(values, span, np.fmax)


def lowest(values: Floats, span: int) -> Floats:
    """Returns the minimum of the values of the last `span` rows, NaN if there are none."""
    return _extreme(values, span, np.fmin)


def _extreme(values: Floats, span: int, better: np.ufunc) -> Floats:
    """Combines windows of 1, 2, 4, ... rows until two of them overlap to the span."""
    found, width = values.copy(), 1
    while width < span:
        step = min(width, span - width)
        found[step:] = better(found[step:], found[:-step])
        width += step
    return found


def across(values: Floats) -> Floats:
    """Returns the mean of each row over the symbols with a value, as one column; NaN if there are none."""
    there = ~np.isnan(values)
    counts = there.sum(axis=1, keepdims=True)
    sums = np.where(there, values, 0.0).sum(axis=1, keepdims=True)
    means: Floats = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return means
