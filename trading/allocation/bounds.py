"""Bounds of weights."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from pipeline.candles import Floats
from trading.allocation.errors import CapsTooLow, NoAllocation


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lowest and highest weight of every asset."""

    low: Floats
    high: Floats

    @classmethod
    def of(cls, assets: int, *, low: float = 0.0, cap: float = 1.0) -> "Bounds":
        """Returns the same bounds for all assets. Raises what `check` raises."""
        bounds = cls(np.full(assets, low), np.full(assets, cap))
        bounds.check()
        return bounds

    def check(self) -> None:
        """Raises CapsTooLow if the weights cannot sum to 1, and NoAllocation without an asset or with bounds that
        exclude each other.
        """
        if not len(self.low):
            raise NoAllocation
        if not (self.low <= self.high).all() or self.low.sum() > 1.0 + _ROUNDING:
            raise NoAllocation
        if self.high.sum() < 1.0 - _ROUNDING:
            raise CapsTooLow(len(self.high), Decimal(f"{self.high.sum():.4f}"))

    def filled(self, wishes: Floats) -> Floats:
        """Returns weights in the proportions of `wishes` (not negative), as far as the bounds allow: what a cap cuts
        off goes to the others in proportion.
        """
        weights = self.low.copy()
        open_ = np.ones(len(weights), dtype=bool)
        for _ in range(len(weights) + 1):
            missing = 1.0 - weights[~open_].sum()
            parts = np.where(wishes[open_] > 0, wishes[open_], _ROUNDING)
            weights[open_] = missing * parts / parts.sum()
            over, under = weights > self.high, weights < self.low
            broken = open_ & (over if (weights - self.high)[over].sum() >= (self.low - weights)[under].sum() else under)
            if not broken.any():
                break
            weights[broken] = np.where(over, self.high, self.low)[broken]
            open_ &= ~broken
            if not open_.any():
                break
        return weights


_ROUNDING = 1e-12
