"""What a model knows of a symbol at a time: one function for training and serving alike.

Everything is vectorised over times x symbols, uses nothing later than its own row, and is free of units: returns are
divided by the volatility of the last hour, prices stand as places in a range, volumes as logarithms beside their mean.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d
from scipy.signal import lfilter

from ml.panel import Floats, Mask, Panel

LAGS = 12
MOMENTA = (3, 5, 10, 15, 30, 60, 120, 240, 720, 1440)
RANGES = (15, 60, 240)
WARM_UP = 240
"""Candles before the first row that is worth a forecast; longer windows are NaN until they are full."""

HISTORY = max(MOMENTA) + 1
"""Candles that the features of one row look at, but for the tails of exponential means."""

LEADER = "BTC"
VOLATILITY_HALF_LIFE = 60
_LEAST_VOLATILITY = 2e-5
_MINUTES_A_DAY = 1440
_STILL = 1e-12
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Features:
    """`values` is float32, times x symbols x names; `volatility` is of one candle's log return; `ready` says where a
    forecast may be made."""

    names: tuple[str, ...]
    values: NDArray[np.float32]
    volatility: Floats
    log_close: Floats
    ready: Mask


def features_of(panel: Panel) -> Features:
    """The features of every row."""
    builder = _Builder(panel)
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
    ready &= _seen(panel) >= WARM_UP
    return Features(tuple(builder.names), builder.stacked(), builder.volatility, builder.log_close, ready)


def _seen(panel: Panel) -> NDArray[np.int64]:
    return np.cumsum(~np.isnan(panel.close), axis=0)


class _Builder:
    """Collects columns; the order of the calls is the order of the names."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.names: list[str] = []
        self.columns: list[NDArray[np.float32]] = []
        self.log_close = np.log(panel.close)
        self.returns = self.log_close - shifted(self.log_close, 1)
        squares = self.returns**2
        self.volatility = np.maximum(np.sqrt(decayed(squares, VOLATILITY_HALF_LIFE)), _LEAST_VOLATILITY)
        self.short_volatility = np.sqrt(decayed(squares, 10))
        self.long_volatility = np.sqrt(decayed(squares, 720))
        self.scaled = self.returns / self.volatility
        self.moves: dict[int, Floats] = {}

    def add(self, name: str, values: Floats) -> None:
        self.names.append(name)
        self.columns.append(np.broadcast_to(values, self.panel.shape).astype(np.float32))

    def stacked(self) -> NDArray[np.float32]:
        return np.stack(self.columns, axis=2)

    def lags(self) -> None:
        for lag in range(LAGS):
            self.add(f"return_{lag}", shifted(self.scaled, lag))

    def momenta(self) -> None:
        for span in MOMENTA:
            move = (self.log_close - shifted(self.log_close, span)) / (self.volatility * np.sqrt(span))
            self.moves[span] = move
            self.add(f"momentum_{span}", move)

    def candle(self) -> None:
        panel, volatility = self.panel, self.volatility
        height = panel.high - panel.low
        flat = height <= 0
        self.add("range", np.log(panel.high / panel.low) / volatility)
        place = np.where(flat, 0.5, (panel.close - panel.low) / np.where(flat, 1.0, height))
        self.add("place", np.where(np.isnan(panel.close), np.nan, place))
        self.add("place_1", shifted(place, 1))
        body_top, body_low = np.maximum(panel.open, panel.close), np.minimum(panel.open, panel.close)
        self.add("upper_wick", np.log(panel.high / body_top) / volatility)
        self.add("lower_wick", np.log(body_low / panel.low) / volatility)

    def ranges(self) -> None:
        for span in RANGES:
            top, bottom = highest(self.panel.high, span), lowest(self.panel.low, span)
            wide = top > bottom
            self.add(
                f"range_place_{span}",
                np.where(wide, (self.panel.close - bottom) / np.where(wide, top - bottom, 1), 0.5),
            )

    def volume(self) -> None:
        traded = np.log1p(self.panel.volume * self.panel.close)
        usual = decayed(traded, 60)
        self.add("volume", traded - usual)
        self.add("volume_1", shifted(traded - usual, 1))
        self.add("volume_trend", decayed(traded, 5) - usual)

    def volatilities(self) -> None:
        self.add("volatility", np.log(self.volatility))
        self.add("volatility_short", np.log(np.maximum(self.short_volatility, _LEAST_VOLATILITY) / self.volatility))
        self.add("volatility_long", np.log(self.volatility / np.maximum(self.long_volatility, _LEAST_VOLATILITY)))
        self.add("autocorrelation", decayed(self.scaled * shifted(self.scaled, 1), 240))
        self.add("still", decayed(np.where(np.isnan(self.returns), np.nan, (np.abs(self.returns) < _STILL) * 1.0), 60))

    def market(self) -> None:
        factor = across(self.scaled)
        spread = np.sqrt(across((self.scaled - factor) ** 2)) + 0.1
        for lag in range(3):
            self.add(f"market_{lag}", shifted(factor, lag))
        self.add("rank", (self.scaled - factor) / spread)
        for span in (5, 15, 60, 240):
            together = across(self.moves[span])
            self.add(f"market_momentum_{span}", together)
            self.add(f"relative_{span}", self.moves[span] - together)

    def leader(self) -> None:
        place = next((n for n, symbol in enumerate(self.panel.symbols) if symbol.startswith(LEADER)), None)
        leading = np.full((self.panel.shape[0], 1), np.nan) if place is None else self.scaled[:, place : place + 1]
        for lag in range(3):
            self.add(f"leader_{lag}", shifted(leading, lag))

    def clock(self) -> None:
        minutes = (self.panel.times + self.panel.interval_ms) // _MINUTE_MS
        angle = 2 * np.pi * (minutes % _MINUTES_A_DAY)[:, None] / _MINUTES_A_DAY
        self.add("day_sine", np.sin(angle))
        self.add("day_cosine", np.cos(angle))
        self.add("minute_of_five", (minutes % 5)[:, None].astype(float))


