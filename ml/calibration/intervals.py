"""Intervals that cover 80 % of outcomes in calm, usual and wild markets alike.

The method is conformal. An interval is the expectation plus and minus a multiple of the mean size of a move, and the
first multiple is the one that covered that share of the earlier outcomes. Each regime has its own multiple, which keeps
adapting while the model serves. After each time whose outcomes become known, the multiple grows by a step times the
share that was outside and shrinks by a step times the share that should have been (Gibbs and Candes, 2021; in the
logarithm, as in quantile tracking: Angelopoulos, Candes and Tibshirani, 2023). The sum of the steps bounds the distance
between the long-run coverage and the 80 % in every market: it is at most the total movement of the logarithm, divided
by the step times the number of times.

The outcome of a forecast over some candles is known that many candles later. Until then it counts with its expected
value, given how the price has moved so far (`OpenOutcomes`). The final count, and so the bound, stays the same, but the
multiple reacts sooner and does not react repeatedly before the first reaction takes effect.
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
"""Rows. Together with the 240 rows of the volatility this is no more than the history that the features need."""

STEP = 0.03
"""Chosen on the first three quarters of 64 symbols' minutes with the naive forecast: 0.01 followed too slowly, and from
0.01 to 0.04 all regimes were covered between 79 % and 81 %.
"""

_STEP_TIMES_DELAY = 1.8
"""Bound on the step times the delay of the outcomes: an integrator with this delay oscillates from 3.5 on."""

_ESTIMATES = 12
"""Number of times an outcome is estimated before it is known. On rows before the test of four recordings, these
estimates left the coverage unchanged and made intervals over 15 to 60 candles sharper, by 0.2 to 6 % in pinball loss.
"""

_NORMAL = float(np.sqrt(np.pi / 2))
_USUAL = 1.6
_MIN_OUTCOMES = 50


def regimes_of(features: Features) -> NDArray[np.int64]:
    """Returns the index in `REGIMES` of each row, known at the time of the row.

    The index is the third in which the market's volatility (the mean of its logarithm over symbols) ranks among its own
    last `WINDOW` rows. With fixed bounds a regime would have no rows when the market changes for weeks, and a regime
    with few rows can be neither fitted nor measured.
    """
    return _ranked(features.named(MARKET_VOLATILITY)[:, 0])


def regime_at(features: Features, row: int) -> int:
    """Returns the regime index of a single row, as computed by `regimes_of`."""
    end = row % len(features.volatility) + 1
    return int(_ranked(features.named(MARKET_VOLATILITY)[max(0, end - WINDOW) : end, 0])[-1])


def _ranked(volatility: NDArray[np.float32]) -> NDArray[np.int64]:
    ranks = pd.Series(volatility.astype(np.float64)).rolling(WINDOW, min_periods=1).rank(pct=True)
    numbers: NDArray[np.int64] = np.digitize(ranks.fillna(0.5).to_numpy(), (1 / 3, 2 / 3)).astype(np.int64)
    return numbers


def learning_rate(horizon: int) -> float:
    """Returns the largest change of a multiple's logarithm after one time."""
    return min(STEP, _STEP_TIMES_DELAY / horizon)


def initial_multiples(distances: Floats, regimes: NDArray[np.int64]) -> Floats:
    """Returns the multiple of each regime that would have covered 80 % of the known `distances`.

    `distances` are absolute errors in mean sizes of a move. A regime with too few of them gets the multiple of all
    distances, and without any distances every regime gets a usual multiple.
    """
    every = float(np.quantile(distances, COVERAGE)) if len(distances) else _USUAL
    found = np.full(len(REGIMES), every)
    for regime in range(len(REGIMES)):
        own = distances[regimes == regime]
        if len(own) >= _MIN_OUTCOMES:
            found[regime] = np.quantile(own, COVERAGE)
    return found


