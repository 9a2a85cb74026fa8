"""Numbers of a candle chart: the candles as arrays, the range of the price axis, and pixel positions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.ui.charts.drawing.canvas import Floats, Pane
from bot.ui.charts.specs import CandlesSpec

_WIDEST_SLOT = 36.0
_WIDEST_GAP = 3
_BEFORE_AXIS = 8
_BODY_SHARE = 0.72
_BROAD = 11
_STICK_OUT = 4.0
"""Maximum distance of a price from the core, in core heights, before it is cut off."""

_REACH = 0.35
"""Maximum extension of the axis for a line or a mark, as a fraction of the candles' range."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Shown candles as arrays. `local` is the user's wall clock; `slots` counts from 0 with gaps."""

    local: Floats
    slots: Floats
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats


@dataclass(frozen=True, slots=True)
class Range:
    """Range of the price axis. `cut_high` and `cut_low` are indexes of candles that extend beyond it."""

    low: float
    high: float
    cut_high: tuple[int, ...] = ()
    cut_low: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """Pixel positions of candles: the columns of their middles, and the widths of slots, bodies and wicks."""

    middles: Floats
    slot: float
    body: int
    wick: int

    def around(self, chosen: NDArray[np.bool_], width: int) -> tuple[Floats, Floats]:
        """Returns the left and right edges of boxes `width` pixels wide around the chosen candles."""
        left = np.rint(self.middles[chosen]) - width // 2
        return left, left + width


def columns_of(spec: CandlesSpec) -> Columns:
    """Returns the arrays and the slot of each candle."""
    lead = spec.lead
    times = np.array(spec.times[lead:], float)
    steps = np.rint(np.diff(times) / spec.interval_ms)
    slots = np.concatenate([[0.0], np.cumsum(np.clip(steps, 1, 1 + _WIDEST_GAP))])
    prices = (np.array(column[lead:], float) for column in (spec.open, spec.high, spec.low, spec.close, spec.volume))
    return Columns(times + np.array(spec.offsets[lead:], float), slots, *prices)


def price_range(columns: Columns, last: float) -> Range:
    """Returns the range of the price axis: all prices, except those far outside the core.

    The core is the 2nd to 98th percentile of all opens and closes, at least as high as the median candle and as 0.5 %
    of the price. Prices more than four core heights outside it are cut off (a listing candle may reach 100 times the
    price and would flatten all others). The last price is always inside.
    """
    bodies = np.concatenate([columns.open, columns.close])
    core_low, core_high = np.percentile(bodies, [2, 98])
    least = max(float(np.median(columns.high - columns.low)), 0.005 * float(np.median(bodies)))
    reach = _STICK_OUT * max(float(core_high - core_low), least)
    cut_high = columns.high > core_high + reach
    cut_low = columns.low < core_low - reach
    inside = np.concatenate([columns.high[~cut_high], columns.low[~cut_low], [core_low, core_high, last]])
    low, high = float(inside.min()), float(inside.max())
    margin = 0.06 * (high - low)
    if margin <= 1e-9 * abs(high):  # flat, or a difference below floating-point precision
        margin = 0.01 * abs(high) or 1.0
    return Range(low - margin, high + margin, tuple(np.flatnonzero(cut_high)), tuple(np.flatnonzero(cut_low)))


def extended(shown: Range, values: Sequence[float]) -> Range:
    """Extends the range to values near it.

    Distant lines and marks are ignored so that they do not flatten the candles.
    """
    reach = _REACH * (shown.high - shown.low)
    near = [value for value in values if shown.low - reach < value < shown.high + reach]
    if not near:
        return shown
    margin = 0.1 * reach
    return replace(shown, low=min(shown.low, min(near) - margin), high=max(shown.high, max(near) + margin))


def places_of(slots: Floats, pane: Pane) -> Places:
    """Distributes slots across the pane. A small number of candles is centred.

    Bodies are an odd number of pixels wide if there is room, so that the wick is centred, and are never too thin to be
    visible.
    """
    count = float(slots[-1]) + 1
    room = pane.right - _BEFORE_AXIS - pane.left
    slot = min(_WIDEST_SLOT, room / count)
    first = pane.left + (room - slot * count) / 2
    body = max(round(slot * _BODY_SHARE), min(2, math.ceil(slot)))
    body = body if body <= 2 else body // 2 * 2 + 1  # noqa: PLR2004
    return Places(first + (slots + 0.5) * slot, slot, body, 3 if body >= _BROAD else 1)