def shifted(values: Floats, rows: int) -> Floats:
    """What stood `rows` earlier; NaN before there was anything."""
    if rows == 0:
        return values
    moved = np.full_like(values, np.nan)
    moved[rows:] = values[:-rows]
    return moved


def decayed(values: Floats, half_life: float) -> Floats:
    """The exponentially weighted mean of what is there, weights halving every `half_life` rows; NaN before the first.

    The same as pandas' `ewm(halflife=...).mean()` with `ignore_na=False`.
    """
    keep = 0.5 ** (1 / half_life)
    there = ~np.isnan(values)
    sums = lfilter([1.0], [1.0, -keep], np.where(there, values, 0.0), axis=0)
    weights = lfilter([1.0], [1.0, -keep], there.astype(float), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Floats = np.where(weights > 1e-9, sums / weights, np.nan)  # noqa: PLR2004 - long gone is not there
    return means


def highest(values: Floats, span: int) -> Floats:
    """The maximum of the last `span` rows, of what is there."""
    filled = np.where(np.isnan(values), -np.inf, values)
    found: Floats = maximum_filter1d(filled, span, axis=0, origin=(span - 1) // 2, mode="constant", cval=-np.inf)
    return found


def lowest(values: Floats, span: int) -> Floats:
    """The minimum of the last `span` rows, of what is there."""
    filled = np.where(np.isnan(values), np.inf, values)
    found: Floats = minimum_filter1d(filled, span, axis=0, origin=(span - 1) // 2, mode="constant", cval=np.inf)
    return found


def across(values: Floats) -> Floats:
    """The mean of each row over the symbols that are there, as one column; NaN where there are none."""
    there = ~np.isnan(values)
    counts = there.sum(axis=1, keepdims=True)
    sums = np.where(there, values, 0.0).sum(axis=1, keepdims=True)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
