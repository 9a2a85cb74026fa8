"""From a forecast to the fan that is drawn."""

from math import exp, sqrt

from ml.forecast import Forecast
from pipeline.market import MINUTE_MS

_STEPS = 24


def fan_of(
    forecast: Forecast,
) -> tuple[tuple[int, ...], tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Times (UTC ms), the 80 % interval and the expected path, empty without skill.

    What is expected comes evenly; the distance of the ends from it grows with the root of time, as that of a random
    walk does. The fan is finer where it opens.
    """
    whole = forecast.horizon * MINUTE_MS
    middle = forecast.expected if forecast.skilled else 0.0
    shares = [(step / _STEPS) ** 2 for step in range(_STEPS + 1)]
    low, high, path = (
        tuple(forecast.price * exp(middle * share + (end - middle) * sqrt(share)) for share in shares)
        for end in (forecast.low, forecast.high, middle)
    )
    times = tuple(forecast.made_at + round(whole * share) for share in shares)
    return times, low, high, path if forecast.skilled else ()
