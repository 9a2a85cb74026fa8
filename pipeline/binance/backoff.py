"""Delays between retries."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double from `first_seconds` to `cap_seconds`, each shortened by up to half at random."""

    first_seconds: float = 0.5
    cap_seconds: float = 30.0
    attempts: int = 4

    def wait(self, failures: int, rng: random.Random) -> float:
        """Seconds to wait after the `failures`-th failure in a row (from 1)."""
        doubled = self.first_seconds * float(1 << min(failures - 1, 30))
        return min(self.cap_seconds, doubled) * rng.uniform(0.5, 1.0)
