"""Features of a symbol at a time, computed by one function for training and serving alike.

All features are vectorised over times x symbols. A row uses nothing later than itself and nothing earlier than
`HISTORY` rows. The features are free of units: returns are divided by the volatility of the last hour, prices are given
as positions in a range, and volumes as logarithms relative to their mean. The order flow is among them if the panel has
it. Spans count candles; their names in the
comments are those of minutes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.data.order_flow import order_flow
from ml.data.panel import Floats, Mask, Panel, panel_of_grids
from ml.data.volatility_inputs import MARKET_INPUTS, SYMBOL_INPUTS, market_inputs, symbol_inputs
from ml.data.windows import TAIL, across, decayed, highest, lowest, placed, shifted

LAGS = 12
MOMENTA = (3, 5, 10, 15, 30, 60, 120, 240, 720, 1440)
RANGES = (15, 60, 240)
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
_MINUTES_A_DAY = 1440
_STILL = 1e-12
_STILLNESS = 60
_USUAL_VOLUME = 60
_ECHO = 240
_MARKET_LAGS = 3
_MINUTE_MS = 60_000
_ROOM = 80


@dataclass(frozen=True, slots=True)
class Features:
    """Features of a panel.

    `table` is float32, names x times x symbols. `volatility` is that of one candle's log return. `ready` is true where
    a forecast may be made. `own` and `shared` are further inputs of the expected size of a move
    (`ml.data.volatility_inputs`): `SYMBOL_INPUTS` x times x symbols, and `MARKET_INPUTS` x times x 1.
    `market_volatility` is also that of earlier times, where the features are those of the last rows of a panel.
    """

    names: tuple[str, ...]
    table: NDArray[np.float32]
    volatility: Floats
    log_close: Floats
    ready: Mask
    own: NDArray[np.float32]
    shared: NDArray[np.float32]
    market_volatility: NDArray[np.float32]

    def named(self, name: str) -> NDArray[np.float32]:
        """Returns the values of one feature, or of one input of the expected size, times x symbols."""
        if name in MARKET_INPUTS:
            return np.broadcast_to(self.shared[MARKET_INPUTS.index(name)], self.volatility.shape)
        found = self.own[SYMBOL_INPUTS.index(name)] if name in SYMBOL_INPUTS else self.table[self.names.index(name)]
        column: NDArray[np.float32] = found
        return column

    def last_row(self) -> "Features":
        """Returns a copy of the last row."""
        return Features(
            self.names,
            self.table[:, -1:].copy(),
            self.volatility[-1:].copy(),
            self.log_close[-1:].copy(),
            self.ready[-1:].copy(),
            self.own[:, -1:].copy(),
            self.shared[:, -1:].copy(),
            self.market_volatility,
        )


def features_of(
    panel: Panel, room: Callable[[tuple[int, ...]], NDArray[np.float32]] | None = None, *, rows: int | None = None
) -> Features:
    """Returns the features of every row, or of the last `rows` of them, which takes a fraction of the time.

    `room` allocates the table of that shape elsewhere than in memory.
    """
    builder = _Builder(panel, room or _in_memory, panel.shape[0] if rows is None else min(rows, panel.shape[0]))
    builder.lags()
    builder.momenta()
    builder.candle()
    builder.ranges()
    builder.volume()
    builder.volatilities()
    builder.market()
    builder.leader()
    builder.clock()
    builder.order_flow()
    ready = panel.usable & np.isfinite(builder.volatility)
    ready &= np.cumsum(~np.isnan(panel.close), axis=0) >= WARM_UP
    volatility, log_close, ready = map(builder.last, (builder.volatility, builder.log_close, ready))
    names = tuple(builder.names)
    shared = builder.sizes()
    table, own = builder.table[: len(names)], builder.table[len(names) : len(names) + len(SYMBOL_INPUTS)]
    return Features(names, table, volatility, log_close, ready, own, shared, builder.market_volatility)


@cache
def feature_names(*, flow: bool = False) -> tuple[str, ...]:
    """Returns the names of all features, in the order of their columns; with `flow`, those of the order flow follow."""
    times = np.array([0, _MINUTE_MS], np.int64)
    empty = [np.full((2, 1), np.nan) for _ in range(7 if flow else 5)]
    return features_of(panel_of_grids(times, ("",), _MINUTE_MS, empty)).names


def _in_memory(shape: tuple[int, ...]) -> NDArray[np.float32]:
    return np.empty(shape, np.float32)  # pages that nothing is written to take no memory


class _Builder:
    """Fills one column after the other; the order of the calls is the order of the names."""

    def __init__(self, panel: Panel, room: Callable[[tuple[int, ...]], NDArray[np.float32]], rows: int) -> None:
        self.panel = panel
        self.count = rows
        self.names: list[str] = []
        self.table = room((_ROOM, rows, panel.shape[1]))
        self.log_close = np.log(panel.close)
        self.returns = self.log_close - shifted(self.log_close, 1)
        squares = self.returns**2
        self.volatility, self.short_volatility, self.long_volatility = (
            np.maximum(np.sqrt(np.maximum(decayed(values, life), 0)), _MIN_VOLATILITY)
            for values, life in (
                (squares, VOLATILITY_HALF_LIFE),
                (self.last(squares, TAIL * _SHORT_HALF_LIFE), _SHORT_HALF_LIFE),
                (squares, _LONG_HALF_LIFE),
            )
        )
        self.log_volatility = np.log(self.volatility)
        self.market_volatility = across(self.log_volatility)[:, 0].astype(np.float32)
        self.scaled = self.returns / self.volatility

    def last(self, values: Any, before: int = 0) -> Any:
        """Returns the rows that are wanted, and `before` rows ahead of them."""
        return values[max(0, len(values) - self.count - before) :]

    def add(self, name: str, values: Floats, lag: int = 0) -> None:
        """Adds the last rows of the values, or of those `lag` rows earlier."""
        column, end = self.table[len(self.names)], max(0, len(values) - lag)
        found = values[max(0, end - self.count) : end]
        column[: self.count - len(found)] = np.nan
        column[self.count - len(found) :] = found
        self.names.append(name)

    def lags(self) -> None:
        for lag in range(LAGS):
            self.add(f"return_{lag}", self.scaled, lag)

    def move(self, span: int) -> Floats:
        """Returns the return over `span` candles in standard deviations."""
        ends = self.last(self.log_close)
        begins = self.last(self.log_close[: max(0, len(self.log_close) - span)])
        moved: Floats = np.full_like(ends, np.nan)
        first = len(ends) - len(begins)
        np.subtract(ends[first:], begins, out=moved[first:])
        moved /= self.last(self.volatility)
        moved *= span**-0.5
        return moved

    def momenta(self) -> None:
        for span in MOMENTA:
            self.add(f"momentum_{span}", self.move(span))

    def candle(self) -> None:
        grids = (self.panel.open, self.panel.high, self.panel.low, self.panel.close)
        opened, high, low, close = (self.last(grid, 1) for grid in grids)
        log_open, log_high, log_low = np.log(opened), np.log(high), np.log(low)
        log_close, volatility = self.last(self.log_close, 1), self.last(self.volatility, 1)
        self.add("range", (log_high - log_low) / volatility)
        place = placed(close, low, high)
        self.add("place", place)
        self.add("place_1", place, 1)
        self.add("upper_wick", (log_high - np.maximum(log_open, log_close)) / volatility)
        self.add("lower_wick", (np.minimum(log_open, log_close) - log_low) / volatility)

    def ranges(self) -> None:
        for span in RANGES:
            top, bottom = highest(self.last(self.panel.high, span), span), lowest(self.last(self.panel.low, span), span)
            self.add(f"range_place_{span}", placed(self.last(self.panel.close, span), bottom, top))

    def volume(self) -> None:
        before = TAIL * _USUAL_VOLUME + 1
        traded = np.log1p(self.last(self.panel.volume, before) * self.last(self.panel.close, before))
        usual = decayed(traded, _USUAL_VOLUME)
        self.add("volume", traded - usual)
        self.add("volume_1", traded - usual, 1)
        self.add("volume_trend", decayed(traded, 5) - usual)

    def volatilities(self) -> None:
        self.add("volatility", self.log_volatility)
        usual = self.last(self.log_volatility)
        self.add("volatility_short", np.log(self.last(self.short_volatility)) - usual)
        self.add("volatility_long", usual - np.log(self.last(self.long_volatility)))
        scaled = self.last(self.scaled, TAIL * _ECHO + 1)
        self.add("autocorrelation", decayed(scaled * shifted(scaled, 1), _ECHO))
        returns = self.last(self.returns, TAIL * _STILLNESS)
        self.add(STILL, decayed(np.where(np.isnan(returns), np.nan, np.abs(returns) < _STILL), _STILLNESS))

    def market(self) -> None:
        scaled = self.last(self.scaled, _MARKET_LAGS)
        factor = across(scaled)
        apart = scaled - factor
        for lag in range(_MARKET_LAGS):
            self.add(f"market_{lag}", factor, lag)
        self.add("rank", apart / (np.sqrt(across(apart**2)) + _MIN_SPREAD))
        for span in (5, 15, 60, 240):
            move = self.move(span)
            together = across(move)
            self.add(f"market_momentum_{span}", together)
            self.add(f"relative_{span}", move - together)
        self.add(MARKET_VOLATILITY, self.market_volatility[:, None])

    def leader(self) -> None:
        symbols = self.panel.symbols
        place = next((symbols.index(leader) for leader in LEADERS if leader in symbols), None)
        leading = np.full((self.panel.shape[0], 1), np.nan) if place is None else self.scaled[:, place : place + 1]
        for lag in range(_MARKET_LAGS):
            self.add(f"leader_{lag}", leading, lag)

    def clock(self) -> None:
        minutes = (self.panel.times + self.panel.interval_ms) // _MINUTE_MS
        angle = 2 * np.pi * (minutes % _MINUTES_A_DAY)[:, None] / _MINUTES_A_DAY
        self.add("day_sine", np.sin(angle))
        self.add("day_cosine", np.cos(angle))
        self.add("minute_of_five", (minutes % 5)[:, None].astype(float))

    def order_flow(self) -> None:
        if self.panel.trades is not None:
            for name, column in order_flow(self.panel, self.count):
                self.add(name, column)

    def sizes(self) -> NDArray[np.float32]:
        """Adds the inputs of the expected size behind the features. Returns those that all symbols share."""
        shared: dict[str, Floats] = {}
        for name, column in symbol_inputs(self.panel, self.log_close, self.count):
            self.add(name, column)
            shared[name] = across(column)
        found = market_inputs(shared, self.panel.interval_ms)
        return np.stack([self.last(column) for column in found]).astype(np.float32)
