"""Back-tests that users asked for lately, so that buttons, which hold 64 bytes, can refer to them."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from pipeline.market import Interval, Symbol

MAX_REMEMBERED = 2_000
_DIGITS = 10


@dataclass(frozen=True, slots=True)
class AskedBacktest:
    """Request for a back-test: the rule as text, and the times (UTC ms) from which and up to which candles count."""

    symbol: Symbol
    interval: Interval
    rule: str
    since: int
    until: int


class RecentBacktests:
    """Requests by user and handle, the newest MAX_REMEMBERED of all users."""

    def __init__(self) -> None:
        self._asked: OrderedDict[tuple[int, str], AskedBacktest] = OrderedDict()

    def remember(self, person_id: int, asked: AskedBacktest) -> str:
        """Remembers a request; returns its handle, which is the same for the same request."""
        text = "\n".join((asked.symbol, asked.interval, asked.rule, str(asked.since), str(asked.until)))
        handle = hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
        self._asked[person_id, handle] = asked
        self._asked.move_to_end((person_id, handle))
        while len(self._asked) > MAX_REMEMBERED:
            self._asked.popitem(last=False)
        return handle

    def find(self, person_id: int, handle: str) -> AskedBacktest | None:
        """Returns the request of a user, or None if it is not remembered."""
        return self._asked.get((person_id, handle))
