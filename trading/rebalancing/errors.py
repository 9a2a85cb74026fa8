"""Refusals of targets, as data; the sentences are in the catalogs of `bot`."""

from dataclasses import dataclass
from decimal import Decimal

from core.errors import Refused


@dataclass(eq=False)
class NoTarget(Refused):
    """The user keeps no target in this market."""


@dataclass(eq=False)
class WeightsAboveOne(Refused):
    """The weights sum to `share`, more than the whole."""

    share: Decimal


@dataclass(eq=False)
class WeightsBelowOne(Refused):
    """The weights sum to `share`, less than the whole, though cash is to stay out of them."""

    share: Decimal


@dataclass(eq=False)
class BandOutOfRange(Refused):
    """A band is from 0.1 to 100 percentage points, and not `text`."""

    text: str


@dataclass(eq=False)
class WeightTwice(Refused):
    """`symbol` has two weights."""

    symbol: str
