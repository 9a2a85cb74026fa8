"""Rate limit of IDENTIFYs to the gateway: Discord revokes the token after 1000 in a day."""

BURST = 10
SECONDS_EACH = 100.0
"""Seconds per IDENTIFY beyond the burst: 864 a day."""


class IdentifyBudget:
    """Token bucket of permissions to identify."""

    def __init__(self, now: float, *, burst: int = BURST, seconds_each: float = SECONDS_EACH) -> None:
        """`now` is in seconds of any monotonic clock."""
        self._burst = float(burst)
        self._each = seconds_each
        self._left = float(burst)
        self._at = now

    def wait(self, now: float) -> float:
        """Takes a permission and returns the seconds to wait before it may be used."""
        self._left = min(self._burst, self._left + (now - self._at) / self._each)
        self._at = now
        self._left -= 1
        return max(0.0, -self._left * self._each)

    def give_back(self) -> None:
        """Returns a permission that was not used."""
        self._left += 1
