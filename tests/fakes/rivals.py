"""Two models that forecast the same made-up prices: with storms and calms, heavy tails, symbols that move together and
horizons that overlap."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

HORIZON = 15
STEP_MINUTES = 5
STEPS_A_BLOCK = 12
SYMBOLS = 3
BEGUN = 1_767_225_600_000
"""UTC ms, at the beginning of a block."""


@dataclass(frozen=True)
class Rivals:
    """Worlds x entries: the squared errors of each, also over the squared size of move to expect; an entry is a time
    and a symbol."""

    made_at: NDArray[np.int64]
    champion: Array
    challenger: Array
    champion_scaled: Array
    challenger_scaled: Array

    def until(self, blocks: int) -> NDArray[np.bool_]:
        """The entries of the first blocks, and the one time after them that shows that they are over."""
        return self.made_at <= BEGUN + blocks * STEPS_A_BLOCK * STEP_MINUTES * 60_000


def rivals(seed: int, worlds: int, blocks: int, *, better: float = 0.0, worse: float = 0.0) -> Rivals:
    """Both say something of their own that means nothing; the challenger also knows `better`, the champion `worse` of
    what comes (as a share of the volatility of a step)."""
    rng = np.random.default_rng(seed)
    times = blocks * STEPS_A_BLOCK + 1
    ahead = HORIZON // STEP_MINUTES
    steps = times + ahead
    volatility = np.exp(_wander(rng, (worlds, steps), 100) * 0.8)
    known = _wander(rng, (worlds, times), 6)[:, :, None] * volatility[:, :times, None]
    market = rng.standard_t(4, (worlds, steps, 1)) * 0.7
    moves = (market + rng.standard_t(4, (worlds, steps, SYMBOLS)) * 0.7) * volatility[:, :, None]
    summed = np.cumsum(np.concatenate([np.zeros((worlds, 1, SYMBOLS)), moves], axis=1), axis=1)
    outcome = summed[:, ahead : ahead + times] - summed[:, :times] + known
    width = np.repeat(volatility[:, :times], SYMBOLS, axis=1)
    losses = []
    for share in (worse, better):
        guess = _wander(rng, (worlds, times), 6)[:, :, None] * volatility[:, :times, None] * 0.2
        losses.append(((outcome - share * known - guess) ** 2).reshape(worlds, -1))
    made_at = BEGUN + np.repeat(np.arange(times, dtype=np.int64) * STEP_MINUTES * 60_000, SYMBOLS)
    return Rivals(made_at, losses[0], losses[1], losses[0] / width**2, losses[1] / width**2)


def _wander(rng: np.random.Generator, shape: tuple[int, int], memory: int) -> Array:
    """Of variance one, each step like the one before it, forgetting in about as many steps as `memory`."""
    keep = np.exp(-1 / memory)
    drawn = rng.standard_normal(shape)
    drawn[:, 1:] *= np.sqrt(1 - keep**2)
    for step in range(1, shape[1]):
        drawn[:, step] += keep * drawn[:, step - 1]
    return drawn
