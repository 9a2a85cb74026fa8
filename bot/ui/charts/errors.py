"""Errors of chart rendering, as data."""

from dataclasses import dataclass

from core.errors import Unavailable


@dataclass(eq=False)
class ChartsBusy(Unavailable):
    """Too many charts are waiting, or rendering this chart exceeded its time limit."""


@dataclass(eq=False)
class ChartsUnavailable(Unavailable):
    """The drawing process ended twice in a row or does not start."""
