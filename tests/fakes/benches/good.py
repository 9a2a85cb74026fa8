"""A bench that works."""

import os

from bench.figure import Figure

FULL, SMALL = "full", "small"


def run(size: str = FULL) -> list[Figure]:
    return [
        Figure("orders", 12_345.6, "/s", at_least=10_000, note="a note"),
        Figure("memory", 30, "B", at_most=24),
        Figure("process", os.getpid(), "", note=size),
    ]
