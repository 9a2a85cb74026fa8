"""What the desk refuses of alerts, as data; the sentences live in the catalogs of `bot`."""

from dataclasses import dataclass
from decimal import Decimal

from core.errors import Refused


@dataclass(eq=False)
class TooManyAlerts(Refused):
    """The person has `limit` alerts waiting already."""

    limit: int


@dataclass(eq=False)
class UnknownAlert(Refused):
    """The person has no such alert, or it is over."""

    alert_id: int


@dataclass(eq=False)
class LevelOutOfRange(Refused):
    """The level is so far from the price that it can only be a slip; it must lie from `lowest` to `highest`."""

    symbol: str
    level: Decimal
    now: Decimal
    lowest: Decimal
    highest: Decimal


@dataclass(eq=False)
class LevelIsPrice(Refused):
    """The level is the very price of now, so that nothing says from where it is to be reached."""

    symbol: str
    now: Decimal


@dataclass(eq=False)
class TooManyForecastAlerts(Refused):
    """The person has `limit` alerts on forecasts waiting already."""

    limit: int


@dataclass(eq=False)
class UnknownForecastAlert(Refused):
    """The person has no such alert on a forecast, or it is over."""

    alert_id: int
