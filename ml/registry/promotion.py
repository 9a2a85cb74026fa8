"""When a challenger may take the champion's place: it has to win on live forecasts, by a test that was fixed before.

Both forecast the same symbols at the same times; what is compared is the difference of their losses (Diebold and
Mariano, "Comparing predictive accuracy", 1995). Losses of one time move together, those of overlapping horizons too,
and wild days count for more than calm ones. So time is cut into blocks of at least four horizons, the blocks into
twelve groups in order of time, and the twelve mean differences are put to a one-sided t-test. At levels of 2.5 % and
below it stays conservative whatever the variance of each group is (Ibragimov and Mueller, "t-statistic based
correlation and heterogeneity robust inference", 2010).

The verdict may be asked for at any time, and is given on a fixed calendar: after 12, 24, 48, ... blocks, each look
reading exactly the blocks until then. The looks spend 1/2, 1/4, 1/8, ... of a level of 5 % (alpha spending after Lan
and DeMets, 1983, with Bonferroni's bound): so a challenger that is no better is promoted at most once in twenty times,
however often somebody asks. A gain below a tenth of a percent of the loss is not worth a change.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from pipeline.market import MINUTE_MS

Losses = NDArray[np.float64]

LEVEL = 0.05
"""Of all looks together, one-sided."""

GROUPS = 12
"""Also the number of blocks at the first look."""

LEAST_GAIN = 0.001
"""Of the champion's mean loss. For squared errors that is half as much of the RMSE."""

_LEAST_BLOCK_MINUTES = 60
_HORIZONS_A_BLOCK = 4
_LEAST_TIMES = 3
_MOST_LOSS = 1e100


class Outcome(StrEnum):
    """Of a comparison; only the first promotes."""

    WINS = "wins"
    SMALL = "small"
    """It wins by so little that a change is not worth it."""
    OPEN = "open"
    LOSES = "loses"
    TOO_FEW = "too-few"
    """No look was reached."""
    BROKEN = "broken"
    """A loss is no number, negative, or endless."""


@dataclass(frozen=True, slots=True)
class PromotionVerdict:
    """Of the newest look that was reached: on `blocks` blocks of `minutes` each, p-value `p` that the challenger is no
    better, against `level`. `gain` is the share of the champion's mean loss that the challenger saves; `following` the
    number of blocks at the next look. Before a look `p` is 1 and `gain` 0."""

    outcome: Outcome
    blocks: int
    minutes: int
    p: float
    level: float
    gain: float
    following: int

    @property
    def promote(self) -> bool:
        """Whether the challenger has won."""
        return self.outcome is Outcome.WINS

    def words(self) -> str:
        """For the history of the registry."""
        if self.outcome in {Outcome.TOO_FEW, Outcome.BROKEN}:
            return f"{self.outcome}: {self.blocks} of {self.following} blocks of {self.minutes} minutes"
        found = f"{self.gain:+.2%} of the loss, p {self.p:.2g} at level {self.level:.2g}"
        return f"{self.outcome}: {found}, {self.blocks} blocks of {self.minutes} minutes"


def judge(made_at: NDArray[np.int64], champion: Losses, challenger: Losses, horizon: int) -> PromotionVerdict:
    """Compares the losses (squared errors, or any other that cannot be negative) of forecasts that both made.

    One entry a forecast whose outcome is known to both, in any order: when it was made, UTC ms, and the two losses.
    `horizon` in minutes. Entries must not be left out for what their losses are. Squared errors are best divided by
    the square of what the champion said before, the width of its interval: else a storm drowns all other evidence.
    The newest block does not count yet, and neither does one with forecasts of fewer than three different times.
    """
    minutes = block_minutes(horizon)
    if not _sound(champion, challenger):
        return PromotionVerdict(Outcome.BROKEN, 0, minutes, 1.0, LEVEL / 2, 0.0, GROUPS)
    theirs, ours = _block_means(made_at, minutes, champion, challenger)
    if len(theirs) < GROUPS:
        return PromotionVerdict(Outcome.TOO_FEW, len(theirs), minutes, 1.0, LEVEL / 2, 0.0, GROUPS)
    look = (len(theirs) // GROUPS).bit_length() - 1
    blocks, level = GROUPS << look, LEVEL / (2 << look)
    saved = theirs[:blocks] - ours[:blocks]
    p = _p_value(saved.reshape(GROUPS, -1).mean(axis=1))
    loss = float(theirs[:blocks].mean())
    gain = float(saved.mean()) / loss if loss > 0 else 0.0
    return PromotionVerdict(_outcome(p, level, gain), blocks, minutes, p, level, gain, 2 * blocks)


def takes_over(verdict: PromotionVerdict, *, expired: bool) -> bool:
    """Whether the challenger becomes champion: when it has won; or when the champion has `expired`, which forecasts no
    more, unless the challenger is known to be worse or broken."""
    return verdict.promote or (expired and verdict.outcome not in {Outcome.LOSES, Outcome.BROKEN})


def block_minutes(horizon: int) -> int:
    """Of a block of time: an hour, or four horizons."""
    return max(_LEAST_BLOCK_MINUTES, _HORIZONS_A_BLOCK * horizon)


def _outcome(p: float, level: float, gain: float) -> Outcome:
    if p <= level:
        return Outcome.WINS if gain >= LEAST_GAIN else Outcome.SMALL
    return Outcome.LOSES if p >= 1 - level else Outcome.OPEN


def _sound(champion: Losses, challenger: Losses) -> bool:
    return all(bool(((losses >= 0) & (losses <= _MOST_LOSS)).all()) for losses in (champion, challenger))


def _block_means(made_at: NDArray[np.int64], minutes: int, *losses: Losses) -> list[Losses]:
    """The mean of each of the losses in each block that counts, oldest first."""
    length = minutes * MINUTE_MS
    numbers, times = np.unique(np.unique(made_at) // length, return_counts=True)
    places = np.searchsorted(numbers, made_at // length)
    counted = (times >= _LEAST_TIMES) & (numbers < numbers.max(initial=0))
    counts = np.bincount(places, minlength=len(numbers))
    return [(np.bincount(places, each, len(numbers)) / counts)[counted] for each in losses]


def _p_value(means: Losses) -> float:
    """One-sided, of a mean of at most 0."""
    from scipy.special import stdtr  # noqa: PLC0415 - heavy, and most processes never judge

    error = float(means.std(ddof=1)) / math.sqrt(len(means))
    mean = float(means.mean())
    if error == 0:
        return 0.5 - 0.5 * math.copysign(1.0, mean) if mean else 0.5
    found = stdtr(len(means) - 1, -mean / error)
    return float(found)
