"""Intervals that keep their promise: 80 % of outcomes inside, in calm, usual and wild markets alike.

Conformal: an interval is the expectation plus and minus a multiple of the mean size of a move, and the multiple is
whatever covered that share of what came before. Each regime has its own, and each goes on learning while it serves:
after every time that becomes known the multiple grows by a step times the share that lay outside and shrinks by a step
times the share that should have (Gibbs and Candes, 2021; in the logarithm, as quantile tracking does: Angelopoulos,
Candes and Tibshirani, 2023). Summed up, the steps bound how far the coverage over a long time can be from the promise,
whatever the market does: by what the logarithm moved in all, over the step times the count of times.

An outcome over some candles is known so many candles later; nothing is learnt earlier.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml.features import MARKET_VOLATILITY, Features
from ml.panel import Floats

COVERAGE = 0.8
REGIMES = ("calm", "usual", "wild")
WINDOW = 1200
"""Rows; with the volatility's own 240 no more than the history that features need."""

STEP = 0.03
"""Found on the first three quarters of 64 symbols' minutes with the naive forecast: 0.01 followed too slowly, and from
0.01 to 0.04 all regimes were covered between 79 % and 81 %."""

_STEP_TIMES_DELAY = 1.8
"""What has not come back yet must not be answered again and again: an integrator with this delay swings from 3.5 on."""

_USUAL = 1.6
_LEAST = 50


def regimes_of(features: Features) -> NDArray[np.int64]:
    """The number in `REGIMES` of each row, known at its time: the third that the market's volatility (the mean of its
    logarithm over symbols) is in, beside its own last `WINDOW` rows.

    Fixed bounds would leave a regime unvisited when the market changes for weeks, and what is rarely visited is
    neither learnt nor measured.
    """
    return _ranked(features.named(MARKET_VOLATILITY)[:, 0])


def regime_at(features: Features, row: int) -> int:
    """The number of one row alone, as `regimes_of` has it."""
    end = row % len(features.volatility) + 1
    return int(_ranked(features.named(MARKET_VOLATILITY)[max(0, end - WINDOW) : end, 0])[-1])


def _ranked(volatility: NDArray[np.float32]) -> NDArray[np.int64]:
    ranks = pd.Series(volatility.astype(np.float64)).rolling(WINDOW, min_periods=1).rank(pct=True)
    numbers: NDArray[np.int64] = np.digitize(ranks.fillna(0.5).to_numpy(), (1 / 3, 2 / 3)).astype(np.int64)
    return numbers


def step_for(horizon: int) -> float:
    """How far the logarithm of a multiple may go after one time."""
    return min(STEP, _STEP_TIMES_DELAY / horizon)


def first_multiples(distances: Floats, regimes: NDArray[np.int64]) -> Floats:
    """What would have covered what is known already; `distances` are errors in mean sizes of a move."""
    every = float(np.quantile(distances, COVERAGE)) if len(distances) else _USUAL
    found = np.full(len(REGIMES), every)
    for regime in range(len(REGIMES)):
        own = distances[regimes == regime]
        if len(own) >= _LEAST:
            found[regime] = np.quantile(own, COVERAGE)
    return found


def multiples(
    distances: Floats, rows: NDArray[np.int64], regimes: NDArray[np.int64], horizon: int, first: Floats
) -> Floats:
    """The multiple each forecast was served with, entries in order of `rows`; `regimes` has one number per entry.

    A forecast's multiple has learnt from those whose outcome was known by its row, at most `rows - horizon`.
    """
    return _served(distances, rows, regimes, horizon, first)[0]


def last_multiples(
    distances: Floats, rows: NDArray[np.int64], regimes: NDArray[np.int64], horizon: int, first: Floats
) -> Floats:
    """Of each regime what it has become once all these outcomes are known; arguments as in `multiples`."""
    return _served(distances, rows, regimes, horizon, first)[1]


def _served(
    distances: Floats, rows: NDArray[np.int64], regimes: NDArray[np.int64], horizon: int, first: Floats
) -> tuple[Floats, Floats]:
    times, starts = np.unique(rows, return_index=True)
    ends = np.append(starts[1:], len(rows))
    logs, step = np.log(np.maximum(first, 1e-9)), step_for(horizon)
    served = np.empty(len(rows))
    outside = np.empty(len(times))
    learnt = 0

    def learn_until(time: int) -> None:
        nonlocal learnt
        while learnt < len(times) and times[learnt] <= time:
            logs[regimes[starts[learnt]]] += step * (outside[learnt] - (1 - COVERAGE))
            learnt += 1

    for number, (time, start, end) in enumerate(zip(times.tolist(), starts.tolist(), ends.tolist(), strict=True)):
        learn_until(time - horizon)
        multiple = np.exp(logs[regimes[start]])
        served[start:end] = multiple
        outside[number] = np.count_nonzero(distances[start:end] > multiple) / (end - start)
    if len(times):
        learn_until(int(times[-1]))
    return served, np.exp(logs)
