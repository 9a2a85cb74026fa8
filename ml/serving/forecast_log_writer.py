"""Writer of the forecast log, which stores each forecast before it is shown.

Forecasts wait in memory only while PostgreSQL does not answer, and a loss of any is logged.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from itertools import islice
from math import isfinite

from ml.serving.forecast_log import ForecastLog, Key, LoggedForecast, Role
from pipeline.errors import MarketUnavailable
from pipeline.market import MINUTE_MS

log = logging.getLogger(__name__)

MAX_WAITING = 5_000
ROOM_SECONDS = 2.0
WRITE_SECONDS = 1.0
"""Time that an answer waits for PostgreSQL. It does so once; the next answers do not wait until PostgreSQL has answered
again.
"""

PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 15.0
_AT_ONCE = 1_000
_END_SECONDS = 3.0
_MAX_MOVE = 100.0


class ForecastLogWriter:
    """Writer with at most `max_waiting` forecasts waiting for PostgreSQL.

    If there is no room, the caller waits and is then refused: a forecast that is not stored is not shown.
    """

    def __init__(
        self, store: ForecastLog, *, max_waiting: int = MAX_WAITING, room_seconds: float = ROOM_SECONDS
    ) -> None:
        self._store = store
        self._max_waiting = max_waiting
        self._room_seconds = room_seconds
        self._waiting: dict[Key, LoggedForecast] = {}
        self._added = asyncio.Event()
        self._removed = asyncio.Event()
        self._writing = asyncio.Lock()
        self._away = False

    @property
    def waiting(self) -> int:
        """Number of forecasts that are not in PostgreSQL yet."""
        return len(self._waiting)

    async def add(self, served: Sequence[LoggedForecast]) -> None:
        """Returns when the forecasts are in PostgreSQL, or are queued because it does not answer.

        Raises MarketUnavailable if there is no room for too long.
        """
        new = {one.key: one for one in served if self._is_wanted(one)}
        try:
            async with asyncio.timeout(self._room_seconds):
                while new and len(self._waiting) + len(new) > self._max_waiting and self._waiting:
                    self._removed.clear()
                    await self._removed.wait()
        except TimeoutError as error:
            raise MarketUnavailable from error
        self._waiting |= new
        if not self._away:
            await self._written({one.key: self._waiting[one.key] for one in served if one.key in self._waiting})
        if self._waiting:
            self._added.set()

    async def _written(self, wanted: Mapping[Key, LoggedForecast]) -> None:
        """Writes the forecasts of several simultaneous callers in one statement."""
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                while any(self._waiting.get(key) is one for key, one in wanted.items()):
                    await self._write_some()
        except (MarketUnavailable, TimeoutError):
            self._away = True

    def _is_wanted(self, one: LoggedForecast) -> bool:
        if not sound(one):
            log.error("an invalid forecast was served and is not stored: %s", one.forecast)
            return False
        known = self._waiting.get(one.key)
        return known is None or (known.role is Role.ASKED and one.role is not Role.ASKED)

    async def run(self) -> None:
        """Runs the service that writes. At its end, waiting forecasts are written if PostgreSQL answers at once."""
        try:
            while True:
                await self._added.wait()
                self._added.clear()
                await self._write_all()
        finally:
            await self._end()

    async def _write_all(self) -> None:
        pause = PAUSE_SECONDS
        while self._waiting:
            try:
                await self.flush()
            except MarketUnavailable:
                log.warning("%d served forecasts wait for PostgreSQL, which does not answer", len(self._waiting))
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    async def flush(self) -> None:
        """Writes the forecasts that wait now. Raises MarketUnavailable."""
        while self._waiting:
            await self._write_some()

    async def _write_some(self) -> None:
        async with self._writing:
            part = dict(islice(self._waiting.items(), _AT_ONCE))
            if part:
                await self._store.append(list(part.values()))
            self._away = False
            for key, one in part.items():
                if self._waiting.get(key) is one:  # otherwise it has become part of the live record meanwhile
                    del self._waiting[key]
            self._removed.set()

    async def _end(self) -> None:
        try:
            await asyncio.wait_for(self.flush(), _END_SECONDS)  # timeout() of 3.11.0 fails in a cancelled task
        except (MarketUnavailable, TimeoutError):
            log.error("%d served forecasts were not kept: PostgreSQL did not answer", len(self._waiting))  # noqa: TRY400


def sound(one: LoggedForecast) -> bool:
    """Returns whether the forecast may be shown and stored: finite numbers in order."""
    made = one.forecast
    return (
        made.price > 0
        and isfinite(made.price)
        and -_MAX_MOVE <= made.low <= made.high <= _MAX_MOVE
        and abs(made.expected) <= _MAX_MOVE
        and 0 <= made.prob_up <= 1
        and made.made_at > 0
        and made.made_at % MINUTE_MS == 0
    )
