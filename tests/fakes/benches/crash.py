"""A bench that does not."""

from bench.figure import Figure


def run() -> list[Figure]:
    raise RuntimeError("no engine")
