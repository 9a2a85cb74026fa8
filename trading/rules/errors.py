"""Refusals of rules, as data; the sentences are in the catalogs of `bot`."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import Refused


class RuleProblem(StrEnum):
    """Fault at a place of a rule."""

    UNEXPECTED = "unexpected"
    """The word cannot stand here."""
    MISSING = "missing"
    """Something has to follow, but the text ends."""
    UNKNOWN = "unknown"
    """No such name; `allowed` are the most similar ones."""
    BOUNDS = "bounds"
    """The number is outside its bounds; `allowed` are the least and the greatest."""
    NUMBER = "number"
    """The number could be another one; `allowed` are plain ways to write what may be meant."""
    WHOLE = "whole"
    """The number must be whole."""
    REPEATED = "repeated"
    """The clause or the argument was there before."""
    PERCENT = "percent"
    """A percentage where it is a share of nothing."""
    CONSTANT = "constant"
    """A comparison of numbers alone."""
    RANGE = "range"
    """A range of numbers where one number is needed."""
    LENGTH = "length"
    """The text is too long; `allowed` is the greatest length."""
    DEPTH = "depth"
    """Too many parentheses in each other; `allowed` is the greatest depth."""
    NODES = "nodes"
    """Too many parts; `allowed` is the greatest number."""
    RULES = "rules"
    """The ranges make too many rules; `allowed` is the greatest number."""


@dataclass(eq=False)
class RuleSyntaxError(Refused):
    """A text that is not a rule.

    `position` is the index of `word` in `text`; at the end of the text `word` is empty. `allowed` is what could stand
    there: words as they are typed, and kinds of words, which begin with a colon, such as `:figure`.
    """

    position: int
    word: str
    allowed: tuple[str, ...]
    problem: RuleProblem = RuleProblem.UNEXPECTED
    text: str = ""


@dataclass(eq=False)
class RuleNeedsWiderInterval(Refused):
    """A figure of `interval` candles in a rule of `wanted` ones, which are wider."""

    interval: str
    wanted: str


@dataclass(eq=False)
class RuleReachesTooFar(Refused):
    """The rule needs `candles` closed candles before its first signal; at most `limit` are read."""

    candles: int
    limit: int


@dataclass(eq=False)
class RuleTooCostly(Refused):
    """The rule takes `percent` of the work that one robot or alert may cause."""

    percent: int


@dataclass(eq=False)
class UnknownStrategy(Refused):
    """The user has saved no strategy of this name; `nearest` are similar names."""

    name: str
    nearest: tuple[str, ...] = ()


@dataclass(eq=False)
class TooManyStrategies(Refused):
    """The user has already saved `limit` strategies."""

    limit: int


@dataclass(eq=False)
class StrategyNotShared(Refused):
    """No strategy is shared under this code; it may have been deleted."""

    shared: str
