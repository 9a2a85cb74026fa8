"""Volume: what was traded with the moves."""

import numpy as np

from pipeline.candles import Floats
from trading.indicators import averages
from trading.indicators.averages import total
from trading.indicators.calendar import bucket
from trading.indicators.definitions import choice, define, period
from trading.indicators.series import Bars, Series, apply, change, cumulative, lag, scan


@define()
def obv(bars: Bars) -> Series:
    """On-balance volume: volumes added after a rise and subtracted after a fall. J. Granville, 1963."""
    return cumulative(bars.volume * apply(np.sign, change(bars.close)))


class _Session:
    def __init__(self) -> None:
        self._bucket = float("nan")
        self._value = self._volume = 0.0

    def add(self, *values: float) -> tuple[float, ...]:
        session, price, volume = values
        if session != self._bucket:
            self._bucket, self._value, self._volume = session, 0.0, 0.0
        if price == price and volume == volume:  # noqa: PLR0124 - known
            self._value += price * volume
            self._volume += volume
        return (self._value / self._volume if self._volume else float("nan"),)


@define(choice("session", "day", "hour", "week", "month", "all"))
def vwap(bars: Bars, session: str) -> Series:
    """Volume-weighted average of the typical price since the session began (UTC); undefined before the first trade."""
    return scan(_Session, (bucket(bars, session), averages.typical(bars), bars.volume))[0]


@define(period("length", 14))
def mfi(bars: Bars, length: int) -> Series:
    """Money flow index, 0 to 100: the RSI of typical price times volume, with plain sums.

    G. Quong and A. Soudack, 1989. Undefined where no money flowed.
    """
    price = averages.typical(bars)
    flow = apply(np.sign, change(price)) * price * bars.volume
    inward, outward = (total(apply(np.maximum, each, 0.0), length) for each in (flow, -flow))
    return averages.share(inward, outward)


def _multiplier(bars: Bars) -> Series:
    return apply(_place, bars.high, bars.low, bars.close)


def _place(high: Floats, low: Floats, close: Floats) -> Floats:
    return np.where(high == low, 0.0, ((close - low) - (high - close)) / (high - low))


@define()
def adl(bars: Bars) -> dict[str, Series]:
    """Accumulation/distribution line: volume times the place of the close in the range, summed. M. Chaikin.

    A candle without a range adds nothing.
    """
    flow = _multiplier(bars) * bars.volume
    return {"adl": cumulative(flow), "flow": flow, "multiplier": _multiplier(bars)}


@define(period("length", 20))
def cmf(bars: Bars, length: int) -> dict[str, Series]:
    """Chaikin money flow, -1 to 1: money flow over volume; undefined where nothing was traded. M. Chaikin."""
    flow = total(_multiplier(bars) * bars.volume, length)
    return {"cmf": flow / total(bars.volume, length), "multiplier": _multiplier(bars)}


@define(period("fast", 3), period("slow", 10))
def chaikin_oscillator(bars: Bars, fast: int, slow: int) -> dict[str, Series]:
    """Chaikin oscillator: difference of exponential averages of the accumulation/distribution line. M. Chaikin."""
    line = adl.series(bars)["adl"]
    return {
        "chaikin_oscillator": averages.ema(line, fast) - averages.ema(line, slow),
        "multiplier": _multiplier(bars),
    }


@define(period("length", 13))
def force_index(bars: Bars, length: int) -> Series:
    """Force index: exponential average of the change times the volume. A. Elder, 1993."""
    return averages.ema(change(bars.close) * bars.volume, length)


class _Cumulated:
    """Sum of the ranges since the trend turned, and the trend."""

    def __init__(self) -> None:
        self._price = self._range = self._sum = float("nan")
        self._trend = 0

    def add(self, *values: float) -> tuple[float, ...]:
        price, width = values
        last, before, self._price, self._range = self._price, self._range, price, width
        if last != last:  # noqa: PLR0124 - the first candle
            return float("nan"), float("nan")
        trend = 1 if price > last else -1
        self._sum = self._sum + width if trend == self._trend else before + width
        self._trend = trend
        return self._sum, float(trend)


@define(period("fast", 34), period("slow", 55), period("signal", 13))
def kvo(bars: Bars, fast: int, slow: int, signal: int) -> dict[str, Series]:
    """Klinger volume oscillator: difference of averages of the volume force, and its average. S. Klinger, 1997."""
    price, width = bars.high + bars.low + bars.close, bars.high - bars.low
    whole, trend = scan(_Cumulated, (price, width), columns=2, leads=(1, 1))
    force = apply(_force, bars.volume, width, whole, trend)
    line = averages.ema(force, fast) - averages.ema(force, slow)
    return {"kvo": line, "signal": averages.ema(line, signal)}


def _force(volume: Floats, width: Floats, whole: Floats, trend: Floats) -> Floats:
    return np.where(whole == 0, 0.0, volume * np.abs(2.0 * (width / whole - 1.0)) * trend * 100.0)


@define(period("length", 20))
def relative_volume(bars: Bars, length: int) -> dict[str, Series]:
    """Volume as a multiple of the mean of those before it, and that mean; undefined where nothing was traded."""
    before = lag(averages.sma(bars.volume, length))
    return {"relative_volume": bars.volume / before, "mean": before}
