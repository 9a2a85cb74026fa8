"""Binance's request limits and their usage. Pure.

Source: Binance spot API, "Limits". exchangeInfo states the limits. Every response reports the usage of this address, by
all of its programs, in `X-MBX-USED-WEIGHT-1M` (and in similar headers for other intervals). Windows begin at whole
intervals of the server's clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.market import MINUTE_MS

WEIGHT = "REQUEST_WEIGHT"
RAW_REQUESTS = "RAW_REQUESTS"
INTERVALS = {"SECOND": 1_000, "MINUTE": MINUTE_MS, "HOUR": 60 * MINUTE_MS, "DAY": 1_440 * MINUTE_MS}

USED_SHARE = 0.9
"""Share of a limit used at most; the rest is for other programs behind this address and for small clock differences."""

ASKED_SHARE = 0.6
"""Share of a limit for requests of users (order books and candles), so that no number of users delays prices, rules and
the time.
"""

BACKGROUND_SHARE = 0.5
"""Share of a limit for requests that can wait, such as old candles, so that prices never wait for them."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """`limit` units of `kind` in each `count` of `interval`, such as 6000 of REQUEST_WEIGHT in 1 MINUTE."""

    kind: str
    interval: str
    count: int
    limit: int

    @property
    def ms(self) -> int:
        """Length of its window in milliseconds."""
        return INTERVALS[self.interval] * self.count

    @property
    def header(self) -> str:
        """Name of the response header that reports its usage."""
        return f"X-MBX-USED-WEIGHT-{self.count}{self.interval[0]}"


DEFAULT_LIMITS = (RateLimit(WEIGHT, "MINUTE", 1, 6000),)
"""Limits used if exchangeInfo states none."""


class RequestBudget:
    """Budget left in the current windows. `now` is the server's clock, UTC ms."""

    def __init__(self) -> None:
        self._limits: tuple[RateLimit, ...] = DEFAULT_LIMITS
        self._used: dict[RateLimit, tuple[int, int]] = {}

    def set_limits(self, limits: tuple[RateLimit, ...]) -> None:
        """Replaces the limits, by DEFAULT_LIMITS if empty. Usage of a limit of the same kind and window is carried
        over.
        """
        before = {(limit.kind, limit.ms): used for limit, used in self._used.items()}
        self._limits = limits or DEFAULT_LIMITS
        self._used = {each: before[each.kind, each.ms] for each in self._limits if (each.kind, each.ms) in before}

    def spend(self, weight: int, now: int, share: float = USED_SHARE) -> bool:
        """Returns whether a request of this weight may be sent now within `share` of each limit. If so, counts it as
        used.
        """
        costs = [(limit, self._used_of(limit, now) + _cost(limit, weight)) for limit in self._limits]
        if any(used > limit.limit * share for limit, used in costs):
            return False
        for limit, used in costs:
            self._used[limit] = (now // limit.ms, used)
        return True

    def note(self, headers: Mapping[str, str], now: int) -> None:
        """Records the usage that a response reports."""
        for limit in self._limits:
            text = headers.get(limit.header, "")
            if limit.kind == WEIGHT and text.isascii() and text.isdigit():
                self._used[limit] = (now // limit.ms, max(self._used_of(limit, now), int(text[:9])))

    def left(self, now: int, share: float = USED_SHARE) -> int:
        """Returns the weight that may still be spent under the tightest of the limits."""
        return min(int(limit.limit * share) - self._used_of(limit, now) for limit in self._limits)

    def _used_of(self, limit: RateLimit, now: int) -> int:
        window, used = self._used.get(limit, (0, 0))
        return used if window == now // limit.ms else 0


def _cost(limit: RateLimit, weight: int) -> int:
    return weight if limit.kind == WEIGHT else 1
