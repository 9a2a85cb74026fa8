"""Rate limits of users and chats: token buckets in memory, checked before anything else is done. Pure."""

import math
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from bot.inbound import Inbound

MAX_BUCKETS = 10_000
WARNING_SECONDS = 5.0
"""Time for which a refusal is not repeated on platforms where no answer is required."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Rate of `burst` at once, and `per_second` after that."""

    burst: int
    per_second: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """Refusal of a command; the next is accepted in `seconds`. `repeated`: the user was refused a moment ago."""

    seconds: float
    repeated: bool


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float
    warned_at: float = -math.inf


TYPED = Rate(30, 5.0)
"""Rate of requests that a client sends by itself with every letter that a user types: inline queries, suggestions."""


class Buckets:
    """Token buckets by key. Beyond `max_size` keys, the least recently used one is dropped, and is full when it
    returns.

    Times are in seconds; a clock that is set back adds no tokens and takes none.
    """

    def __init__(self, max_size: int = MAX_BUCKETS) -> None:
        self._max_size = max_size
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def wait(self, key: Hashable, rate: Rate, now: float) -> float:
        """Returns the seconds until a token is available; 0 if one is."""
        tokens = self._filled(key, rate, now).tokens
        return 0.0 if tokens >= 1 else (1 - tokens) / rate.per_second

    def take(self, key: Hashable, rate: Rate, now: float) -> None:
        """Takes the token that `wait` found."""
        self._filled(key, rate, now).tokens -= 1

    def charge(self, key: Hashable, rate: Rate, now: float, tokens: int) -> None:
        """Takes further tokens, also ones that are not there yet: what comes next waits for them."""
        self._filled(key, rate, now).tokens -= tokens

    def refuse(self, key: Hashable, rate: Rate, now: float, quiet: float = WARNING_SECONDS) -> Refusal:
        """Returns the refusal for a key for which `wait` found no token; it is repeated for `quiet` seconds."""
        bucket = self._filled(key, rate, now)
        repeated = 0 <= now - bucket.warned_at < quiet
        if not repeated:
            bucket.warned_at = now
        return Refusal((1 - bucket.tokens) / rate.per_second, repeated)

    def _filled(self, key: Hashable, rate: Rate, now: float) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(float(rate.burst), now)
            if len(self._buckets) > self._max_size:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        bucket.tokens = min(float(rate.burst), bucket.tokens + max(0.0, now - bucket.at) * rate.per_second)
        bucket.at = now
        return bucket


class Cooldown:
    """Rate limits of users and of public chats.

    Presses have buckets of their own: a user who has typed too much can still confirm what is on the screen. A command
    that is refused to the user takes no token from the chat. Requests that clients send while a user types take no
    token from either.
    """

    def __init__(self, person: Rate, chat: Rate, *, max_buckets: int = MAX_BUCKETS) -> None:
        self._person = person
        self._chat = chat
        self._persons = Buckets(max_buckets)
        self._chats = Buckets(max_buckets)
        self._typed = Buckets(max_buckets)

    def refusal(self, inbound: Inbound, now: float) -> Refusal | None:
        """Returns None if the command may run, and counts it; `now` in seconds."""
        who = (inbound.platform, inbound.external_id, inbound.pressed)
        if self._persons.wait(who, self._person, now):
            return self._persons.refuse(who, self._person, now)
        if inbound.public and inbound.chat_id:
            chat = (inbound.platform, inbound.chat_id, inbound.pressed)
            if self._chats.wait(chat, self._chat, now):
                return self._chats.refuse(chat, self._chat, now)
            self._chats.take(chat, self._chat, now)
        self._persons.take(who, self._person, now)
        return None

    def charge(self, inbound: Inbound, tokens: int, now: float) -> None:
        """Takes further tokens of the user for a command that costs more than others; `now` in seconds."""
        self._persons.charge((inbound.platform, inbound.external_id, inbound.pressed), self._person, now, tokens)

    def admits_typing(self, inbound: Inbound, what: str, now: float) -> bool:
        """Returns whether a request of kind `what`, sent by a client while a user types, may be answered, and counts it
        if so; `now` in seconds. Each `what` has a bucket of its own for each user.
        """
        key = (inbound.platform, inbound.external_id, what)
        if self._typed.wait(key, TYPED, now):
            return False
        self._typed.take(key, TYPED, now)
        return True
