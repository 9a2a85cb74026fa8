"""Pivot points: levels of the day, week or month before, or of a number of candles before."""

import numpy as np

from pipeline.candles import Floats
from trading.indicators.averages import highest, lowest
from trading.indicators.calendar import bucket
from trading.indicators.definitions import choice, define, period
from trading.indicators.series import Bars, Series, apply, lag, scan

_KIND = choice("kind", "standard", "camarilla", "demark", "fibonacci", "woodie")


class _Sessions:
    """Open, high, low and close of the session before, and the open of this one."""

    def __init__(self) -> None:
        unknown = (float("nan"),) * 4
        self._bucket = float("nan")
        self._before, self._now = unknown, unknown

    def add(self, *values: float) -> tuple[float, ...]:
        session, opening, high, low, close = values
        if session != self._bucket:
            self._bucket, self._before, self._now = session, self._now, (opening, high, low, close)
        else:
            begin, most, least, _ = self._now
            self._now = begin, max(most, high), min(least, low), close
        return (*self._before, self._now[0])


@define(choice("session", "day", "hour", "week", "month"), _KIND)
def pivot_points(bars: Bars, session: str, kind: str) -> dict[str, Series]:
    """Pivot points of the session before (UTC): the pivot, three supports and three resistances.

    Camarilla has four of each, DeMark one.
    """
    fields = (bucket(bars, session), bars.open, bars.high, bars.low, bars.close)
    begin, high, low, close, opening = scan(_Sessions, fields, columns=5, leads=(1, 1, 1, 1, 0))
    return _levels(kind, begin, high, low, close, opening)


@define(period("length", 20), period("offset", 0, 0), _KIND)
def rolling_pivots(bars: Bars, length: int, offset: int, kind: str) -> dict[str, Series]:
    """Pivot points of the `length` candles before this one, or before the one `offset` candles back.

    DeMark's compare the close with the open of this candle, as the candles before have no single open.
    """
    high, low = lag(highest(bars.high, length), offset + 1), lag(lowest(bars.low, length), offset + 1)
    return _levels(kind, bars.open, high, low, lag(bars.close, offset + 1), bars.open)


def _levels(kind: str, *fields: Series) -> dict[str, Series]:
    """Returns the levels from open, high, low and close of the candles before, and the open of these."""
    begin, high, low, close, opening = fields
    spread = high - low
    match kind:
        case "camarilla":
            pivot = close
            supports = [close - 1.1 / part * spread for part in (12, 6, 4, 2)]
            resistances = [close + 1.1 / part * spread for part in (12, 6, 4, 2)]
        case "demark":
            whole = apply(_demark, begin, high, low, close)
            pivot, supports, resistances = whole / 4.0, [whole / 2.0 - high], [whole / 2.0 - low]
        case "fibonacci":
            pivot = (high + low + close) / 3.0
            supports = [pivot - part * spread for part in (0.382, 0.618, 1.0)]
            resistances = [pivot + part * spread for part in (0.382, 0.618, 1.0)]
        case _:
            pivot = (high + low + 2.0 * opening) / 4.0 if kind == "woodie" else (high + low + close) / 3.0
            supports = [2.0 * pivot - high, pivot - spread, low - 2.0 * (high - pivot)]
            resistances = [2.0 * pivot - low, pivot + spread, high + 2.0 * (pivot - low)]
    return {
        "pivot": pivot,
        **{f"s{place}": each for place, each in enumerate(supports, 1)},
        **{f"r{place}": each for place, each in enumerate(resistances, 1)},
    }


def _demark(begin: Floats, high: Floats, low: Floats, close: Floats) -> Floats:
    extra = np.where(close < begin, low, np.where(close > begin, high, close))
    return np.asarray(high + low + close + extra)
