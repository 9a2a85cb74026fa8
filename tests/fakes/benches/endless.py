"""A bench that never ends."""

import time

from bench.figure import Figure

FULL, SMALL = "full", "small"


def run(size: str = FULL) -> list[Figure]:
    time.sleep(600)
    return []
