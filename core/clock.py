"""Time is passed in: whatever needs the time takes a `Clock`."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns UTC milliseconds."""


def steady_clock() -> int:
    """Milliseconds since some time in the past, by a clock that nobody sets."""
    return time.monotonic_ns() // 1_000_000


def wall_clock() -> int:
    """The machine's clock, UTC milliseconds."""
    return time.time_ns() // 1_000_000
