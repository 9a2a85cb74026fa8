"""Market source that replays a raw recording of Binance's feed on the recording's own clock."""

import asyncio
import gzip
import io
import zlib
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from core.clock import Clock
from core.decimals import EXACT
from pipeline.binance.events import BookTop, DepthDiff, DepthSnapshot, MiniTicker
from pipeline.binance.local_order_book import LocalBook
from pipeline.binance.raw_recording import Recording, TimedEvent, read_lines
from pipeline.binance.trade_tape import TradeTape
from pipeline.candles import aggregate
from pipeline.errors import BadRecording, BadReplayStart
from pipeline.market import MINUTE_MS, Candle, Frame, Interval, MarketInfo, OrderBook, SourceKind, Symbol, Tick, Trade
from pipeline.replay.candle_builder import CandleBuilder
from pipeline.replay.path_trades import path_trades
from pipeline.replay.recording_report import MAX_EXAMPLES, RecordingReport
from pipeline.rules import SymbolRules
from pipeline.settings import ReplaySettings

MAX_BYTES = 512 << 20
"""Largest recording, uncompressed. Its events take about four times as much memory."""

MAX_LINES = 5_000_000
_LONGEST_LINE = 64 << 20

FRAME_MS = 1000
"""Recorded time between frames at speeds up to 20; faster play widens it to 50 ms of real time."""

STALE_MS = 15_000
_REAL_FRAME_MS = 50
_LATE_TRADES_MS = 5_000
_MAX_EVENTS_AT_ONCE = 2_000
_MAX_CANDLES = 1_000
_MAX_TRADES = 100_000


class RecordingSource:
    """Source that plays `path` (.txt or .txt.gz) from `settings.start`, or else from its first line, at
    `settings.speed`.

    Opening raises BadRecording or BadReplayStart; `report` is called with what is not played. A symbol's price is its
    last trade; before the first trade the middle of its book. A tick's time is that of the last line, because silence
    confirms nothing. Candles are built from the trades (or taken from closed kline frames). Trades are the recorded
    ones; a symbol without any has those along the paths of its kline frames. After the last line the frames end and the
    clock continues, so prices go stale.
    """

    def __init__(
        self,
        path: Path,
        settings: ReplaySettings,
        clock: Clock,
        *,
        report: Callable[[RecordingReport], None] = lambda _: None,
    ) -> None:
        self._path = path
        self._settings = settings
        self._clock = clock
        self._report = report

    async def __aenter__(self) -> Self:
        recording = await asyncio.to_thread(_load, self._path, self._settings.quote_asset)
        self._report(_report_of(recording))
        first, self._last = recording.events[0].time, recording.events[-1].time
        self._quote_asset = recording.quote_asset
        self._rules = recording.rules
        self._market = _Market(recording)
        self._start = self._asked_start(first, self._last)
        await self._play_to(self._start)
        self._opened = self._clock()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Releases nothing, because nothing is held open."""

    def info(self) -> MarketInfo:
        """Returns the running market, with the recording's clock and the label of a replay."""
        wall = self._clock()
        return MarketInfo(
            source=SourceKind.REPLAY,
            quote_asset=self._quote_asset,
            cadence_ms=self._frame_ms,
            stale_after_ms=max(STALE_MS, 3 * self._frame_ms),
            source_ms=self._now(wall),
            wall_ms=wall,
            speed=self._settings.speed,
            label="replay",
            why=f"replaying {self._path.name}",
        )

    async def rules(self) -> Sequence[SymbolRules]:
        """Returns the rules of the recorded symbols in the most frequent quote asset."""
        return self._rules

    def resume(self, time: int) -> None:
        """See `MarketSource.resume`: the clock continues from `time`. A recording that was at its end begins again."""
        if self._start < time < self._last:
            self._start, self._opened = time, self._clock()

    async def frames(self) -> AsyncIterator[Frame]:
        """Yields frames until the recording ends. The first one has the candles that closed before the start."""
        while True:
            now = self._now(self._clock())
            await self._play_to(now)
            frame = self._market.frame(now, self._start)
            if not frame.empty:
                yield frame
            if self._market.over:
                return
            await asyncio.sleep(self._frame_ms / 1000 / self._settings.speed)

    async def candles(self, symbol: Symbol, interval: Interval, start: int, end: int) -> list[Candle]:
        """Returns the candles played so far with start <= open_time < end, at most 1000."""
        minutes = [c for c in self._market.closed.get(symbol, ()) if start <= c.open_time < end]
        return aggregate(minutes, interval, self._now(self._clock()))[:_MAX_CANDLES]

    async def order_book(self, symbol: Symbol, after: int = 0) -> OrderBook | None:  # noqa: ARG002
        """Returns the current recorded book, or None if the recording has no snapshot of it."""
        now = self._now(self._clock())
        await self._play_to(now)
        return self._market.order_book(symbol)

    @property
    def _frame_ms(self) -> int:
        return max(FRAME_MS, int(_REAL_FRAME_MS * self._settings.speed))

    def _now(self, wall: int) -> int:
        return self._start + int((wall - self._opened) * self._settings.speed)

    def _asked_start(self, first: int, last: int) -> int:
        text = self._settings.start
        if not text:
            return first
        try:
            asked = datetime.fromisoformat(text)
        except ValueError:
            raise BadReplayStart(text, _iso(first), _iso(last)) from None
        start = int((asked if asked.tzinfo else asked.replace(tzinfo=UTC)).timestamp() * 1000)
        if not first <= start <= last:
            raise BadReplayStart(text, _iso(first), _iso(last))
        return start

    async def _play_to(self, now: int) -> None:
        while self._market.play_to(now, _MAX_EVENTS_AT_ONCE):  # noqa: ASYNC110 others run between slices
            await asyncio.sleep(0)


