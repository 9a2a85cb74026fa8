"""Garbage collection of a process that serves requests."""

import gc

YOUNGEST = 10_000
"""New objects before the youngest generation is collected. Python's 700 collect once a command."""


def settle() -> None:
    """Exempts all loaded objects from collection: modules and open services exist as long as the process.

    A full collection would otherwise take 0.2 s, in which no request is answered. May be called again after more is
    loaded.
    """
    gc.freeze()
    gc.set_threshold(YOUNGEST, *gc.get_threshold()[1:])
