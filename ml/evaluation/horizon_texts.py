"""Horizons and lengths of time as texts."""

_MINUTE = 60_000
_UNITS = ((1440, "d"), (60, "h"), (1, "min"))


def horizon_text(candles: int, interval_ms: int) -> str:
    """Returns a horizon as text, such as `15 candles of 1 min`."""
    return f"{candles} candle{'s' if candles > 1 else ''} of {length_text(interval_ms)}"


def length_text(interval_ms: int) -> str:
    """Returns a length of time as text, such as `1 min` or `4 h`; in seconds if it is not a whole number of minutes."""
    minutes, seconds = divmod(interval_ms, _MINUTE)
    if seconds or not minutes:
        return f"{interval_ms / 1000:g} s"
    return next(f"{minutes // size} {unit}" for size, unit in _UNITS if minutes % size == 0)