@dataclass(frozen=True, slots=True)
class OpenOutcomes:
    """Forecasts whose outcomes are not known yet, as times x symbols, NaN where there is none.

    All values are log returns, except `horizon`, which is in candles, and `log_close`, the logarithms of closes.
    """

    horizon: int
    log_close: Floats
    expected: Floats
    sizes: Floats

    @classmethod
    def of(
        cls,
        log_close: Floats,
        rows: NDArray[np.int64],
        symbol_index: NDArray[np.int64],
        given: tuple[Floats, Floats],
        horizon: int,
    ) -> "OpenOutcomes":
        """Returns the grids of forecasts; `given` holds the expectation and the mean size of a move of each entry."""
        grids = []
        for values in given:
            grid = np.full(log_close.shape, np.nan, np.float32)
            grid[rows, symbol_index] = values
            grids.append(grid)
        return cls(horizon, log_close, *grids)

    def outside(self, begun: NDArray[np.int64], now: int, multiples: Floats) -> Floats:
        """Returns the share of the forecasts of each time expected to end outside its interval, as known at row `now`.

        The rest of the move is assumed to be normal, with a variance proportional to the remaining time. NaN if no
        symbol has a price.
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
    open_outcomes: OpenOutcomes | None = None,
) -> Floats:
    """Returns the multiple that each forecast was served with.

    Entries are in order of `rows`, and `regimes` has one index per entry. The multiple of a forecast depends on the
    forecasts whose outcome was known by its row, at most `rows - horizon`, and on the others as estimated by
    `open_outcomes`.
    """
    return _OnlineQuantile(distances, rows, regimes, horizon, first, open_outcomes=open_outcomes).served


def last_multiples(
    distances: Floats,
    rows: NDArray[np.int64],
    regimes: NDArray[np.int64],
    horizon: int,
    first: Floats,
    *,
    open_outcomes: OpenOutcomes | None = None,
) -> Floats:
    """Returns the multiple of each regime after all these outcomes are known; arguments as in `multiples`."""
    return _OnlineQuantile(distances, rows, regimes, horizon, first, open_outcomes=open_outcomes).last


class _OnlineQuantile:
    """One pass through the times: `served` has the multiple of each entry, `last` that of each regime."""

    def __init__(
        self,
        distances: Floats,
        rows: NDArray[np.int64],
        regimes: NDArray[np.int64],
        horizon: int,
        first: Floats,
        *,
        open_outcomes: OpenOutcomes | None,
    ) -> None:
        self.times, starts = np.unique(rows, return_index=True)
        self.regimes = regimes[starts]
        self.logs, self.step = np.log(np.maximum(first, 1e-9)), learning_rate(horizon)
        self.counted = np.zeros(len(self.times))
        outside, own = np.empty(len(self.times)), np.empty(len(self.times))
        self.served = np.empty(len(rows))
        every, known = -(-horizon // _ESTIMATES), 0
        ends = np.append(starts[1:], len(rows)).tolist()
        for number, (time, start, end) in enumerate(zip(self.times.tolist(), starts.tolist(), ends, strict=True)):
            until = known + int(np.searchsorted(self.times[known:number], time - horizon, side="right"))
            self.count(np.arange(known, until), outside[known:until])
            known = until
            if open_outcomes is not None:
                begun = known + np.flatnonzero((time - self.times[known:number]) % every == 0)
                self.count(begun, open_outcomes.outside(self.times[begun], time, own[begun]))
            own[number] = multiple = np.exp(self.logs[self.regimes[number]])
            self.served[start:end] = multiple
            outside[number] = np.count_nonzero(distances[start:end] > multiple) / (end - start)
        self.count(np.arange(known, len(self.times)), outside[known:])
        self.last: Floats = np.exp(self.logs)

    def count(self, numbers: NDArray[np.int64], outside: Floats) -> None:
        """Counts the shares of these times that lie outside, in place of the shares counted for them before.

        A time whose share is NaN keeps its previous count.
        """
        missed = np.where(np.isnan(outside), self.counted[numbers], outside - (1 - COVERAGE))
        np.add.at(self.logs, self.regimes[numbers], self.step * (missed - self.counted[numbers]))
        self.counted[numbers] = missed
