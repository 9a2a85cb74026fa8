"""Binance's request limits and what was used of them. Pure.

Source: Binance spot API, "Limits": exchangeInfo states them, every answer says in `X-MBX-USED-WEIGHT-1M` (and the
like for other intervals) what this address has used, whoever used it. Windows begin at whole intervals of the server's
clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.market import MINUTE_MS

WEIGHT = "REQUEST_WEIGHT"
RAW_REQUESTS = "RAW_REQUESTS"
INTERVALS = {"SECOND": 1_000, "MINUTE": MINUTE_MS, "HOUR": 60 * MINUTE_MS, "DAY": 1_440 * MINUTE_MS}

USED_SHARE = 0.9
"""Of a limit, at most: others behind this address, and clocks that differ a little, have the rest."""

BACKGROUND_SHARE = 0.5
"""Of a limit, for what can wait, such as candles long past: prices never stand behind them."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """`limit` units of `kind` in each `count` of `interval`, such as 6000 of REQUEST_WEIGHT in 1 MINUTE."""

    kind: str
    interval: str
    count: int
    limit: int

    @property
    def ms(self) -> int:
        """Its window in milliseconds."""
        return INTERVALS[self.interval] * self.count

    @property
    def header(self) -> str:
        """In which answers say what is used of it."""
        return f"X-MBX-USED-WEIGHT-{self.count}{self.interval[0]}"


DEFAULT_LIMITS = (RateLimit(WEIGHT, "MINUTE", 1, 6000),)
"""Where exchangeInfo does not say."""


class RequestBudget:
    """What may still be asked in the windows under way; `now` is the server's clock."""

    def __init__(self) -> None:
        self._limits: tuple[RateLimit, ...] = DEFAULT_LIMITS
        self._used: dict[RateLimit, tuple[int, int]] = {}

    def keep_to(self, limits: tuple[RateLimit, ...]) -> None:
        """From here on these; what was used counts on."""
        before = {(limit.kind, limit.ms): used for limit, used in self._used.items()}
        self._limits = limits or DEFAULT_LIMITS
        self._used = {each: before[each.kind, each.ms] for each in self._limits if (each.kind, each.ms) in before}

    def spend(self, weight: int, now: int, share: float = USED_SHARE) -> bool:
        """Whether a request of this weight may be sent now, as part of that share of each limit; it then counts."""
        costs = [(limit, self._used_of(limit, now) + _cost(limit, weight)) for limit in self._limits]
        if any(used > limit.limit * share for limit, used in costs):
            return False
        for limit, used in costs:
            self._used[limit] = (now // limit.ms, used)
        return True

    def note(self, headers: Mapping[str, str], now: int) -> None:
        """Takes what an answer says was used."""
        for limit in self._limits:
            text = headers.get(limit.header, "")
            if limit.kind == WEIGHT and text.isascii() and text.isdigit():
                self._used[limit] = (now // limit.ms, max(self._used_of(limit, now), int(text[:9])))

    def left(self, now: int, share: float = USED_SHARE) -> int:
        """Weight that may still be spent in the shortest of the windows."""
        return min(int(limit.limit * share) - self._used_of(limit, now) for limit in self._limits)

    def _used_of(self, limit: RateLimit, now: int) -> int:
        window, used = self._used.get(limit, (0, 0))
        return used if window == now // limit.ms else 0


def _cost(limit: RateLimit, weight: int) -> int:
    return weight if limit.kind == WEIGHT else 1
