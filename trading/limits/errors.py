"""Refusals of changes of limits, as data; the sentences are in the catalogs of `bot`."""

from dataclasses import dataclass
from decimal import Decimal

from core.errors import Refused


@dataclass(eq=False)
class LimitNotSet(Refused):
    """The user has no limit of this kind."""

    kind: str


@dataclass(eq=False)
class LimitOutOfRange(Refused):
    """`text` is no value for a limit of this kind: a fraction from 0.1 to 100 %, an amount of at most `most`, or a
    whole number from 1 to `most`.
    """

    kind: str
    text: str
    most: Decimal


@dataclass(eq=False)
class NotPaused(Refused):
    """The account is not paused by a limit."""


@dataclass(eq=False)
class PauseLasts(Refused):
    """A pause by the limit on the day's loss ends with the user's day, in `hours` and `minutes`, and not before."""

    hours: int
    minutes: int
