"""Disposition effect: the tendency to sell winners and to keep losers.

Source: T. Odean, "Are Investors Reluctant to Realize Their Losses?", Journal of Finance 53 (1998). Odean counts paper
gains and losses on every day of a sale; here they are those of the positions as they are now.
"""

import math
from dataclasses import dataclass

SIGNIFICANT = 1.645
"""t-statistic that luck alone exceeds in one case of twenty, one-sided."""


@dataclass(frozen=True, slots=True)
class Disposition:
    """Proportions of gains and of losses that were realised, and the t-statistic of their difference."""

    gains_realised: float
    losses_realised: float
    t: float

    @property
    def difference(self) -> float:
        """Proportion of gains realised minus proportion of losses realised; positive if winners are sold sooner."""
        return self.gains_realised - self.losses_realised


def disposition(sold_gains: int, held_gains: int, sold_losses: int, held_losses: int) -> Disposition | None:
    """Returns the effect, from the number of sales at a gain and at a loss, and of positions that are in gain and in
    loss; None without a gain or without a loss. The standard error takes all of them as independent.
    """
    gains, losses = sold_gains + held_gains, sold_losses + held_losses
    if not gains or not losses:
        return None
    won, lost = sold_gains / gains, sold_losses / losses
    error = math.sqrt(won * (1 - won) / gains + lost * (1 - lost) / losses)
    return Disposition(won, lost, (won - lost) / error if error else math.copysign(math.inf, won - lost))
