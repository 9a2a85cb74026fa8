"""Conversion of a forecast to the fan drawn in its chart."""

from math import exp, sqrt

from ml.forecast import Forecast
from pipeline.market import MINUTE_MS

_STEPS = 24


def fan_of(
    forecast: Forecast,
) -> tuple[tuple[int, ...], tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Returns times (UTC ms), the 80 % interval and the expected path, which is empty without skill.

    The expected change grows linearly with time. The distance of the interval's ends from it grows with the square root
    of time, as in a random walk. The points are denser at the start of the fan.
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