class _Market:
    """Recorded market up to the current time of the replay."""

    def __init__(self, recording: Recording) -> None:
        self.closed: dict[Symbol, list[Candle]] = defaultdict(list)
        self._ahead = deque(recording.events)
        self._builder = CandleBuilder(since=recording.events[0].time)
        self._books: dict[Symbol, LocalBook] = {}
        self._tops: dict[Symbol, BookTop] = {}
        self._prices: dict[Symbol, str] = {}
        self._new: list[Candle] = []
        self._tape = TradeTape()
        self._tape.follow([rule.symbol for rule in recording.rules])
        self._traded = {timed.event.symbol for timed in recording.events if isinstance(timed.event, Trade)}
        self._heard = self._told = 0

    @property
    def over(self) -> bool:
        """True if no line is left."""
        return not self._ahead

    def play_to(self, now: int, limit: int) -> bool:
        """Applies at most `limit` events up to `now`. Returns True if more are due."""
        for _ in range(limit):
            if not self._ahead or self._ahead[0].time > now:
                if self._ahead:
                    self._close(self._builder.close(now - _LATE_TRADES_MS))
                return False
            self._take(self._ahead.popleft())
        return True

    def frame(self, now: int, since: int) -> Frame:
        """Returns a frame with every price, confirmed at the last line if there was one since the last frame, the new
        candles, and the new trades later than `since`.
        """
        symbols = sorted(self._prices.keys() | self._tops.keys()) if self._heard > self._told else []
        self._told = self._heard
        ticks = (self._tick(symbol) for symbol in symbols)
        candles, self._new = tuple(self._new), []
        trades = tuple(trade for trade in self._tape.drain(_MAX_TRADES) if trade.time > since)
        return Frame(now, tuple(tick for tick in ticks if tick is not None), candles, trades)

    def order_book(self, symbol: Symbol) -> OrderBook | None:
        book = self._books.get(symbol)
        return None if book is None else book.order_book(self._heard)

    def _tick(self, symbol: Symbol) -> Tick | None:
        top = self._tops.get(symbol)
        price = self._prices.get(symbol) or _middle(top)
        if not price:
            return None
        if top is None:
            return Tick(symbol, self._heard, price)
        return Tick(symbol, self._heard, price, top.bid, top.bid_size, top.ask, top.ask_size)

    def _take(self, timed: TimedEvent) -> None:
        self._heard = timed.time
        match timed.event:
            case BookTop() as top:
                self._tops[top.symbol] = top
            case Trade() as trade:
                self._prices[trade.symbol] = trade.price
                self._tape.take(trade)
                candle = self._builder.add(trade)
                self._close([candle] if candle else [])
            case MiniTicker() as mini:
                self._prices[mini.symbol] = mini.price
            case Candle() as candle:
                if self._close([candle]) and candle.symbol not in self._traded:
                    self._take_path(candle)
            case DepthSnapshot() as snapshot:
                self._book(snapshot.symbol).take_snapshot(snapshot)
            case DepthDiff() as diff:
                self._book(diff.symbol).take_diff(diff)

    def _book(self, symbol: Symbol) -> LocalBook:
        return self._books.setdefault(symbol, LocalBook(symbol))

    def _take_path(self, candle: Candle) -> None:
        """Takes the trades along a candle, without their way: the recording has quotes for what they trigger."""
        prices = (candle.open, candle.high, candle.low, candle.close)
        for trade in path_trades(candle.symbol, candle.open_time, MINUTE_MS, prices, candle.volume):
            self._tape.take(replace(trade, path_from=""))

    def _close(self, candles: list[Candle]) -> bool:
        """Keeps the candles that are new. Returns whether there was one."""
        count = len(self._new)
        for candle in candles:
            known = self.closed[candle.symbol]
            if not known or candle.open_time > known[-1].open_time:
                known.append(candle)
                self._new.append(candle)
        return len(self._new) > count


def _middle(top: BookTop | None) -> str:
    if top is None or not top.bid or not top.ask:
        return ""
    return format(EXACT.divide(EXACT.add(Decimal(top.bid), Decimal(top.ask)), Decimal(2)), "f")


def _iso(time: int) -> str:
    return datetime.fromtimestamp(time / 1000, UTC).isoformat(timespec="seconds")


def _report_of(recording: Recording) -> RecordingReport:
    malformed = recording.dropped.total() - recording.dropped["unknown event"]
    return RecordingReport(recording.quote_asset, len(recording.rules), recording.left_out, malformed=malformed)


def _load(path: Path, quote_asset: str) -> Recording:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            recording = read_lines(_lines(path, file), quote_asset)
    except FileNotFoundError:
        raise BadRecording(str(path), "missing") from None
    except EOFError:
        raise BadRecording(str(path), "truncated") from None
    except (OSError, zlib.error) as error:
        raise BadRecording(str(path), "unreadable") from error
    if not recording.rules and recording.left_out:
        raise BadRecording(str(path), "quote", ", ".join(recording.left_out[:MAX_EXAMPLES]))
    if not recording.events:
        raise BadRecording(str(path), "empty")
    return recording


def _lines(path: Path, file: io.BufferedIOBase) -> Iterator[bytes]:
    """Yields the lines that are not empty. Raises BadRecording for more than a recording may have."""
    left = MAX_BYTES
    for _ in range(MAX_LINES):
        line = file.readline(_LONGEST_LINE + 1)
        left -= len(line)
        if not line:
            return
        if left < 0 or len(line) > _LONGEST_LINE:
            break
        if text := line.rstrip():
            yield text
    raise BadRecording(str(path), "too-big")
