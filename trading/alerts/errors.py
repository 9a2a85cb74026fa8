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


@dataclass(eq=False)
class TooManyConditionAlerts(Refused):
    """The user already has `limit` condition alerts waiting."""

    limit: int


@dataclass(eq=False)
class SameAlert(Refused):
    """The user's alert `alert_id` already waits for the same."""

    alert_id: int


@dataclass(eq=False)
class ConditionOutOfBounds(Refused):
    """The level of a condition is not between `lowest` and `highest`, without its sign, or has too many decimals. All
    three are in percent, for an RSI in points and for a volume multiples.
    """

    measure: str
    level: Decimal
    lowest: Decimal
    highest: Decimal


@dataclass(eq=False)
class LengthOutOfBounds(Refused):
    """The number of candles of an indicator is not between `fewest` and `most`."""

    measure: str
    length: int
    fewest: int
    most: int


@dataclass(eq=False)
class DaysOutOfBounds(Refused):
    """The window of a high or low is not a number of whole days from 1 to `most`."""

    text: str
    most: int


@dataclass(eq=False)
class TrailingOrderWatched(Refused):
    """The price of order `order_id` follows the market, so an alert on its distance would say nothing."""

    order_id: int


@dataclass(eq=False)
class AlertTimeOutOfBounds(Refused):
    """The pause or the life of an alert, in minutes, is not between one minute and `days` days."""

    minutes: int
    days: int


@dataclass(eq=False)
class NoteTooLong(Refused):
    """A note has more than `limit` characters."""

    limit: int
