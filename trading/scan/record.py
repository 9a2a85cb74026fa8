"""Record of the signals: how often the outcome came after them, beside how often it came at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import Floats
from pipeline.market import Interval
from trading.performance.clustered_rates import ClusteredRate, clustered_rate
from trading.performance.multiple_tests import holm
from trading.scan.outcomes import HORIZONS, outcomes
from trading.scan.signals import RULES, SignalKind, signal_runs

ERROR_RATE = 0.05
"""Probability that any kind of signal is called better or worse if none is."""

QUANTILES = 20


class SignalEdge(StrEnum):
    """Verdict of a signal's record: the text `scan-edge-NAME`."""

    FEW = "few"
    NONE = "none"
    BETTER = "better"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class SignalRecord:
    """Record of a kind of signal on candles of an interval: `count` signals in `clusters` periods of the horizon.

    `low` and `high` as in `ClusteredRate`, `p_value` adjusted for all records; None where it is unknown. `strengths`
    are quantiles of the strengths of past signals, rising.
    """

    kind: SignalKind
    interval: Interval
    horizon: int
    count: int
    clusters: int
    rate: float | None
    base: float | None
    low: float | None
    high: float | None
    p_value: float | None
    edge: SignalEdge
    strengths: tuple[float, ...]

    def rank(self, strength: float) -> float | None:
        """Returns the share of past signals that were weaker; None without any."""
        return float(np.searchsorted(self.strengths, strength)) / len(self.strengths) if self.strengths else None


class SignalTally:
    """Sums of outcomes by period of the horizon, to which the candles of one coin after another are added."""

    def __init__(self, interval: Interval, end: int, count: int) -> None:
        """The candles are `count` that closed by `end`."""
        self.interval = interval
        self.horizon = HORIZONS[interval]
        times = np.arange(end // interval.ms - count, end // interval.ms)
        self._places: NDArray[np.int64] = times // self.horizon - times[0] // self.horizon
        shape = (2, int(self._places[-1]) + 1)
        self._events = {kind: np.zeros(shape) for kind in SignalKind}
        self._everything = {kind: np.zeros(shape) for kind in SignalKind}
        self._strengths: dict[SignalKind, list[Floats]] = {kind: [] for kind in SignalKind}

    def add(self, candles: Mapping[str, Floats]) -> None:
        """Adds the candles of a coin, as many as the tally has."""
        came = outcomes(candles, self.horizon)
        for kind, run in signal_runs(candles).items():
            outcome = came[RULES[kind].outcome]
            known = run.known & np.isfinite(outcome)
            for sums, chosen in ((self._events[kind], known & run.fired), (self._everything[kind], known)):
                np.add.at(sums[0], self._places[chosen], outcome[chosen])
                np.add.at(sums[1], self._places[chosen], 1.0)
            self._strengths[kind].append(run.strengths[known & run.fired])

    def rates(self) -> dict[SignalKind, ClusteredRate]:
        """Returns the rate of each kind. A period is a cluster: signals of the same hour, or day, count as one."""
        return {kind: clustered_rate(self._events[kind], self._everything[kind]) for kind in SignalKind}

    def strengths(self, kind: SignalKind) -> tuple[float, ...]:
        """Returns quantiles of the strengths at which a kind fired; () if it never did."""
        found = np.concatenate(self._strengths[kind]) if self._strengths[kind] else np.array([])
        if not len(found):
            return ()
        return tuple(float(each) for each in np.quantile(found, (np.arange(QUANTILES) + 0.5) / QUANTILES))


def signal_records(tallies: Sequence[SignalTally]) -> tuple[SignalRecord, ...]:
    """Returns the records of all kinds and intervals. Their p-values are adjusted together (Holm 1979)."""
    found = [(tally, kind, rate) for tally in tallies for kind, rate in tally.rates().items()]
    adjusted = iter(holm([rate.p_value for _, _, rate in found if np.isfinite(rate.p_value)]))
    return tuple(
        _record(tally, kind, rate, next(adjusted) if np.isfinite(rate.p_value) else None) for tally, kind, rate in found
    )


def _record(tally: SignalTally, kind: SignalKind, rate: ClusteredRate, p_value: float | None) -> SignalRecord:
    edge = SignalEdge.FEW
    if p_value is not None:
        better = SignalEdge.BETTER if rate.rate > rate.base else SignalEdge.WORSE
        edge = better if p_value < ERROR_RATE else SignalEdge.NONE
    return SignalRecord(
        kind=kind,
        interval=tally.interval,
        horizon=tally.horizon,
        count=rate.count,
        clusters=rate.clusters,
        rate=_known(rate.rate),
        base=_known(rate.base),
        low=_known(rate.low),
        high=_known(rate.high),
        p_value=p_value,
        edge=edge,
        strengths=tally.strengths(kind),
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
