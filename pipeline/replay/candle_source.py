"""Market source that replays recorded candles on the recording's own clock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from core.clock import Clock
from pipeline.errors import BadReplayStart
from pipeline.market import DAY_MS, MINUTE_MS, Candle, Frame, Interval, MarketInfo, SourceKind, Symbol
from pipeline.replay.inferred_rules import inferred_rules
from pipeline.replay.parquet_candles import CandleFile, read_candle_file
from pipeline.replay.recorded_day import RecordedDay, opening_ticks, recorded_candles, recorded_day
from pipeline.replay.recording_report import RecordingReport
from pipeline.rules import SymbolRules
from pipeline.settings import ReplaySettings

STALE_AFTER_MS = 15_000
MAX_CANDLES = 1000
_LATE_SECONDS = 1.0  # real time that play may lag before prices count as stale
_BATCH_SECONDS = 0.02  # real time between frames at high speed


class ReplaySource:
    """Source that plays the candles of `path` (parquet) at `settings.speed`; the clock starts when the source is
    opened.

    A candle becomes known when it closes. Its close is then the price, with the last traded volume displayed on both
    sides, and its trades are those along its path (`pipeline.replay.path_trades`). A candle without trades confirms the
    price; a missing candle does not, nor does a market that has not traded for 60 candles. After the last candle the
    frames end and the clock continues, so prices go stale. Opening raises BadRecording and BadReplayStart. `progress`
    is called with the part read (0..1), `report` with what is not played.
    """

    def __init__(
        self,
        path: Path,
        settings: ReplaySettings,
        clock: Clock,
        *,
        why: str = "",
        progress: Callable[[float], None] = lambda _: None,
        report: Callable[[RecordingReport], None] = lambda _: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._path = path
        self._settings = settings
        self._clock = clock
        self._why = why
        self._progress = progress
        self._report = report
        self._sleep = sleep

    async def __aenter__(self) -> Self:
        self._file = await read_candle_file(self._path, self._progress, self._settings.quote_asset)
        self._report(self._file.report)
        self._start = _start_of(self._file, self._settings)
        self._opened = self._clock()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Releases nothing, because nothing is held open."""

    def info(self) -> MarketInfo:
        """Returns the running market, with the recording's clock. Prices may be one candle old, and slightly more at
        high speed.
        """
        wall = self._clock()
        late = max(STALE_AFTER_MS, int(_LATE_SECONDS * 1000 * self._settings.speed))
        now = self._now(wall)
        return MarketInfo(
            source=SourceKind.REPLAY,
            quote_asset=self._file.quote_asset,
            cadence_ms=self._file.interval.ms,
            stale_after_ms=self._file.interval.ms + late,
            source_ms=now,
            wall_ms=wall,
            speed=self._settings.speed,
            label=f"REPLAY {datetime.fromtimestamp(now // 1000, UTC):%Y-%m-%d}",
            why=self._why or f"replaying {self._path.name}",
            identity=self._path.name,
        )

    async def rules(self) -> Sequence[SymbolRules]:
        """Returns rules inferred from the names and closes of the whole recording."""
        return await asyncio.to_thread(
            lambda: [
                inferred_rules(symbol, self._file.bases[symbol], self._file.quote_asset, self._file.of(symbol).close)
                for symbol in self._file.symbols
            ]
        )

    def resume(self, time: int) -> None:
        """See `MarketSource.resume`: the clock continues from `time`. A recording that was at its end begins again."""
        if self._start < time < self._file.last:
            # one candle earlier: the last frame may have been sent in part only
            self._start = max(self._start, time - self._file.interval.ms)
            self._opened = self._clock()

    async def frames(self) -> AsyncIterator[Frame]:
        """Yields the latest tick of every symbol at the start, then every close at its time; several per frame at high
        speed.
        """
        yield Frame(self._start, await asyncio.to_thread(opening_ticks, self._file, self._start))
        width = self._file.interval.ms
        close = self._start // width * width + width
        day: RecordedDay | None = None
        while close <= self._file.last:
            now = self._now(self._clock())
            if now < close:
                await self._sleep(max((close - now) / self._settings.speed / 1000, _BATCH_SECONDS))
                continue
            number = (close - width) // DAY_MS
            if day is None or day.number != number:
                day = await asyncio.to_thread(recorded_day, self._file, number)
            frame = day.frame(close, min(now, self._file.last))
            close = frame.time + width
            if not frame.empty:
                yield frame
            await asyncio.sleep(0)

    async def candles(self, symbol: Symbol, interval: Interval, start: int, end: int) -> list[Candle]:
        """Returns candles as `MarketSource.candles` does, up to the replay's now; [] for an interval narrower than the
        recording's.
        """
        now = self._now(self._clock())
        found = await asyncio.to_thread(recorded_candles, self._file, symbol, interval, now)
        return found.between(start, end).rows(0, MAX_CANDLES).candles(symbol)

    async def order_book(self, symbol: Symbol, after: int = 0) -> None:
        """Returns None: a recording of candles has no book."""

    def _now(self, wall: int) -> int:
        return self._start + int((wall - self._opened) * self._settings.speed)


def _start_of(file: CandleFile, settings: ReplaySettings) -> int:
    """Returns the start of the clock (UTC ms): the requested time, else the end of the history, but at most the middle
    of the recording. Raises BadReplayStart if the requested time is invalid or outside the recording.
    """
    if not settings.start:
        middle = (file.first + file.last) // 2 // file.interval.ms * file.interval.ms
        return min(file.first + settings.history_minutes * MINUTE_MS, middle)
    try:
        asked = datetime.fromisoformat(settings.start)
        start = int((asked if asked.tzinfo else asked.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        start = -1
    if not file.first <= start < file.last:
        raise BadReplayStart(settings.start, _iso(file.first), _iso(file.last))
    return start


def _iso(time: int) -> str:
    return f"{datetime.fromtimestamp(time // 1000, UTC):%Y-%m-%dT%H:%M}"
