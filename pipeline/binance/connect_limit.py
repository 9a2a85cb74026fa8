"""Limit on opening websockets: Binance counts the attempts of an address in five minutes."""

import asyncio
from collections import deque

MAX_CONNECTS = 250
"""Maximum number of attempts, below the 300 that Binance allows, because other programs behind the address need some.
"""

WINDOW_SECONDS = 300.0


class ConnectLimit:
    """Limit shared by all connections of the process. A connection over the limit waits."""

    def __init__(self, max_connects: int = MAX_CONNECTS, window_seconds: float = WINDOW_SECONDS) -> None:
        self._opened: deque[float] = deque(maxlen=max_connects)
        self._window_seconds = window_seconds
        self._turn = asyncio.Lock()

    async def acquire(self) -> None:
        """Waits until one more connection may be opened, and counts it."""
        loop = asyncio.get_running_loop()
        async with self._turn:
            if len(self._opened) == self._opened.maxlen:
                await asyncio.sleep(max(0.0, self._opened[0] + self._window_seconds - loop.time()))
            self._opened.append(loop.time())
