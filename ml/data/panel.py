"""Candles on a grid, the input of every feature, recipe and evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from ml.errors import IrregularCandles, NoTrainingData, UnreadableCandles
from pipeline.errors import BadRecording
from pipeline.market import DAY_MS, LATEST_MS, MAX_PRICE, MAX_VOLUME, MIN_PRICE
from pipeline.replay.parquet_columns import open_columns, read_numbers

Floats = NDArray[np.floating]
Mask = NDArray[np.bool_]

COLUMNS = ("symbol", "open_time", "open", "high", "low", "close", "volume")
FLOW = ("trades", "taker_base")
"""Columns of the order flow: the number of trades, and the volume that takers bought."""

LISTING_RATIO = 2.0
"""Ratio of high to low from which a first candle counts as part of a listing and not of a market."""

_LISTING_CANDLES = 5
_FROZEN_CANDLES = 60
_MAX_EMPTY = 20
_SMALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Panel:
    """Candles on a grid: rows are evenly spaced times, columns are symbols in alphabetical order; NaN without a candle.

    `times` are the opening times of the candles in UTC ms: row t is known from `times[t] + interval_ms` on. `usable` is
    true for candles that may be used in training; those of a frozen market may not. `trades` are the numbers of trades
    and `taken` the volumes that takers bought, None if the order flow was not read.
    """

    times: NDArray[np.int64]
    symbols: tuple[str, ...]
    interval_ms: int
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    usable: Mask
    trades: Floats | None = None
    taken: Floats | None = None

    @property
    def grids(self) -> tuple[Floats, ...]:
        """Opens, highs, lows, closes and volumes, then the order flow, if it was read."""
        prices = (self.open, self.high, self.low, self.close, self.volume)
        return prices if self.trades is None or self.taken is None else (*prices, self.trades, self.taken)

    def with_flow(self, *, flow: bool) -> "Panel":
        """Returns the panel with order flow or without it. Of what was not read, nothing is known."""
        if flow == (self.trades is not None):
            return self
        unknown = np.full(self.shape, np.nan) if flow else None
        return replace(self, trades=unknown, taken=unknown)

    @property
    def shape(self) -> tuple[int, int]:
        """Number of times and number of symbols."""
        return self.close.shape[0], self.close.shape[1]

    def rows(self, start: int, stop: int) -> "Panel":
        """Returns the same symbols from row `start` to before row `stop`."""
        part = slice(start, stop)
        return replace(
            self,
            times=self.times[part],
            open=self.open[part],
            high=self.high[part],
            low=self.low[part],
            close=self.close[part],
            volume=self.volume[part],
            usable=self.usable[part],
            trades=None if self.trades is None else self.trades[part],
            taken=None if self.taken is None else self.taken[part],
        )


def read_candles(path: Path, *, flow: bool = False) -> Panel:
    """Reads a parquet file with the columns of COLUMNS, times in any unit; with `flow`, those of FLOW too, of which
    `taker_base` may be missing.

    Raises UnreadableCandles, BadRecording where it is too big, IrregularCandles and NoTrainingData.
    """
    wanted = (*COLUMNS, *FLOW) if flow else COLUMNS
    _check_columns(path, wanted)
    try:
        missing = flow and FLOW[1] not in parquet.read_schema(path).names
        # each text once, not in every row: a file of a few KB can name a long one a million times
        table = parquet.read_table(path, columns=list(wanted[:-1] if missing else wanted), read_dictionary=list(wanted))
        if missing:
            table = table.append_column(FLOW[1], pa.nulls(len(table), pa.float64()))
        table.validate(full=True)
        for place, name in enumerate(table.column_names):
            column = table.column(place)
            if name == "open_time" or (name != "symbol" and pa.types.is_dictionary(column.type)):
                table = table.set_column(place, name, pa.array(read_numbers(column, name)))
        frame = table.to_pandas(split_blocks=True, self_destruct=True)
        del table
        frame = frame.astype({"open_time": np.int64, **dict.fromkeys(wanted[2:], np.float64)})
    except (OSError, pa.ArrowException, ValueError, KeyError, TypeError, OverflowError) as error:
        raise UnreadableCandles(str(path), ", ".join(wanted)) from error
    panel = panel_of(frame)
    del frame
    pa.default_memory_pool().release_unused()
    return panel


def _check_columns(path: Path, wanted: Sequence[str]) -> None:
    """Raises BadRecording for a file that unpacks to more than a recording may, UnreadableCandles for one without the
    columns or with values of no bounded size in them.
    """
    try:
        open_columns(path).close()
    except BadRecording as error:
        if error.why == "too-big":
            raise
        if error.why != "empty":
            raise UnreadableCandles(str(path), ", ".join(wanted)) from error


def panel_of(frame: pd.DataFrame) -> Panel:
    """Returns the panel of candles given in any order.

    Invalid candles (NaN, zero, high below low) and the candles of a symbol's listing are left out. Raises
    NoTrainingData with fewer than two candles, and IrregularCandles if their times would need a grid that is mostly
    empty.
    """
    sound = _without(frame, ~_sound(frame))
    if len(sound) < 2 or sound["open_time"].nunique() < 2:  # noqa: PLR2004
        raise NoTrainingData(len(sound), 2)
    opened = sound["open_time"].to_numpy(np.int64)
    symbols = tuple(sorted(sound["symbol"].unique()))
    times = _times(opened, len(symbols))
    interval = int(times[1] - times[0])
    rows = (opened - times[0]) // interval
    places = sound["symbol"].map({symbol: number for number, symbol in enumerate(symbols)}).to_numpy(np.int64)
    shape = (len(times), len(symbols))
    if np.bincount(rows * shape[1] + places).max() > 1:
        return panel_of(sound.drop_duplicates(["symbol", "open_time"], keep="last"))
    names = [name for name in (*COLUMNS[2:], *FLOW) if name in sound]
    grids = [_grid(sound[name].to_numpy(np.float64), rows, places, shape) for name in names]
    return panel_of_grids(times, symbols, interval, grids)


def panel_of_grids(
    times: NDArray[np.int64], symbols: tuple[str, ...], interval_ms: int, grids: Sequence[Floats]
) -> Panel:
    """Returns the panel of `Panel.grids`, times x symbols each, NaN where there is no candle.

    The panel keeps the grids and empties the candles of a symbol's listing in place. A candle of unknown volume has a
    NaN volume.
    """
    listed = _listing(grids[1], grids[2])
    for grid in grids:
        grid[listed] = np.nan
    opens, highs, lows, closes, volumes, *flow = grids
    usable = ~np.isnan(closes)
    panel = Panel(times, symbols, interval_ms, opens, highs, lows, closes, volumes, usable, *flow)
    return replace(panel, usable=panel.usable & ~_frozen(panel))


def days_of(panel: Panel) -> NDArray[np.int64]:
    """Returns the UTC day of each time of a panel, counted from the first. Raises IrregularCandles if a grid of days
    would be mostly empty.
    """
    days = np.asarray(panel.times // DAY_MS, np.int64)
    days -= days[0]
    _check_grid(int(np.isfinite(panel.close).sum()), int(days[-1]) + 1, panel.shape[1])
    return days


def _check_grid(candles: int, times: int, symbols: int) -> None:
    if times * symbols > _MAX_EMPTY * candles + _SMALL:
        raise IrregularCandles(candles, times * symbols)


def _times(opened: NDArray[np.int64], symbols: int) -> NDArray[np.int64]:
    """Returns the times from the first to the last, spaced like the two nearest ones. Raises IrregularCandles."""
    interval = int(np.diff(np.unique(opened)).min())
    count = (int(opened.max()) - int(opened.min())) // interval + 1
    _check_grid(len(opened), count, symbols)
    return int(opened.min()) + interval * np.arange(count, dtype=np.int64)


def _without(frame: pd.DataFrame, bad: Mask) -> pd.DataFrame:
    """Returns the frame itself if nothing is bad, which is nearly always: a copy may take most of the memory."""
    return frame[~bad] if bad.any() else frame


def _sound(frame: pd.DataFrame) -> Mask:
    opens, highs, lows, closes, volumes = (frame[name].to_numpy(np.float64) for name in COLUMNS[2:])
    times = frame["open_time"].to_numpy(np.int64)
    sound: Mask = (lows >= MIN_PRICE) & (highs <= MAX_PRICE) & (volumes >= 0) & (volumes <= MAX_VOLUME)
    sound &= (times >= 0) & (times < LATEST_MS)
    for prices in (opens, closes):
        sound &= (prices >= lows) & (prices <= highs)
    return sound


def _grid(values: Floats, rows: NDArray[np.int64], places: NDArray[np.int64], shape: tuple[int, int]) -> Floats:
    grid = np.full(shape, np.nan)
    grid[rows, places] = values
    return grid


def _listing(high: Floats, low: Floats) -> Mask:
    """Returns the candles of a listing, whose prices could not be traded.

    They are a symbol's first candles, from the first one that leapt on. A candle is not judged by later candles.
    """
    listed = np.zeros(high.shape, bool)
    for place, first in enumerate((~np.isnan(high)).argmax(axis=0)):
        early = slice(first, first + _LISTING_CANDLES)
        with np.errstate(invalid="ignore"):
            leapt = high[early, place] / low[early, place] > LISTING_RATIO
        listed[early, place] = np.maximum.accumulate(leapt)
    return listed


def _frozen(panel: Panel) -> Mask:
    """Returns the candles at the end of an hour or more without a trade and without a move."""
    quiet = (panel.volume == 0) & (panel.high == panel.low)
    counts = np.cumsum(quiet, axis=0)
    before = np.zeros_like(counts)
    before[_FROZEN_CANDLES:] = counts[:-_FROZEN_CANDLES]
    frozen: Mask = counts - before >= _FROZEN_CANDLES
    return frozen


def columns_of(panel: Panel, symbols: Sequence[str]) -> Panel:
    """Returns the panel with exactly these symbols; missing symbols become empty columns."""
    known = {symbol: number for number, symbol in enumerate(panel.symbols)}
    places = [known.get(symbol, -1) for symbol in symbols]
    missing = np.array([place < 0 for place in places])

    def pick(values: Floats) -> Floats:
        picked = values[:, places].copy()
        picked[:, missing] = np.nan
        return picked

    return replace(
        panel,
        symbols=tuple(symbols),
        open=pick(panel.open),
        high=pick(panel.high),
        low=pick(panel.low),
        close=pick(panel.close),
        volume=pick(panel.volume),
        usable=panel.usable[:, places] & ~missing,
        trades=None if panel.trades is None else pick(panel.trades),
        taken=None if panel.taken is None else pick(panel.taken),
    )


MAX_HOLES = 0.1
"""Largest share of missing candles among those that a forecast needs at least; above it no forecast is made."""
