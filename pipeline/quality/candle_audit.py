"""Audit of the candles of one symbol: pure functions over columns, for archives and recordings alike."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import CandleColumns
from pipeline.market import Symbol
from pipeline.quality.outlier_limit import FLOOR, RECENT, centre_and_limit, distance, widening
from pipeline.replay.candle_checks import possible

LISTING_FACTOR = 3.0
"""Ratio of high to low from which a first candle is a listing candle, in which the market had not found its price."""

FROZEN_CANDLES = 60
"""Number of consecutive candles with four equal prices from which a market is frozen."""

WICK_FACTOR = 1.5

_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Jump:
    """Close beyond the limit: `times` the close before it; `refuted` if the next close was back (a spike)."""

    time: int
    times: float
    refuted: bool


@dataclass(frozen=True, slots=True)
class Wick:
    """Candle whose high or low is at least 1.5 times away from open and close; `times` is its high over its low."""

    time: int
    times: float


@dataclass(frozen=True, slots=True)
class SymbolQuality:
    """Audit of one symbol's candles. `first` and `last` are open times (UTC ms); `gaps` are spans [from, to) without a
    candle inside its own range, `missing` is the number of candles in them.

    `frozen` is the longest run of candles with equal prices, `frozen_from` its start; `listing` is the first candle's
    high over its low, if it is a listing candle.
    """

    symbol: Symbol
    rows: int
    first: int
    last: int
    duplicates: int
    broken: int
    missing: int
    gaps: tuple[tuple[int, int], ...]
    zero_volume: int
    frozen: int
    frozen_from: int
    jumps: tuple[Jump, ...]
    wicks: tuple[Wick, ...]
    listing: float = 0.0

    @property
    def spikes(self) -> int:
        """Jumps that were not confirmed."""
        return sum(jump.refuted for jump in self.jumps)

    @property
    def always_frozen(self) -> bool:
        """True if the price never moved."""
        return self.frozen == self.rows - self.duplicates - self.broken and self.rows > 1


def examine(symbol: Symbol, columns: CandleColumns, width: int, since: int) -> SymbolQuality:
    """Audits one symbol's candles. `columns` are sorted by time and unchecked, with at least one row that has a time (a
    row without one is broken). `width` is that of a candle in ms. `since` is where the report begins: a symbol that
    begins later was listed, or listed again, within the report.
    """
    rows = len(columns)
    sound = possible(columns)
    again = np.append(False, np.diff(columns.open_time) == 0)
    clean = columns.take(np.flatnonzero(sound & ~again))
    times = columns.open_time[columns.open_time >= 0]
    first, last = int(times[0]), int(times[-1])
    gaps = _gaps(times, width)
    frozen, frozen_from = _longest_frozen(clean)
    return SymbolQuality(
        symbol=symbol,
        rows=rows,
        first=first,
        last=last,
        duplicates=int(again.sum()),
        broken=int((~sound).sum()),
        missing=sum(end - start for start, end in gaps) // width,
        gaps=gaps,
        zero_volume=int((columns.volume == 0).sum()),
        frozen=frozen,
        frozen_from=frozen_from,
        jumps=_jumps(clean, width),
        wicks=_wicks(clean),
        listing=_listing(clean) if first > since else 0.0,
    )


def may_jump(closes: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
    """Returns which symbols may have jumps, given closes of times x symbols with NaN where one is missing.

    False only where all closes are positive and clearly within `FLOOR` of each other: `examine` finds no jump there. It
    takes a fraction of a millisecond per symbol, and in most minutes no symbol needs it.
    """
    lowest, highest = np.fmin.reduce(closes, axis=0), np.fmax.reduce(closes, axis=0)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        calm: NDArray[np.bool_] = (lowest > 0) & (np.log(highest / lowest) < 0.99 * FLOOR)
    return ~calm


def missing_by_bucket(quality: SymbolQuality, width: int, buckets: NDArray[np.int64]) -> NDArray[np.float64]:
    """Returns the number of missing candles in each bucket [buckets[i], buckets[i + 1]); NaN outside the symbol's own
    range.
    """
    found = np.zeros(len(buckets) - 1)
    for start, end in quality.gaps:
        overlap = np.minimum(end, buckets[1:]) - np.maximum(start, buckets[:-1])
        found += np.maximum(overlap, 0) / width
    found[(buckets[1:] <= quality.first) | (buckets[:-1] > quality.last)] = np.nan
    return found


def _gaps(times: NDArray[np.int64], width: int) -> tuple[tuple[int, int], ...]:
    holes = np.flatnonzero(np.diff(times) > width)
    return tuple((int(times[hole]) + width, int(times[hole + 1])) for hole in holes)


def _longest_frozen(c: CandleColumns) -> tuple[int, int]:
    """Returns the length and the start of the longest run of candles whose four prices are all equal."""
    if not len(c):
        return 0, 0
    still = (c.open == c.high) & (c.high == c.low) & (c.low == c.close)
    goes_on = np.append(False, still[1:] & still[:-1] & (c.close[1:] == c.close[:-1]))
    row = np.arange(len(c))
    length = np.where(still, row - np.maximum.accumulate(np.where(goes_on, 0, row)) + 1, 0)
    end = int(length.argmax())
    longest = int(length[end])
    return longest, int(c.open_time[end - longest + 1]) if longest else 0


def _jumps(c: CandleColumns, width: int) -> tuple[Jump, ...]:
    """Returns the closes that the inspector, by the same limit, would not have accepted at once."""
    logs, most = np.log(c.close), max(_HOUR_MS, width)
    moved = np.flatnonzero(np.abs(np.diff(logs)) > FLOOR) + 1
    found: list[Jump] = []
    for row in moved.tolist():
        before, close = float(c.close[row - 1]), float(c.close[row])
        wider = widening(int(c.open_time[row] - c.open_time[row - 1]), most)
        if distance(close, before) <= FLOOR * wider:
            continue
        recent = centre_and_limit(c.close[max(0, row - RECENT) : row].tolist(), wider)
        if recent is not None and abs(math.log(close) - recent[0]) <= recent[1]:
            continue
        back = row + 1 < len(c) and distance(float(c.close[row + 1]), before) <= FLOOR * wider
        found.append(Jump(int(c.open_time[row]), close / before, back))
    return tuple(found)


def _wicks(c: CandleColumns) -> tuple[Wick, ...]:
    """Returns the candles with long wicks. The first candle is left out: a market that finds its
    price is not a flaw.
    """
    with np.errstate(divide="ignore"):
        times = np.maximum(c.high / np.maximum(c.open, c.close), np.minimum(c.open, c.close) / c.low)
    beyond = np.flatnonzero(times > WICK_FACTOR)
    return tuple(Wick(int(c.open_time[row]), float(c.high[row] / c.low[row])) for row in beyond[beyond > 0].tolist())


def _listing(c: CandleColumns) -> float:
    times = float(c.high[0] / c.low[0]) if len(c) else 0.0
    return times if times >= LISTING_FACTOR else 0.0
