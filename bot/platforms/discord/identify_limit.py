"""How often the gateway may be greeted: Discord takes the token away after 1000 IDENTIFYs in a day."""

BURST = 10
SECONDS_EACH = 100.0
"""Beyond the burst one in so many seconds: 864 a day."""


class IdentifyBudget:
    """A bucket of permissions that refills slowly."""

    def __init__(self, now: float, *, burst: int = BURST, seconds_each: float = SECONDS_EACH) -> None:
        """`now` in seconds of any clock that never goes back."""
        self._burst = float(burst)
        self._each = seconds_each
        self._left = float(burst)
        self._at = now

    def wait(self, now: float) -> float:
        """Takes a permission and gives the seconds to wait before it may be used."""
        self._left = min(self._burst, self._left + (now - self._at) / self._each)
        self._at = now
        self._left -= 1
        return max(0.0, -self._left * self._each)

    def give_back(self) -> None:
        """A permission that was not used after all."""
        self._left += 1
