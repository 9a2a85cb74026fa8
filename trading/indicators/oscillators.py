"""Oscillators: how far and how fast prices went."""

from collections.abc import Callable

import numpy as np

from pipeline.candles import Floats
from trading.indicators import averages, windows
from trading.indicators.averages import ema_of_ema, falls, highest, lowest, rises, share, total
from trading.indicators.definitions import choice, define, number, period
from trading.indicators.series import Bars, Series, apply, change, lag, scan, smooth, window

RSI_NEUTRAL = 50.0


@define(period("length", 14))
def rsi(bars: Bars, length: int) -> Series:
    """Relative strength index, 0 to 100: 100 G / (G + L) of Wilder's averages of gains and losses; 50 without a change.

    J. W. Wilder, "New Concepts in Technical Trading Systems", 1978.
    """
    return _rsi(bars.close, length)


def _rsi(series: Series, length: int) -> Series:
    gains, losses = averages.wilder(rises(series), length), averages.wilder(falls(series), length)
    return share(gains, losses, RSI_NEUTRAL)


@define(period("fast", 12), period("slow", 26), period("signal", 9))
def macd(bars: Bars, fast: int, slow: int, signal: int) -> dict[str, Series]:
    """Moving average convergence divergence: EMA(fast) - EMA(slow), its EMA, and their difference. G. Appel, 1979."""
    quick, slower = averages.ema(bars.close, fast), averages.ema(bars.close, slow)
    return _with_signal("line", quick - slower, signal) | {"fast": quick, "slow": slower}


@define(period("fast", 12), period("slow", 26), period("signal", 9))
def pvo(bars: Bars, fast: int, slow: int, signal: int) -> dict[str, Series]:
    """Percentage volume oscillator: the MACD of volumes, in per cent of the slow average."""
    slower = averages.ema(bars.volume, slow)
    return _with_signal("pvo", 100.0 * (averages.ema(bars.volume, fast) - slower) / slower, signal)


@define(period("fast", 12), period("slow", 26), period("signal", 9))
def ppo(bars: Bars, fast: int, slow: int, signal: int) -> dict[str, Series]:
    """Percentage price oscillator: the MACD in per cent of the slow average."""
    slower = averages.ema(bars.close, slow)
    return _with_signal("ppo", 100.0 * (averages.ema(bars.close, fast) - slower) / slower, signal)


def _with_signal(name: str, line: Series, signal: int) -> dict[str, Series]:
    average = averages.ema(line, signal)
    return {name: line, "signal": average, "histogram": line - average}


@define(
    period("length", 14),
    period("signal", 3),
    period("smoothing", 3),
    number("k_factor", 3, 0.1, 100),
    number("d_factor", 2, 0.1, 100),
    choice("average", "sma", "smma"),
)
def stochastic(
    bars: Bars, *, length: int, signal: int, smoothing: int, k_factor: float, d_factor: float, average: str
) -> dict[str, Series]:
    """Stochastic oscillator, 0 to 100: place of the close in the range of the last candles, smoothed; its average D;
    and J = 3 K - 2 D. Undefined where there is no range. G. Lane, 1984.
    """
    mean = averages.sma if average == "sma" else averages.wilder
    found = _stochastic(bars, length, signal, smoothing, mean)
    return found | {"j": k_factor * found["k"] - d_factor * found["d"]}


def _stochastic(
    bars: Bars, length: int, signal: int, smoothing: int, mean: Callable[[Series, int], Series] = averages.sma
) -> dict[str, Series]:
    low = lowest(bars.low, length)
    k = mean(100.0 * (bars.close - low) / (highest(bars.high, length) - low), smoothing)
    return {"k": k, "d": mean(k, signal)}


@define(period("length", 14), period("stochastic", 14), period("signal", 3), period("smoothing", 1))
def stochastic_rsi(bars: Bars, length: int, stochastic: int, signal: int, smoothing: int) -> dict[str, Series]:
    """Stochastic RSI, 0 to 100: place of the RSI in its own range, and its average. T. Chande and S. Kroll, 1994."""
    strength = _rsi(bars.close, length)
    found = _stochastic(Bars(close=strength, high=strength, low=strength), stochastic, signal, smoothing)
    return {"stochastic_rsi": found["k"], "signal": found["d"]}


@define(period("length", 14))
def williams_r(bars: Bars, length: int) -> Series:
    """Williams %R, -100 to 0: distance of the close from the highest high, in per cent of the range. L. Williams."""
    high = highest(bars.high, length)
    return -100.0 * (high - bars.close) / (high - lowest(bars.low, length))


@define(period("length", 20))
def cci(bars: Bars, length: int) -> Series:
    """Commodity channel index: distance of the typical price from its mean in mean distances. D. Lambert, 1980."""
    return window(windows.commodity_channel, averages.typical(bars), length)


@define(period("length", 20))
def roc(bars: Bars, length: int) -> dict[str, Series]:
    """Rate of change from `length` candles before, in per cent, and the momentum in units of price."""
    return {"roc": 100.0 * change(bars.close, length) / lag(bars.close, length), "momentum": change(bars.close, length)}


@define(period("length", 14))
def cmo(bars: Bars, length: int) -> Series:
    """Chande momentum oscillator, -100 to 100: sums of gains and losses, plain. T. Chande, 1994."""
    up, down = total(rises(bars.close), length), total(falls(bars.close), length)
    return 100.0 * (up - down) / (up + down)


