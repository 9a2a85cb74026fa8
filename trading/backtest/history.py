"""Checks of the candles of a back-test, and the columns that it works on."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import CandleColumns, Floats
from pipeline.market import DAY_MS, Interval
from trading.backtest.errors import OtherCandles, TooFewCandles, UnexplainedJump

JUMP_FACTOR = 3.0
"""Factor of a price between two candles from which a back-test stops; that of the halt of a symbol by default."""

MIN_CANDLES = 2
"""Candles of the shortest test: a signal at the first close, a fill at the second open."""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Candles that were checked. `traded[i]` is True if candle i has volume; `next_traded[i]` is the first candle from
    i on that has (n: none), one entry longer than the candles; `last_traded[i]` the last one before i (-1: none).
    """

    candles: CandleColumns
    interval: Interval
    traded: NDArray[np.bool_]
    next_traded: NDArray[np.intp]
    last_traded: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.candles)

    @property
    def frozen(self) -> int:
        """Number of candles without volume: nothing fills in them."""
        return int((~self.traded).sum())

    @property
    def missing(self) -> int:
        """Number of candles that are missing between the first and the last."""
        times = self.candles.open_time
        return int((times[-1] - times[0]) // self.interval.ms) + 1 - len(times)


def history_of(
    symbol: str, candles: CandleColumns, interval: Interval, *, warm_up: int = 0, jump_factor: float = JUMP_FACTOR
) -> History:
    """Returns the candles for a test of a rule with its first possible signal after `warm_up` closed candles.

    Raises OtherCandles, TooFewCandles and UnexplainedJump.
    """
    count = len(candles)
    needed = max(warm_up + 1, MIN_CANDLES)
    if count < needed:
        raise TooFewCandles(needed, count)
    _check_order(candles, interval)
    _check_jumps(symbol, candles, interval, jump_factor)
    traded = candles.volume > 0
    places = np.arange(count)
    following = np.full(count + 1, count, np.intp)
    following[:count] = np.minimum.accumulate(np.where(traded, places, count)[::-1])[::-1]
    before = np.full(count, -1, np.intp)
    before[1:] = np.maximum.accumulate(np.where(traded, places, -1))[:-1]
    return History(candles, interval, traded, following, before)


def _check_order(candles: CandleColumns, interval: Interval) -> None:
    times = candles.open_time
    wrong = times % interval.ms != 0
    wrong[1:] |= np.diff(times) <= 0
    lowest = np.minimum(candles.open, candles.close)
    highest = np.maximum(candles.open, candles.close)
    good = (candles.low > 0) & (candles.low <= lowest) & (highest <= candles.high) & np.isfinite(candles.high)
    wrong |= ~(good & (candles.volume >= 0) & np.isfinite(candles.volume))
    if wrong.any():
        raise OtherCandles(interval, _moment(times[int(np.argmax(wrong))]))


def _check_jumps(symbol: str, candles: CandleColumns, interval: Interval, factor: float) -> None:
    """Compares each open with the close before it. The limit widens with the fourth root of the days of a gap, as that
    of halts does (`pipeline.quality.trading_gaps`).
    """
    before, after = candles.close[:-1], candles.open[1:]
    days = (np.diff(candles.open_time) - interval.ms) / DAY_MS
    moved = np.abs(np.log(after / before)) - np.log(factor) * np.maximum(1.0, days) ** 0.25
    if (moved >= 0).any():
        place = int(np.argmax(moved >= 0))
        prices = (Decimal(repr(float(side[place]))) for side in (before, after))
        at = _moment(candles.open_time[place + 1])
        raise UnexplainedJump(symbol, at, at.date() + timedelta(days=1), *prices)


def _moment(time: np.int64) -> datetime:
    return datetime.fromtimestamp(int(time) / 1000, UTC)


def as_mapping(candles: CandleColumns) -> dict[str, Floats]:
    """Returns the columns by the names under which indicators take them."""
    names = ("open", "high", "low", "close", "volume")
    return {name: getattr(candles, name) for name in names} | {"open_time": candles.open_time.astype(np.float64)}
