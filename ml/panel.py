"""Candles on a grid: what every feature, recipe and evaluation reads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml.errors import NoTrainingData, UnreadableCandles

Floats = NDArray[np.floating]
Mask = NDArray[np.bool_]

COLUMNS = ("symbol", "open_time", "open", "high", "low", "close", "volume")
LISTING_RATIO = 2.0
"""A first candle whose high is so many times its low is how a listing looks, not a market."""

_LISTING_CANDLES = 5
_FROZEN_CANDLES = 60


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows are times, evenly spaced; columns are symbols in alphabetical order; NaN where there is no candle.

    `times` are the candles' openings in UTC ms: what stands in row t is known from `times[t] + interval_ms` on.
    `usable` says which candles may be learnt from: those of a listing and of a frozen market may not.
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

    @property
    def shape(self) -> tuple[int, int]:
        """Times, symbols."""
        return self.close.shape[0], self.close.shape[1]

    def rows(self, start: int, stop: int) -> "Panel":
        """The same symbols from row `start` to before row `stop`."""
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
        )


def read_candles(path: Path) -> Panel:
    """A parquet file with the columns of COLUMNS. Raises UnreadableCandles and NoTrainingData."""
    try:
        frame = pd.read_parquet(path, columns=list(COLUMNS))
    except (OSError, ValueError, KeyError) as error:
        raise UnreadableCandles(str(path), ", ".join(COLUMNS)) from error
    return panel_of(frame)


def panel_of(frame: pd.DataFrame) -> Panel:
    """Of candles in any order. A candle that cannot be one (NaN, zero, high below low) is left out.

    Raises NoTrainingData without two candles.
    """
    sound = frame[_sound(frame)].drop_duplicates(["symbol", "open_time"], keep="last")
    if len(sound) < 2 or sound["open_time"].nunique() < 2:  # noqa: PLR2004
        raise NoTrainingData(len(sound), 2)
    opened = sound["open_time"].to_numpy(np.int64)
    interval = int(np.diff(np.unique(opened)).min())
    first = int(opened.min())
    times = np.arange(first, int(opened.max()) + interval, interval, dtype=np.int64)
    symbols = tuple(sorted(sound["symbol"].unique()))
    rows = (opened - first) // interval
    places = sound["symbol"].map({symbol: number for number, symbol in enumerate(symbols)}).to_numpy(np.int64)
    shape = (len(times), len(symbols))
    opens, highs, lows, closes, volumes = (
        _grid(sound[name].to_numpy(np.float64), rows, places, shape) for name in COLUMNS[2:]
    )
    panel = Panel(times, symbols, interval, opens, highs, lows, closes, volumes, usable=~np.isnan(closes))
    return replace(panel, usable=panel.usable & ~_listing(panel) & ~_frozen(panel))


def _sound(frame: pd.DataFrame) -> "pd.Series[bool]":
    prices = frame[["open", "high", "low", "close"]]
    finite = np.isfinite(prices).all(axis=1) & np.isfinite(frame["volume"]) & (frame["volume"] >= 0)
    ordered = (prices.min(axis=1) >= frame["low"]) & (prices.max(axis=1) <= frame["high"])
    sound: pd.Series[bool] = finite & ordered & (frame["low"] > 0)
    return sound


def _grid(values: Floats, rows: NDArray[np.int64], places: NDArray[np.int64], shape: tuple[int, int]) -> Floats:
    grid = np.full(shape, np.nan)
    grid[rows, places] = values
    return grid


def _listing(panel: Panel) -> Mask:
    """The first candles of a symbol that was listed inside the panel with a leap."""
    listed = np.zeros(panel.shape, bool)
    there = ~np.isnan(panel.close)
    firsts = there.argmax(axis=0)
    for place, first in enumerate(firsts):
        early = slice(first, first + _LISTING_CANDLES)
        ratio = panel.high[early, place] / panel.low[early, place]
        if np.nanmax(ratio) > LISTING_RATIO:
            listed[early, place] = True
    return listed


def _frozen(panel: Panel) -> Mask:
    """Candles at the end of an hour or more without a trade and without a move: nobody trades there."""
    quiet = (panel.volume == 0) & (panel.high == panel.low)
    counts = np.cumsum(quiet, axis=0)
    before = np.zeros_like(counts)
    before[_FROZEN_CANDLES:] = counts[:-_FROZEN_CANDLES]
    frozen: Mask = counts - before >= _FROZEN_CANDLES
    return frozen


def columns_of(panel: Panel, symbols: Sequence[str]) -> Panel:
    """The panel with exactly these symbols; those it lacks are empty columns."""
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
    )