@define(period("length", 20), period("signal", 9))
def trix(bars: Bars, length: int, signal: int) -> dict[str, Series]:
    """TRIX: change of a triple exponential average in per cent, and its average. J. Hutson, 1983."""
    third = ema_of_ema(ema_of_ema(averages.ema(bars.close, length), length), length)
    line = 100.0 * change(third) / lag(third)
    return {"trix": line, "signal": averages.sma(line, signal), "average": third}


@define(period("length", 25), period("smoothing", 13), period("signal", 7))
def tsi(bars: Bars, length: int, smoothing: int, signal: int) -> dict[str, Series]:
    """True strength index, -100 to 100: twice smoothed changes over their absolute values. W. Blau, 1991."""
    moves = change(bars.close)
    twice = [averages.ema(averages.ema(each, length), smoothing) for each in (moves, apply(np.abs, moves))]
    line = 100.0 * twice[0] / twice[1]
    return {"tsi": line, "signal": averages.ema(line, signal)}


@define(period("length", 13), period("first", 25), period("second", 2), period("signal", 3))
def smi(bars: Bars, length: int, first: int, second: int, signal: int) -> dict[str, Series]:
    """Stochastic momentum index, -100 to 100: distance from the middle of the range, twice smoothed. W. Blau, 1993."""
    high, low = highest(bars.high, length), lowest(bars.low, length)
    twice = [
        ema_of_ema(ema_of_ema(each, first), second) for each in (bars.close - (high + low) / 2.0, (high - low) / 2.0)
    ]
    line = 100.0 * twice[0] / twice[1]
    return {"smi": line, "signal": ema_of_ema(line, signal)}


@define(period("short", 7), period("middle", 14), period("long", 28))
def ultimate(bars: Bars, short: int, middle: int, long: int) -> Series:
    """Ultimate oscillator, 0 to 100: buying pressure over three lengths, weighted 4, 2 and 1. L. Williams, 1985."""
    pressure = bars.close - apply(np.minimum, bars.low, lag(bars.close))
    wide = averages.true_range(bars)
    parts = [total(pressure, each) / total(wide, each) for each in (short, middle, long)]
    return 100.0 / 7.0 * (4.0 * parts[0] + 2.0 * parts[1] + parts[2])


@define(period("fast", 5), period("slow", 34))
def awesome(bars: Bars, fast: int, slow: int) -> dict[str, Series]:
    """Awesome oscillator: difference of averages of the medians, and in per cent of the median. B. Williams, 1995."""
    median = averages.middle(bars)
    line = averages.sma(median, fast) - averages.sma(median, slow)
    return {"awesome": line, "normalized": 100.0 * line / median}


@define(period("length", 13))
def elder_ray(bars: Bars, length: int) -> dict[str, Series]:
    """Elder-ray: high and low as distances from the exponential average. A. Elder, 1993."""
    average = averages.ema(bars.close, length)
    return {"bull": bars.high - average, "bear": bars.low - average, "average": average}


@define(period("length", 14))
def bop(bars: Bars, length: int) -> Series:
    """Balance of power, -1 to 1: average of (close - open) / (high - low), 0 without a range. I. Livshin, 2001."""
    return averages.sma(apply(_balance, bars.close - bars.open, bars.high - bars.low), length)


def _balance(body: Floats, spread: Floats) -> Floats:
    return np.where(spread == 0, 0.0, body / spread)


@define(period("first", 35, 2), period("second", 20, 2), period("signal", 10))
def pmo(bars: Bars, first: int, second: int, signal: int) -> dict[str, Series]:
    """Price momentum oscillator: the rate of change, twice smoothed, times 10, and its average. C. Swenlin."""
    rate = 100.0 * change(bars.close) / lag(bars.close)
    line = smooth(10.0 * smooth(rate, first, 2.0 / first), second, 2.0 / second)
    return {"pmo": line, "signal": averages.ema(line, signal)}


@define(period("cycle", 10), period("fast", 23), period("slow", 50))
def stc(bars: Bars, cycle: int, fast: int, slow: int) -> Series:
    """Schaff trend cycle, 0 to 100: smoothed stochastic of the MACD line. D. Schaff, 1999."""
    line = averages.ema(bars.close, fast) - averages.ema(bars.close, slow)
    return _stochastic(Bars(close=line, high=line, low=line), cycle, 1, 3)["k"]


class _Streak:
    def __init__(self) -> None:
        self._last = float("nan")
        self._streak = 0

    def add(self, *values: float) -> tuple[float, ...]:
        (price,) = values
        last, self._last = self._last, price
        if price > last:
            self._streak = max(self._streak, 0) + 1
        elif price < last:
            self._streak = min(self._streak, 0) - 1
        else:
            self._streak = 0
        return (float(self._streak),)


@define(period("length", 3), period("streak", 2), period("rank", 100))
def connors_rsi(bars: Bars, length: int, streak: int, rank: int) -> dict[str, Series]:
    """Connors RSI, 0 to 100: mean of the RSI, the RSI of the streak and the rank of the return. L. Connors, 2012."""
    (run,) = scan(_Streak, (bars.close,))
    gain = change(bars.close) / lag(bars.close)
    parts = _rsi(bars.close, length), _rsi(run, streak), window(windows.percent_rank, gain, rank + 1)
    return {
        "connors_rsi": (parts[0] + parts[1] + parts[2]) / 3.0,
        "rsi": parts[0],
        "streak_rsi": parts[1],
        "rank": parts[2],
    }
