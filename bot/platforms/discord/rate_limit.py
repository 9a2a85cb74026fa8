"""Discord's rate limits for discord.py: a request waits only where its bucket has no permission left.

The library's own bucket refuses every request while the window of its bucket is longer than `max_ratelimit_timeout`,
whatever `X-RateLimit-Remaining` says, and without that option it holds back the answer that used the last permission
until the window ends; its lock for interactions does the same. These do neither.
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
"""Seconds for which a request is held back after a 429; a longer wait raises `discord.RateLimited`."""

_longest_wait: ContextVar[float | None] = ContextVar("longest_wait", default=None)


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """Requests made inside raise `discord.RateLimited` where they would wait longer for a permission."""
    token = _longest_wait.set(seconds)
    try:
        yield
    finally:
        _longest_wait.reset(token)


class RateLimitBucket(http.Ratelimit):
    """The permissions of one bucket, in the order in which they were asked for."""

    __slots__ = ()

    async def acquire(self) -> None:
        """Takes a permission. Raises `discord.RateLimited` where that takes longer than `waiting_at_most` allows."""
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
        """Gives the bucket what the answer said of it, and lets all that wait look again."""
        self.outgoing -= 1
        if isinstance(error, discord.RateLimited):
            self.remaining, self.reset_after = 0, error.retry_after
            self.expires = self._loop.time() + error.retry_after
        elif self.expires is None:
            self.reset()  # type: ignore[no-untyped-call]  # the answer said nothing of limits
        self._wake(len(self._pending_requests))

    def _has_room(self) -> bool:
        if self.is_expired():
            self.reset()  # type: ignore[no-untyped-call]
        return self.remaining > 0


class InteractionLock(async_.AsyncDeferredLock):
    """One request at a time for an interaction; the one after the last permission waits, not the one that used it."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Frees the interaction as soon as Discord allows the next request."""
        if self.delta:
            asyncio.get_running_loop().call_later(self.delta, self.lock.release)
        else:
            self.lock.release()


def install_rate_limits() -> None:
    """Makes every client of the process use these: the library has no option for it."""
    http.Ratelimit = RateLimitBucket  # type: ignore[misc]
    async_.AsyncDeferredLock = InteractionLock  # type: ignore[misc]
