"""A bench that never ends."""

import time

from bench.figure import Figure


def run() -> list[Figure]:
    time.sleep(600)
    return []
