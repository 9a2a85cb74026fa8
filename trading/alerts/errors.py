"""Refusals of alerts, as data; the sentences are in the catalogs of `bot`."""

from dataclasses import dataclass
from decimal import Decimal

from core.errors import Refused


@dataclass(eq=False)
class TooManyAlerts(Refused):
    """The user already has `limit` alerts waiting."""

    limit: int


@dataclass(eq=False)
class UnknownAlert(Refused):
    """The user has no such alert, or it has ended."""

    alert_id: int


@dataclass(eq=False)
class LevelOutOfRange(Refused):
    """The level is so far from the price that it must be a mistake; it must lie between `lowest` and `highest`."""

    symbol: str
    level: Decimal
    now: Decimal
    lowest: Decimal
    highest: Decimal


@dataclass(eq=False)
class LevelAtPrice(Refused):
    """The level equals the current price, so the direction in which it will be reached is unknown."""

    symbol: str
    now: Decimal


@dataclass(eq=False)
class TooManyForecastAlerts(Refused):
    """The user already has `limit` alerts on forecasts waiting."""

    limit: int


@dataclass(eq=False)
class UnknownForecastAlert(Refused):
    """The user has no such alert on a forecast, or it has ended."""

    alert_id: int


@dataclass(eq=False)
class TooManyRangeAlerts(Refused):
    """The user already has `limit` range alerts waiting."""

    limit: int


@dataclass(eq=False)
class RangeOutOfBounds(Refused):
    """The range, in percent, is not between `lowest` and `highest`, or has more than two decimals."""

    percent: Decimal
    lowest: Decimal
    highest: Decimal
