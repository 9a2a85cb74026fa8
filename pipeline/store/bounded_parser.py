"""Parser of Redis' answers that bounds their size, so that a huge value of another program cannot exhaust the
memory.
"""

import asyncio
from typing import Any

from redis._parsers import _AsyncHiredisParser
from redis.exceptions import ConnectionError as Lost
from redis.exceptions import InvalidResponse

ANSWER_BYTES = 64 << 20
"""Maximum bytes of one answer. 1,000 points of each of 3,000 symbols take three quarters of it."""


class BoundedParser(_AsyncHiredisParser):
    """Parser that raises InvalidResponse for a longer answer, also if only its head says so. The connection is then
    closed, and the command is not repeated.
    """

    _taken = 0

    async def read_response(self, *args: Any, **options: Any) -> Any:
        """Acts like the base class, within the limit."""
        self._taken = 0
        try:
            return await super().read_response(*args, **options)
        except (MemoryError, RecursionError) as error:  # a list of billions, or pushes that nothing subscribed to
            raise InvalidResponse(f"an answer cannot be read: {type(error).__name__}") from error

    async def read_from_socket(self) -> bool:
        """Acts like the base class, within the limit."""
        if self._taken > ANSWER_BYTES:
            raise InvalidResponse(f"an answer has more than {ANSWER_BYTES} bytes")
        if self._taken:  # bytes that have arrived are read without waiting: others run, and the time limit counts
            await asyncio.sleep(0)
        buffer = await self._stream.read(self._read_size) if self._stream else b""
        if not buffer:
            raise Lost("the server closed the connection")
        self._taken += len(buffer)
        self._reader.feed(buffer)  # type: ignore[attr-defined]
        return True
