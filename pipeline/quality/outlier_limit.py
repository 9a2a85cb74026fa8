"""How far a price may jump before it must be confirmed: a robust limit on the log price.

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
"""Prices that the median and the MAD are taken of."""

FEWEST = 8
"""With fewer, the floor alone decides."""

_NORMAL = 1.4826
_BASE_MS = 60_000


def widening(elapsed_ms: int, most_ms: int) -> float:
    """By what the limit grows after a silence; 1 up to a minute, then its fourth root, up to that of `most_ms`."""
    return math.sqrt(math.sqrt(max(1.0, min(elapsed_ms, most_ms) / _BASE_MS)))


def centre_and_limit(prices: Iterable[float], wider: float) -> tuple[float, float] | None:
    """Median log price and limit of recent prices (above zero); None where there are too few."""
    logs = [math.log(price) for price in prices]
    if len(logs) < FEWEST:
        return None
    centre = median(logs)
    deviation = median(abs(value - centre) for value in logs)
    return centre, max(FLOOR * wider, min(CEILING * wider, STRENGTH * _NORMAL * deviation))


def distance(a: float, b: float) -> float:
    """Between two prices above zero, as the absolute log of their ratio."""
    return abs(math.log(a / b))
