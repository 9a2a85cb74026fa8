"""Clocks. Time is passed in: code that needs the time takes a `Clock`."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns UTC milliseconds."""


def steady_clock() -> int:
    """Returns milliseconds since some time in the past, by the machine's monotonic clock."""
    return time.monotonic_ns() // 1_000_000


def wall_clock() -> int:
    """Returns the machine's clock, UTC milliseconds."""
    return time.time_ns() // 1_000_000
