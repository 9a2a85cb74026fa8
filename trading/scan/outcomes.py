"""Outcomes of each candle: from the next open, the first price one could have had, to the close of the horizon."""

from collections.abc import Mapping

import numpy as np

from pipeline.candles import Floats
from pipeline.market import Interval
from trading.indicators.registry import INDICATORS
from trading.scan.signals import SignalOutcome

HORIZONS: Mapping[Interval, int] = {Interval.H1: 24, Interval.D1: 7}
"""Candles of which the outcome is measured, by interval: a day and a week."""

USUAL_HORIZONS = 10
"""Horizons before, whose mean move is the usual one."""


def outcomes(candles: Mapping[str, Floats], horizon: int) -> dict[SignalOutcome, Floats]:
    """Returns for every candle 1 where the outcome came, 0 where it did not, NaN where it is unknown."""
    close, count = candles["close"], len(candles["close"])
    entry, leave = np.full(count, np.nan), np.full(count, np.nan)
    entry[: count - 1] = candles["open"][1:]
    leave[: max(count - horizon, 0)] = close[horizon:]
    move = leave / entry - 1.0
    moves = np.abs(INDICATORS["roc"].compute({"close": close}, length=horizon)["roc"]) / 100.0
    usual = INDICATORS["sma"].compute({"close": moves}, length=USUAL_HORIZONS * horizon)["sma"]
    large = np.where(np.isfinite(move) & np.isfinite(usual), np.abs(move) > usual, np.nan)
    return {SignalOutcome.RISE: np.where(np.isfinite(move), move > 0, np.nan), SignalOutcome.LARGE: large}
