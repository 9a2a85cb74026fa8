"""Features of the order flow: which side traded, how often, and how much at a time.

They exist where a panel has the numbers of trades and the takers' volumes (`Panel.trades`). A row uses nothing later
than itself. What is not known is NaN, or left out of a window that has other candles.
"""

from collections.abc import Iterator

import numpy as np

from ml.data.panel import Floats, Panel
from ml.data.windows import TAIL, decayed, rolling_sum

SPANS = (1, 5, 15, 60)
ORDER_FLOW = (*(f"taker_{span}" for span in SPANS), "trade_count", "trade_size")
"""Names of the features, in the order of their columns."""

_USUAL = 60
_MOST_TRADES = 1e12


def order_flow(panel: Panel, rows: int) -> Iterator[tuple[str, Floats]]:
    """Yields the features of `ORDER_FLOW` by name, times x symbols, at least of the last `rows` times.

    `taker_N` is the volume that takers bought less what they sold, over the volume of N candles: from -1 to 1, and 0
    without a trade. `trade_count` is the logarithm of the number of trades, and `trade_size` that of the turnover of a
    trade, both less their usual values, exponential means with a half-life of an hour of minutes. Without a trade,
    there is no size of one.
    """
    begin = max(0, panel.shape[0] - rows - TAIL * _USUAL)
    volume, close = panel.volume[begin:], panel.close[begin:]
    trades, taken = _known_trades(panel, begin), _known_taken(panel, begin)
    there = ~np.isnan(taken)
    net, whole = 2 * taken - volume, np.where(there, volume, np.nan)
    for span in SPANS:
        sums, wholes, counts = (rolling_sum(values, span) for values in (net, whole, np.where(there, 1.0, np.nan)))
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(wholes > 0, sums / wholes, 0.0)
        share[counts == 0] = np.nan
        yield f"taker_{span}", share
    yield "trade_count", _beside_usual(np.log1p(trades))
    with np.errstate(invalid="ignore", divide="ignore"):
        size = np.where(trades > 0, volume * close / trades, np.nan)
        yield "trade_size", _beside_usual(np.log(np.where(size > 0, size, np.nan)))


def _known_trades(panel: Panel, begin: int) -> Floats:
    """Returns the numbers of trades, NaN where there was a volume without a number of trades."""
    if panel.trades is None:
        return np.full_like(panel.volume[begin:], np.nan)
    trades = panel.trades[begin:]
    known: Floats = np.where((trades > 0) & (trades < _MOST_TRADES), trades, np.nan)
    known[panel.volume[begin:] == 0] = 0.0
    return known


def _known_taken(panel: Panel, begin: int) -> Floats:
    """Returns what takers bought, NaN where it is not a part of the volume."""
    volume = panel.volume[begin:]
    if panel.taken is None:
        return np.full_like(volume, np.nan)
    taken = panel.taken[begin:]
    known: Floats = np.where((taken >= 0) & (taken <= volume), taken, np.nan)
    return known


def _beside_usual(values: Floats) -> Floats:
    found: Floats = values - decayed(values, _USUAL)
    return found
