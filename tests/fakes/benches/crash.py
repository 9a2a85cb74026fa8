"""A bench that does not."""

from bench.figure import Figure

FULL, SMALL = "full", "small"


def run(size: str = FULL) -> list[Figure]:
    raise RuntimeError("no engine")
