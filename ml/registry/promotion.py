"""Promotion of a challenger, which must win on live forecasts by a test that was fixed in advance.

Both models forecast the same symbols at the same times, and the difference of their losses is compared (Diebold and
Mariano, "Comparing predictive accuracy", 1995). Losses of one time are correlated, as are those of overlapping
horizons, and volatile days have more weight than calm ones. Time is therefore divided into blocks of at least four
horizons, the blocks into twelve groups in order of time, and the twelve mean differences are compared by a one-sided
t-test. At levels of 2.5 % and below, the test is conservative for any variance of each group (Ibragimov and Mueller,
"t-statistic based correlation and heterogeneity robust inference", 2010).

The verdict can be requested at any time, and changes on a fixed calendar: after 12, 24, 48, ... blocks, and each look
uses exactly the blocks until then. The looks spend 1/2, 1/4, 1/8, ... of a level of 5 % (alpha spending after Lan and
DeMets, 1983, with Bonferroni's bound). A challenger that is no better is therefore promoted at most once in twenty
times, however often the verdict is requested. A gain below a tenth of a percent of the loss does not justify a change.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from pipeline.market import MINUTE_MS

Losses = NDArray[np.float64]

LEVEL = 0.05
"""Level of all looks together, one-sided."""

GROUPS = 12
"""Number of groups, and of the blocks at the first look."""

MIN_GAIN = 0.001
"""Least share of the champion's mean loss that must be saved. For squared errors this is half as much of the RMSE."""

_MIN_BLOCK_MINUTES = 60
_HORIZONS_A_BLOCK = 4
_MIN_TIMES = 3
_MAX_LOSS = 1e100


class Outcome(StrEnum):
    """Outcome of a comparison; only the first one promotes."""

    WINS = "wins"
    SMALL = "small"
    """The challenger wins by too little to justify a change."""
    OPEN = "open"
    LOSES = "loses"
    TOO_FEW = "too-few"
    """No look was reached."""
    BROKEN = "broken"
    """A loss is not a number, negative, or too large."""


@dataclass(frozen=True, slots=True)
class PromotionVerdict:
    """Verdict of the newest look that was reached.

    It is based on `blocks` blocks of `minutes` each, with the p-value `p` that the challenger is no better, against
    `level`. `gain` is the share of the champion's mean loss that the challenger saves; `following` is the number of
    blocks at the next look. Before the first look `p` is 1 and `gain` 0.
    """

    outcome: Outcome
    blocks: int
    minutes: int
    p: float
    level: float
    gain: float
    following: int

    @property
    def promote(self) -> bool:
        """True if the challenger has won."""
        return self.outcome is Outcome.WINS

    def words(self) -> str:
        """Returns the text for the history of the registry."""
        if self.outcome in {Outcome.TOO_FEW, Outcome.BROKEN}:
            return f"{self.outcome}: {self.blocks} of {self.following} blocks of {self.minutes} minutes"
        found = f"{self.gain:+.2%} of the loss, p {self.p:.2g} at level {self.level:.2g}"
        return f"{self.outcome}: {found}, {self.blocks} blocks of {self.minutes} minutes"


def judge(made_at: NDArray[np.int64], champion: Losses, challenger: Losses, horizon: int) -> PromotionVerdict:
    """Compares the losses of forecasts made by both models.

    Losses are squared errors, or any others that are not negative. There is one entry for each forecast whose outcome
    is known to both, in any order: its time, UTC ms, and the two losses. `horizon` is in minutes. Entries must not be
    left out because of their losses. Squared errors should be divided by the square of a width that the champion stated
    in advance, that of its interval; otherwise a storm outweighs all other evidence. The newest block does not count
    yet, and neither does a block with forecasts of fewer than three different times.
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
    """Returns whether the challenger becomes champion.

    It does if it has won, or if the champion has `expired` and so makes no more forecasts, unless the challenger is
    known to be worse or broken.
    """
    return verdict.promote or (expired and verdict.outcome not in {Outcome.LOSES, Outcome.BROKEN})


def block_minutes(horizon: int) -> int:
    """Returns the length of a block of time in minutes: an hour, or four horizons if that is longer."""
    return max(_MIN_BLOCK_MINUTES, _HORIZONS_A_BLOCK * horizon)


def _outcome(p: float, level: float, gain: float) -> Outcome:
    if p <= level:
        return Outcome.WINS if gain >= MIN_GAIN else Outcome.SMALL
    return Outcome.LOSES if p >= 1 - level else Outcome.OPEN


def _sound(champion: Losses, challenger: Losses) -> bool:
    return all(bool(((losses >= 0) & (losses <= _MAX_LOSS)).all()) for losses in (champion, challenger))


def _block_means(made_at: NDArray[np.int64], minutes: int, *losses: Losses) -> list[Losses]:
    """Returns the mean of each of the losses in each block that counts, oldest first."""
    length = minutes * MINUTE_MS
    numbers, times = np.unique(np.unique(made_at) // length, return_counts=True)
    places = np.searchsorted(numbers, made_at // length)
    counted = (times >= _MIN_TIMES) & (numbers < numbers.max(initial=0))
    counts = np.bincount(places, minlength=len(numbers))
    return [(np.bincount(places, each, len(numbers)) / counts)[counted] for each in losses]


def _p_value(means: Losses) -> float:
    """Returns the one-sided p-value of a mean of at most 0."""
    from scipy.special import stdtr  # noqa: PLC0415 - heavy, and most processes never judge

    error = float(means.std(ddof=1)) / math.sqrt(len(means))
    mean = float(means.mean())
    if error == 0:
        return 0.5 - 0.5 * math.copysign(1.0, mean) if mean else 0.5
    found = stdtr(len(means) - 1, -mean / error)
    return float(found)
