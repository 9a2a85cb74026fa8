"""Discord's rate limits for discord.py: a request waits only if its bucket has no permission left.

The library's own bucket refuses every request while the window of its bucket is longer than `max_ratelimit_timeout`,
regardless of `X-RateLimit-Remaining`. Without that option it delays the answer that used the last permission until the
window ends, as does its lock for interactions. The classes of this module do neither.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType

import discord
from discord import http
from discord.webhook import async_

LONGEST_WAIT = 30.0
"""Seconds for which a request is delayed after a 429; a longer wait raises `discord.RateLimited`."""

_longest_wait: ContextVar[float | None] = ContextVar("longest_wait", default=None)


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """Makes requests inside raise `discord.RateLimited` if they would wait longer for a permission."""
    token = _longest_wait.set(seconds)
    try:
        yield
    finally:
        _longest_wait.reset(token)


class RateLimitBucket(http.Ratelimit):
    """Permissions of one bucket, granted in the order of requests."""

    __slots__ = ()

    async def acquire(self) -> None:
        """Takes a permission. Raises `discord.RateLimited` if that takes longer than `waiting_at_most` allows."""
        self._last_request = self._loop.time()
        while not self._has_room():
            wait = None if self.expires is None else max(0.0, self.expires - self._loop.time())
            longest = _longest_wait.get()
            if wait is not None and longest is not None and wait > longest:
                raise discord.RateLimited(wait)
            turn: asyncio.Future[None] = self._loop.create_future()
            self._pending_requests.append(turn)
            try:
                await asyncio.wait([turn], timeout=wait)
            finally:
                turn.cancel()
        self.remaining -= 1
        self.outgoing += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Updates the bucket from the response, and wakes all waiting requests."""
        self.outgoing -= 1
        if isinstance(error, discord.RateLimited):
            self.remaining, self.reset_after = 0, error.retry_after
            self.expires = self._loop.time() + error.retry_after
        elif self.expires is None:
            self.reset()  # type: ignore[no-untyped-call]  # the response contained no limits
        self._wake(len(self._pending_requests))

    def _has_room(self) -> bool:
        if self.is_expired():
            self.reset()  # type: ignore[no-untyped-call]
        return self.remaining > 0


class InteractionLock(async_.AsyncDeferredLock):
    """Lock for one request at a time per interaction.

    The request after the last permission waits, not the one that used it.
    """

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Releases the lock as soon as Discord allows the next request."""
        if self.delta:
            asyncio.get_running_loop().call_later(self.delta, self.lock.release)
        else:
            self.lock.release()


def install_rate_limits() -> None:
    """Makes every client of the process use these classes; the library has no option for it."""
    http.Ratelimit = RateLimitBucket  # type: ignore[misc]
    async_.AsyncDeferredLock = InteractionLock  # type: ignore[misc]
