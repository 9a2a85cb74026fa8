"""Refusals of allocations, as data; the sentences are in the catalogs of `bot`."""

from dataclasses import dataclass
from decimal import Decimal

from core.errors import Refused


@dataclass(eq=False)
class NoAllocation(Refused):
    """No weights meet the request; subclasses say why. By itself: there is no coin or no return, the lower bounds leave
    no room, or the solver finds nothing.
    """


@dataclass(eq=False)
class CapsTooLow(NoAllocation):
    """The caps of `count` coins sum to `share` only, less than the whole."""

    count: int
    share: Decimal


@dataclass(eq=False)
class NothingAboveRiskFree(NoAllocation):
    """No allocation within the caps has a mean above the risk-free rate: a maximum Sharpe ratio does not exist."""


@dataclass(eq=False)
class CoinStandsStill(NoAllocation):
    """Risk cannot be shared with coins that do not move: the columns `assets`, named by `symbols` where known."""

    assets: tuple[int, ...]
    symbols: tuple[str, ...] = ()


@dataclass(eq=False)
class TooFewCoins(NoAllocation):
    """Fewer than `least` coins with a history of `days` days; `symbols` were left out for want of it."""

    least: int
    days: int
    symbols: tuple[str, ...] = ()
