"""What can keep a chart from being drawn, as data."""

from dataclasses import dataclass

from core.errors import Unavailable


@dataclass(eq=False)
class ChartsBusy(Unavailable):
    """Too many charts wait already, or this one took longer than it may."""


@dataclass(eq=False)
class ChartsDown(Unavailable):
    """The process that draws ended twice in a row or does not start."""
