"""Refusals of robots, as data; the sentences are in the catalogs of `bot`."""

from dataclasses import dataclass
from decimal import Decimal

from core.errors import Refused


@dataclass(eq=False)
class TooManyRobots(Refused):
    """The user already has `limit` robots that trade or are paused."""

    limit: int


@dataclass(eq=False)
class RobotsTooCostly(Refused):
    """The robots of the user together take `percent` of the work that those of one user may cause."""

    percent: int


@dataclass(eq=False)
class UnknownRobot(Refused):
    """The user has no such robot."""

    robot_id: int


@dataclass(eq=False)
class RobotEnded(Refused):
    """The robot was stopped or has ended, and can't be changed any more."""

    robot_id: int


@dataclass(eq=False)
class BudgetOutOfRange(Refused):
    """The budget of a robot must be at least `least` and at most `most` of `asset`."""

    least: Decimal
    most: Decimal
    asset: str
