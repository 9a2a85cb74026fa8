"""Report of a market's last day: mood, components, record, regime and correlations. Pure, for a thread."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.candles import Floats
from pipeline.market import Symbol
from trading.mood.components import WEIGHTS, Component, ComponentScores, scored
from trading.mood.index import mood_index
from trading.mood.market_days import WEIGHT_DAYS, MarketDays, trailing_sum
from trading.mood.record import MoodRecord, mood_record
from trading.mood.regime import Regime, regime_of
from trading.risk.covariance import cluster_order, correlation_of, shrunk_covariance
from trading.risk.gaps import fill_gaps

SHOWN_DAYS = 365
CORRELATED_COINS, CORRELATED_DAYS, CORRELATED_LEAST = 10, 90, 60


@dataclass(frozen=True, slots=True)
class ComponentReading:
    """Component on the last day: its figure and score, and its weight in the index in per cent; 0 if it is unknown."""

    component: Component
    figure: float | None
    score: float | None
    weight: float


@dataclass(frozen=True, slots=True)
class CorrelationMap:
    """Shrunk correlations of the daily returns of the most traded coins over `days`, similar coins side by side."""

    symbols: tuple[Symbol, ...]
    values: tuple[tuple[float, ...], ...]
    days: int


@dataclass(frozen=True, slots=True)
class MoodReport:
    """Mood at the midnight `end` (UTC ms). `history` are the indices of up to a year, the last one that of `end`; None
    where it is unknown. `days` are those of which the market line is known, `coins` those that count on the last day.
    """

    end: int
    days: int
    coins: int
    history: tuple[float | None, ...]
    components: tuple[ComponentReading, ...]
    record: MoodRecord
    regime: Regime
    correlation: CorrelationMap | None

    @property
    def index(self) -> float | None:
        """Index of the last day."""
        return self.history[-1] if self.history else None


def mood_report(days: MarketDays, news: Floats | None = None) -> MoodReport:
    """Returns the report of the last day, of at least one; `news` as in `scored`."""
    found = scored(days, news)
    index = mood_index(found)
    known = np.flatnonzero(np.isfinite(index.values))
    shown = index.values[max(known[0] if len(known) else len(index.values), len(index.values) - SHOWN_DAYS) :]
    return MoodReport(
        end=days.ends[-1],
        days=days.days,
        coins=int(days.counted[-1].sum()),
        history=tuple(_known(value) for value in shown),
        components=_readings(found),
        record=mood_record(index.values, days.line),
        regime=regime_of(days),
        correlation=_correlation(days),
    )


def _readings(found: Mapping[Component, ComponentScores]) -> tuple[ComponentReading, ...]:
    """Returns the components of the last day, the heaviest first."""
    last = {each: (_last(scores.figures), _last(scores.scores)) for each, scores in found.items()}
    total = sum(WEIGHTS[each] for each, (_, score) in last.items() if score is not None)
    return tuple(
        ComponentReading(each, figure, score, 0.0 if score is None else 100.0 * WEIGHTS[each] / total)
        for each, (figure, score) in sorted(last.items(), key=lambda one: -WEIGHTS[one[0]])
    )


def _correlation(days: MarketDays) -> CorrelationMap | None:
    """Returns the correlations of the most traded coins with most of their last 90 returns; None for fewer than two."""
    returns = days.returns[-CORRELATED_DAYS:]
    known = np.isfinite(returns).sum(axis=0)
    traded = trailing_sum(np.nan_to_num(days.values), WEIGHT_DAYS)[-1]
    fit = [place for place in np.argsort(-traded, kind="stable") if known[place] >= CORRELATED_LEAST]
    chosen = [int(place) for place in fit if days.counted[-1, place]][:CORRELATED_COINS]
    if len(chosen) < 2:  # noqa: PLR2004 - a coin is correlated with another
        return None
    part = returns[:, chosen]
    part = part[np.isfinite(part).any(axis=1)]
    market = chosen.index(days.leader) if days.leader in chosen else None
    values = correlation_of(shrunk_covariance(fill_gaps(part, market=market).returns)[0])
    order = cluster_order(values)
    rows = tuple(tuple(round(float(each), 4) for each in row) for row in values[np.ix_(order, order)])
    return CorrelationMap(tuple(days.symbols[chosen[place]] for place in order), rows, len(part))


def _last(values: Floats) -> float | None:
    return _known(values[-1])


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
