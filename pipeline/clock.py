"""Time is passed in: whatever needs the time takes a `Clock`."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns UTC milliseconds."""


def wall_clock() -> int:
    """The machine's clock, UTC milliseconds."""
    return time.time_ns() // 1_000_000
