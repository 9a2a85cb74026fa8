"""Regime of the market: how it moves (calm, usual, wild), and whether it goes somewhere (trend, range)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from trading.indicators.registry import INDICATORS
from trading.mood.components import rank_in_past, volatility_of
from trading.mood.market_days import MarketDays

CALM_BELOW, WILD_FROM = 25.0, 75.0
"""Ranks of the volatility of 7 days among the year before."""

TREND_FROM = 25.0
"""Average directional index from which there is a trend (Wilder 1978)."""

ADX_DAYS = 14


class Pace(StrEnum):
    """Volatility of the market beside its past."""

    CALM = "calm"
    USUAL = "usual"
    WILD = "wild"


class Course(StrEnum):
    """Direction of the market."""

    UP = "up"
    DOWN = "down"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Regime:
    """Regime of the last day, None where it is unknown; `rank` is that of the volatility, `adx` that of the leader."""

    pace: Pace | None
    course: Course | None
    rank: float | None
    adx: float | None


def regime_of(days: MarketDays) -> Regime:
    """Returns the regime: pace by the market line, course by the candles of Bitcoin (Ether where there is none)."""
    rank = float(rank_in_past(volatility_of(days.line))[-1])
    adx, plus, minus = _direction(days)
    pace = (
        None if np.isnan(rank) else Pace.CALM if rank < CALM_BELOW else Pace.WILD if rank >= WILD_FROM else Pace.USUAL
    )
    course = None
    if not np.isnan(adx):
        course = Course.RANGE if adx < TREND_FROM else Course.UP if plus > minus else Course.DOWN
    return Regime(pace, course, _known(rank), _known(adx))


def _direction(days: MarketDays) -> tuple[float, float, float]:
    if days.leader is None:
        return np.nan, np.nan, np.nan
    candles = {
        name: each[:, days.leader] for name, each in (("high", days.highs), ("low", days.lows), ("close", days.closes))
    }
    first = np.flatnonzero(np.isfinite(candles["close"]))
    if not len(first):
        return np.nan, np.nan, np.nan
    since = {name: each[first[0] :] for name, each in candles.items()}
    found = INDICATORS["adx"].compute(since, length=ADX_DAYS)
    return float(found["adx"][-1]), float(found["plus"][-1]), float(found["minus"][-1])


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
