"""Limit of a price jump above which it must be confirmed: a robust limit on the log price.

The limit is STRENGTH scaled median absolute deviations of the recent log prices around their median (the scale 1.4826
makes the MAD of a normal sample its standard deviation; Rousseeuw and Croux, "Alternatives to the median absolute
deviation", 1993), but at least FLOOR and at most CEILING. Both are meant for a minute and widen with the fourth root
of the time between two prices: 10 % a minute is 20 % a quarter of an hour, 30 % an hour, 80 % a day, as in the
recordings of crashes, whose extremes grow slower than the square root that holds for ordinary days.
"""

import math
from collections.abc import Iterable
from statistics import median

FLOOR = math.log(1.10)
CEILING = math.log(1.50)
STRENGTH = 8.0
RECENT = 60
"""Number of prices from which the median and the MAD are computed."""

FEWEST = 8
"""Fewest prices for the robust limit; with fewer, the floor alone decides."""

_NORMAL = 1.4826
_BASE_MS = 60_000


def widening(elapsed_ms: int, max_ms: int) -> float:
    """Returns the factor by which the limit grows after a silence: 1 up to a minute, then the fourth root of the
    minutes, at most that of `max_ms`.
    """
    return math.sqrt(math.sqrt(max(1.0, min(elapsed_ms, max_ms) / _BASE_MS)))


def centre_and_limit(prices: Iterable[float], wider: float) -> tuple[float, float] | None:
    """Returns the median log price and the limit of recent prices (above zero); None if there are too few."""
    logs = [math.log(price) for price in prices]
    if len(logs) < FEWEST:
        return None
    centre = median(logs)
    deviation = median(abs(value - centre) for value in logs)
    return centre, max(FLOOR * wider, min(CEILING * wider, STRENGTH * _NORMAL * deviation))


def distance(a: float, b: float) -> float:
    """Returns the distance of two prices above zero: the absolute log of their ratio."""
    return abs(math.log(a / b))
