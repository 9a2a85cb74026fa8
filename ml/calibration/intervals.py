"""Intervals that keep their promise: 80 % of outcomes inside, in calm, usual and wild markets alike.

Conformal: an interval is the expectation plus and minus a multiple of the mean size of a move, and the multiple is
whatever covered that share of what came before. Each regime has its own, and each goes on learning while it serves:
after every time that becomes known the multiple grows by a step times the share that lay outside and shrinks by a step
times the share that should have (Gibbs and Candes, 2021; in the logarithm, as quantile tracking does: Angelopoulos,
Candes and Tibshirani, 2023). Summed up, the steps bound how far the coverage over a long time can be from the promise,
whatever the market does: by what the logarithm moved in all, over the step times the count of times.

An outcome over some candles is known so many candles later. Until then it counts as far as it is to be expected from
how the price has moved so far (`Underway`): what is known in the end, and so the bound, stays the same, but the answer
comes sooner, and is not given again and again while the first one still has to show.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from ml.data.features import MARKET_VOLATILITY, Features
from ml.data.panel import Floats

COVERAGE = 0.8
REGIMES = ("calm", "usual", "wild")
WINDOW = 1200
"""Rows; with the volatility's own 240 no more than the history that features need."""

STEP = 0.03
"""Found on the first three quarters of 64 symbols' minutes with the naive forecast: 0.01 followed too slowly, and from
0.01 to 0.04 all regimes were covered between 79 % and 81 %."""

_STEP_TIMES_DELAY = 1.8
"""What has not come back yet must not be answered again and again: an integrator with this delay swings from 3.5 on."""

_LOOKS = 12
"""How often an outcome is looked at before it is known. On rows before the test of four recordings, looking left the
coverage as it was and made intervals over 15 to 60 candles sharper, by 0.2 to 6 % in pinball loss."""

_NORMAL = float(np.sqrt(np.pi / 2))
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


@dataclass(frozen=True, slots=True)
class Underway:
    """Forecasts before their outcome is known: times x symbols, NaN where there is none. All are log returns."""

    horizon: int
    log_close: Floats
    expected: Floats
    sizes: Floats

    @classmethod
    def of(
        cls,
        log_close: Floats,
        rows: NDArray[np.int64],
        places: NDArray[np.int64],
        given: tuple[Floats, Floats],
        horizon: int,
    ) -> "Underway":
        """`given` are the expectation and the mean size of a move of each entry."""
        grids = []
        for values in given:
            grid = np.full(log_close.shape, np.nan, np.float32)
            grid[rows, places] = values
            grids.append(grid)
        return cls(horizon, log_close, *grids)

    def outside(self, begun: NDArray[np.int64], now: int, multiples: Floats) -> Floats:
        """The share of the forecasts of each time that is to be expected outside its interval, known at row `now`.

        What is left of the way is taken for normal, its variance for as large a part as its time. NaN where no price
        is there.
        """
        left = _NORMAL * np.sqrt(np.maximum(1 - (now - begun) / self.horizon, 1e-9))[:, None] * self.sizes[begun]
        off = self.log_close[now] - self.log_close[begun] - self.expected[begun]
        reach = multiples[:, None] * self.sizes[begun]
        shares = 1 - ndtr((reach - off) / left) + ndtr((-reach - off) / left)
        there = np.isfinite(shares)
        counts = there.sum(axis=1)
        found: Floats = np.where(counts > 0, np.where(there, shares, 0).sum(axis=1) / np.maximum(counts, 1), np.nan)
        return found


def multiples(
    distances: Floats,
    rows: NDArray[np.int64],
    regimes: NDArray[np.int64],
    horizon: int,
    first: Floats,
    *,
    underway: Underway | None = None,
) -> Floats:
    """The multiple each forecast was served with, entries in order of `rows`; `regimes` has one number per entry.

    A forecast's multiple has learnt from those whose outcome was known by its row, at most `rows - horizon`, and from
    the others as far as `underway` tells.
    """
    return _Learning(distances, rows, regimes, horizon, first, underway=underway).served


def last_multiples(
    distances: Floats,
    rows: NDArray[np.int64],
    regimes: NDArray[np.int64],
    horizon: int,
    first: Floats,
    *,
    underway: Underway | None = None,
) -> Floats:
    """Of each regime what it has become once all these outcomes are known; arguments as in `multiples`."""
    return _Learning(distances, rows, regimes, horizon, first, underway=underway).last


class _Learning:
    """Goes through the times once: `served` for each entry, `last` for each regime."""

    def __init__(
        self,
        distances: Floats,
        rows: NDArray[np.int64],
        regimes: NDArray[np.int64],
        horizon: int,
        first: Floats,
        *,
        underway: Underway | None,
    ) -> None:
        self.times, starts = np.unique(rows, return_index=True)
        self.regimes = regimes[starts]
        self.logs, self.step = np.log(np.maximum(first, 1e-9)), step_for(horizon)
        self.counted = np.zeros(len(self.times))
        outside, own = np.empty(len(self.times)), np.empty(len(self.times))
        self.served = np.empty(len(rows))
        every, known = -(-horizon // _LOOKS), 0
        ends = np.append(starts[1:], len(rows)).tolist()
        for number, (time, start, end) in enumerate(zip(self.times.tolist(), starts.tolist(), ends, strict=True)):
            until = known + int(np.searchsorted(self.times[known:number], time - horizon, side="right"))
            self.count(np.arange(known, until), outside[known:until])
            known = until
            if underway is not None:
                begun = known + np.flatnonzero((time - self.times[known:number]) % every == 0)
                self.count(begun, underway.outside(self.times[begun], time, own[begun]))
            own[number] = multiple = np.exp(self.logs[self.regimes[number]])
            self.served[start:end] = multiple
            outside[number] = np.count_nonzero(distances[start:end] > multiple) / (end - start)
        self.count(np.arange(known, len(self.times)), outside[known:])
        self.last: Floats = np.exp(self.logs)

    def count(self, numbers: NDArray[np.int64], outside: Floats) -> None:
        """Of these times so large a share lies outside: takes the place of what was counted for them before."""
        missed = np.where(np.isnan(outside), self.counted[numbers], outside - (1 - COVERAGE))
        np.add.at(self.logs, self.regimes[numbers], self.step * (missed - self.counted[numbers]))
        self.counted[numbers] = missed
