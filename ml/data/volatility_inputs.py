"""Inputs of the expected size of a move that are no features of its direction.

All of them are logarithms of the volatility of one candle, or differences of such logarithms. A row uses nothing later
than itself and nothing earlier than `ml.data.features.HISTORY` rows.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from ml.data.panel import Floats, Panel
from ml.data.windows import TAIL, decayed, rolling_mean

HALF_LIVES = (2, 5, 20, 60)
_CANDLE = "range_volatility_1"
_DAY = "range_volatility_day"

SYMBOL_INPUTS = (_CANDLE, *(f"range_volatility_{half_life}" for half_life in HALF_LIVES), _DAY)
MARKET_INPUTS = (*(f"market_range_{half_life}" for half_life in HALF_LIVES), "yesterday_hour", "yesterday_hours")
"""Inputs that all symbols share."""

_YESTERDAY = (24, 6)
"""Shares of a day: an hour and four hours."""

_DAY_MS = 86_400_000
_LONGEST_DAY = 1440
_LEAST = 2e-5
_BODY = 2 * np.log(2) - 1


def range_variances(panel: Panel, log_close: Floats) -> Floats:
    """Returns the variance of each candle by its range (Garman and Klass 1980), plus the gap before it, squared.

    The range of a candle says as much of its variance as several returns do.
    """
    log_open = np.log(panel.open)
    gap = np.zeros_like(log_open)
    gap[1:] = np.nan_to_num(log_open[1:] - log_close[:-1])
    found: Floats = np.log(panel.high / panel.low) ** 2 / 2 - _BODY * (log_close - log_open) ** 2 + gap**2
    return found


def symbol_inputs(panel: Panel, log_close: Floats, rows: int) -> Iterator[tuple[str, Floats]]:
    """Yields the inputs of `SYMBOL_INPUTS` by name, times x symbols, at least of the last `rows` times."""
    variances = range_variances(panel, log_close)
    yield _CANDLE, _logarithm(variances)
    for half_life in HALF_LIVES:
        near = variances[max(0, len(variances) - rows - TAIL * half_life) :]
        yield f"range_volatility_{half_life}", _logarithm(decayed(near, half_life))
    day = rolling_mean(variances, _candles_a_day(panel.interval_ms))
    yield _DAY, _logarithm(day[max(0, len(day) - rows) :])


def market_inputs(means: Mapping[str, Floats], interval_ms: int) -> Iterator[Floats]:
    """Yields the inputs of `MARKET_INPUTS`, one column each, given the means of `SYMBOL_INPUTS` over the symbols.

    The last ones are the market's volatility in the hours that followed this time of the day before, relative to that
    of the whole day: they tell how lively the coming hours usually are. Without a day of candles they are zero.
    """
    for half_life in HALF_LIVES:
        yield means[f"range_volatility_{half_life}"]
    candles, day = means[_CANDLE], _candles_a_day(interval_ms)
    usual = rolling_mean(candles, day)
    for share in _YESTERDAY:
        window = max(1, day // share)
        found = np.full_like(candles, np.nan)
        found[day:] = rolling_mean(candles, window)[window : max(window, len(candles) - day + window)]
        yield np.nan_to_num(found - usual)


def _candles_a_day(interval_ms: int) -> int:
    """Returns the candles of a day, of which a row may look back on `_LONGEST_DAY`."""
    return int(np.clip(_DAY_MS // interval_ms, 1, _LONGEST_DAY))


def _logarithm(variances: Floats) -> Floats:
    """Returns logarithms of standard deviations, which are bounded from below."""
    found: Floats = np.log(np.maximum(np.sqrt(np.maximum(variances, 0)), _LEAST))
    return found
