"""Archive that accepts candles immediately and stores them when PostgreSQL is available."""

import asyncio
import itertools
import logging
from collections import deque
from collections.abc import Iterable

from pipeline.archive.postgres import ROWS_A_CALL
from pipeline.errors import MarketUnavailable
from pipeline.flow.candle_archiver import CandleSink
from pipeline.flow.retry import wait_longer
from pipeline.market import Candle

log = logging.getLogger(__name__)

MAX_PENDING = 50_000


class WriteBehindArchive:
    """Archive with a buffer, for a bus that delays its publisher: prices must not wait for PostgreSQL, so candles wait
    in the buffer.

    Beyond `max_pending` candles the oldest are dropped; they are read from the source when they are needed.
    """

    def __init__(self, archive: CandleSink, max_pending: int = MAX_PENDING) -> None:
        self._archive = archive
        self._pending: deque[tuple[str, Candle]] = deque(maxlen=max_pending)
        self._arrived = asyncio.Event()

    async def insert(self, market: str, candles: Iterable[Candle]) -> int:
        """Buffers the candles for `run`. Returns 0, because none is stored yet."""
        new = [(market, candle) for candle in candles]
        if not new:
            return 0
        lost = len(self._pending) + len(new) - (self._pending.maxlen or 0)
        if lost > 0:
            log.warning("PostgreSQL was away too long: %d candles must be read from the source later", lost)
        self._pending.extend(new)
        self._arrived.set()
        return 0

    async def run(self) -> None:
        """Stores the buffered candles until cancelled."""
        attempt = 0
        while True:
            await self._arrived.wait()
            market = self._pending[0][0]
            part = [entry for entry in itertools.islice(self._pending, ROWS_A_CALL) if entry[0] == market]
            try:
                await self._archive.insert(market, [candle for _, candle in part])
            except MarketUnavailable:
                log.warning("the candle archive does not answer: %d candles wait", len(self._pending))
                await wait_longer(attempt)
                attempt += 1
                continue
            attempt = 0
            self._forget(part)
            if not self._pending:
                self._arrived.clear()

    def _forget(self, part: list[tuple[str, Candle]]) -> None:
        """Removes the archived candles from the buffer. Compares by identity, because the oldest may have been dropped
        meanwhile.
        """
        for entry in part:
            if self._pending and self._pending[0] is entry:
                self._pending.popleft()
