"""Components of the mood: each a figure of the market and its score from 0 (fear) to 100 (greed), day by day.

docs/mood.md publishes the formulas.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from pipeline.candles import Floats
from trading.indicators.averages import highest
from trading.indicators.program import Program
from trading.indicators.registry import INDICATORS
from trading.indicators.series import Bars
from trading.mood.market_days import MIN_COINS, MarketDays, trailing_sum

RANK_DAYS, RANK_LEAST = 365, 60
"""Days before, with which a figure is compared for its rank, and the fewest of them."""

VOLATILITY_DAYS, SHORT_DAYS, LONG_DAYS = 7, 30, 90
BREADTH_DAYS = 50
SMOOTHED_DAYS = 10
DOMINANCE_DAYS = 7
DEEPEST = -0.5
"""Drawdown that scores 0."""

ADVANCERS = (0.3, 0.7)
"""Shares of advancers that score 0 and 100."""


class Component(StrEnum):
    """Component of the mood; the text `mood-component-NAME` names it."""

    VOLATILITY = "volatility"
    DRAWDOWN = "drawdown"
    MOMENTUM = "momentum"
    VOLUME = "volume"
    BREADTH = "breadth"
    DOMINANCE = "dominance"
    EXTREMES = "extremes"
    NEWS = "news"


WEIGHTS: Mapping[Component, float] = MappingProxyType(
    {
        Component.VOLATILITY: 20.0,
        Component.DRAWDOWN: 15.0,
        Component.MOMENTUM: 20.0,
        Component.VOLUME: 10.0,
        Component.BREADTH: 15.0,
        Component.DOMINANCE: 10.0,
        Component.EXTREMES: 10.0,
        Component.NEWS: 10.0,
    }
)
"""Weights, of those components that are known; the first seven add up to 100."""


@dataclass(frozen=True, slots=True)
class ComponentScores:
    """Figures of a component and their scores, one of each for every day."""

    figures: Floats
    scores: Floats


def scored(days: MarketDays, news: Floats | None = None) -> dict[Component, ComponentScores]:
    """Returns all components. `news` is the mean tone of the headlines of each day, from -1 to 1."""
    found = {component: measure(days) for component, measure in _MEASURES.items()}
    if news is not None:
        found[Component.NEWS] = ComponentScores(news, between(news, -1.0, 1.0))
    return found


def rank_in_past(values: Floats, most: int = RANK_DAYS, least: int = RANK_LEAST) -> Floats:
    """Returns the share in per cent of the known values of the `most` days before that are smaller than the day's;
    equal ones count half. NaN with fewer than `least` of them.
    """
    windows = sliding_window_view(np.concatenate([np.full(most, np.nan), values]), most + 1)
    past, now = windows[:, :-1], windows[:, -1:]
    known = np.isfinite(past).sum(axis=1)
    smaller = (past < now).sum(axis=1) + 0.5 * (past == now).sum(axis=1)
    share = np.divide(100.0 * smaller, known, out=np.full(len(values), np.nan), where=known >= least)
    return np.where(np.isfinite(values), share, np.nan)


def between(values: Floats, low: float, high: float) -> Floats:
    """Returns the place of values between two bounds, 0 to 100."""
    return np.asarray(100.0 * np.clip((values - low) / (high - low), 0.0, 1.0))


def volatility_of(line: Floats) -> Floats:
    """Returns the realised volatility of the last 7 days."""
    return INDICATORS["realised_volatility"].compute({"close": line}, length=VOLATILITY_DAYS)["realised_volatility"]


def _volatility(days: MarketDays) -> ComponentScores:
    """Volatility relative to its own means of 30 and of 90 days: low is calm, and scores high."""
    short = volatility_of(days.line)
    means = (_average(short, SHORT_DAYS) + _average(short, LONG_DAYS)) / 2.0
    ratio = np.divide(short, means, out=np.full_like(short, np.nan), where=means > 0)
    return ComponentScores(ratio, 100.0 - rank_in_past(ratio))


def _drawdown(days: MarketDays) -> ComponentScores:
    """Distance of the line from its highest close of 90 days."""
    fall = days.line / _highest(days.line, LONG_DAYS) - 1.0
    return ComponentScores(fall, between(fall, DEEPEST, 0.0))


def _momentum(days: MarketDays) -> ComponentScores:
    """Mean distance of the line from its averages of 30 and of 90 days."""
    line = days.line
    distance = (line / _average(line, SHORT_DAYS) + line / _average(line, LONG_DAYS)) / 2.0 - 1.0
    return ComponentScores(distance, rank_in_past(distance))


def _volume(days: MarketDays) -> ComponentScores:
    """Share of the value traded in 10 days that was traded in coins on days on which they rose."""
    known = days.counted & np.isfinite(days.returns) & np.isfinite(days.values)
    values = np.where(known, np.nan_to_num(days.values), 0.0)
    rising = np.where(days.returns > 0, values, 0.0)
    return _ranked_share(rising.sum(axis=1), values.sum(axis=1), SMOOTHED_DAYS)


def _breadth(days: MarketDays) -> ComponentScores:
    """Share of the coins above their 50-day average, and share of advancers in 10 days: the mean of both scores."""
    averages = np.column_stack([_average(each, BREADTH_DAYS) for each in days.closes.T])
    above, number = days.share(days.closes > averages, np.isfinite(averages) & np.isfinite(days.closes))
    share = above / number
    rising, moved = days.share(days.returns > 0, np.isfinite(days.returns))
    advancers = _over(rising, moved, SMOOTHED_DAYS)
    return ComponentScores(share, (100.0 * share + between(advancers, *ADVANCERS)) / 2.0)


def _dominance(days: MarketDays) -> ComponentScores:
    """Share of Bitcoin in the value traded in 7 days: flight into the largest coin scores low."""
    if days.leader is None or len(days.symbols) < MIN_COINS:
        nothing = np.full(len(days.ends), np.nan)
        return ComponentScores(nothing, nothing)
    values = np.where(days.counted, np.nan_to_num(days.values), 0.0)
    found = _ranked_share(values[:, days.leader], values.sum(axis=1), DOMINANCE_DAYS)
    return ComponentScores(found.figures, 100.0 - found.scores)


def _extremes(days: MarketDays) -> ComponentScores:
    """Coins that closed above their 90 closes before less those below them, in 10 days, as a share of both."""
    channels = [INDICATORS["donchian"].compute({"high": each, "low": each}, length=LONG_DAYS) for each in days.closes.T]
    uppers, lowers = (np.column_stack([each[name] for each in channels]) for name in ("upper", "lower"))
    known = np.isfinite(uppers) & np.isfinite(days.closes)
    highs, number = days.share(days.closes > uppers, known)
    lows, _ = days.share(days.closes < lowers, known)
    high, low = (_total(each, number, SMOOTHED_DAYS) for each in (highs, lows))
    balance = np.divide(high - low, high + low, out=np.zeros_like(high), where=high + low > 0)
    balance = np.where(np.isfinite(high), balance, np.nan)
    return ComponentScores(balance, between(balance, -1.0, 1.0))


def _ranked_share(part: Floats, whole: Floats, length: int) -> ComponentScores:
    share = _over(part, np.where(whole > 0, whole, np.nan), length)
    return ComponentScores(share, rank_in_past(share))


def _over(part: Floats, whole: Floats, length: int) -> Floats:
    """Returns the sum of a part over that of the whole, of `length` days that are all known."""
    total = _total(whole, whole, length)
    return np.divide(_total(part, whole, length), total, out=np.full_like(total, np.nan), where=total > 0)


def _total(values: Floats, known: Floats, length: int) -> Floats:
    there = trailing_sum(np.isfinite(known).astype(float), length) >= length
    return np.where(there, trailing_sum(np.where(np.isfinite(known), np.nan_to_num(values), 0.0), length), np.nan)


def _highest(values: Floats, length: int) -> Floats:
    program = Program()
    place = program.add(highest(Bars().close, length))
    return program.run({"close": values}, [place])[place]


def _average(values: Floats, length: int) -> Floats:
    return INDICATORS["sma"].compute({"close": values}, length=length)["sma"]


_MEASURES: Mapping[Component, Callable[[MarketDays], ComponentScores]] = MappingProxyType(
    {
        Component.VOLATILITY: _volatility,
        Component.DRAWDOWN: _drawdown,
        Component.MOMENTUM: _momentum,
        Component.VOLUME: _volume,
        Component.BREADTH: _breadth,
        Component.DOMINANCE: _dominance,
        Component.EXTREMES: _extremes,
    }
)
