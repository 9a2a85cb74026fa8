"""Delays before another request to a service that does not answer."""

import asyncio

_LONGEST_WAIT = 5.0


async def wait_longer(attempt: int) -> None:
    """Waits before the next attempt: 0.1 s, doubled each time, at most 5 s."""
    await asyncio.sleep(min(_LONGEST_WAIT, 0.1 * 2 ** min(attempt, 10)))
