"""Permanent websocket connection to Binance's streams. It reconnects, is renewed, and detects silence."""

import asyncio
import itertools
import json
import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from core.clock import Clock
from pipeline.binance.backoff import Backoff
from pipeline.binance.connect_limit import ConnectLimit
from pipeline.binance.events import Event, MiniTicker, ServerShutdown, StreamReply
from pipeline.binance.stream_parse import parse_frame
from pipeline.binance.websocket import connected

log = logging.getLogger(__name__)

ALL_MINI_TICKERS = "!miniTicker@arr"
MAX_STREAMS = 1024
"""Maximum number of streams that Binance allows on one connection."""

_BATCH = 50
_OPEN_SECONDS = 30.0
_STEADY_SECONDS = 60.0
_HANDOVER_SECONDS = 3.0
"""Longest wait of a successor for the pulse that proves that no event was missed by its predecessor."""


class StreamRefused(Exception):
    """Binance did not grant a subscription."""


@dataclass(frozen=True, slots=True)
class StreamPace:
    """Timing of a stream, in seconds. `subscribe_gap` limits subscriptions to 3 of the 5 messages a second that Binance
    allows, because the client's pongs count as well.
    """

    stall_seconds: float
    lifetime_seconds: float = 23 * 3600.0
    subscribe_gap: float = 0.34
    backoff: Backoff = field(default_factory=Backoff)


@dataclass(eq=False)
class _Session:
    """One connection, to `streams` as they were at a `version` of the changes. `heard` is the time of its newest pulse
    on Binance's clock, `heard_at` that time on the event loop's clock.
    """

    streams: Sequence[str]
    version: int = 0
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    ready_time: int = 0
    ready_moment: int = 0
    heard: int = 0
    heard_at: float = float("-inf")
    pulsed: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[float] = field(init=False)


class MarketStream:
    """Stream that delivers the events of `streams()` (evaluated for every connection) to `deliver(event, moment)`.

    Every connection has the stream `!miniTicker@arr` as its pulse. Binance sends it every second, so a quiet market is
    not mistaken for a silent connection, and other events do not hide a silence of the pulse. Age is measured by the
    time of the data: events that arrive late do not make a stream fresh. A connection is live once every subscription
    is granted. One connection is current at a time, and `on_live` is called whenever another one becomes current. A
    successor takes over without a break if the old connection has sent a pulse after the new one was live: no event was
    lost between them. `now` is Binance's clock and `steady` that of moments, both in ms.
    """

    def __init__(
        self,
        url: str,
        streams: Callable[[], Sequence[str]],
        deliver: Callable[[Event, int], None],
        now: Clock,
        *,
        steady: Clock,
        rng: random.Random,
        pace: StreamPace,
        gate: ConnectLimit,
        on_live: Callable[[], None] = lambda: None,
    ) -> None:
        self.dropped: Counter[str] = Counter()
        self.lead_ms = 0
        self.opened = 0
        self._covered: dict[str, int] = {}
        self._current: _Session | None = None
        self._url = url.rstrip("/")
        self._streams = streams
        self._deliver = deliver
        self._now = now
        self._steady = steady
        self._rng = rng
        self._pace = pace
        self._gate = gate
        self._on_live = on_live
        self._renewal = asyncio.Event()
        self._changed = asyncio.Event()
        self._version = 0

    @property
    def heard(self) -> int:
        """Time (UTC ms) of the current connection's newest pulse; 0 if there is none."""
        return self._current.heard if self._current else 0

    @property
    def quiet_seconds(self) -> float:
        """Age in seconds of the current connection's newest pulse; infinite if there is none."""
        return asyncio.get_running_loop().time() - self._current.heard_at if self._current else float("inf")

    @property
    def covered(self) -> Mapping[str, int]:
        """Streams, each with the moment since when none of its events can have been missed."""
        return self._covered

    def renew(self) -> None:
        """Replaces the connection by a new one; the old one ends when the new one is live."""
        self._renewal.set()

    def change(self) -> None:
        """Makes the connection follow `streams()` as it is now: subscribes and unsubscribes at the pace of the
        subscriptions. Streams that are added so are not `covered` before the next connection.
        """
        self._version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Runs until cancelled. Network errors are logged and never raised."""
        failures = 0
        session = self._start()
        try:
            while True:
                await self._ended_or_due(session)
                if not session.task.done():
                    session = await self._succeed(session)
                    continue
                failures = 1 if session.task.result() > _STEADY_SECONDS else failures + 1
                await asyncio.sleep(self._pace.backoff.wait(failures, self._rng))
                session = self._start()
        finally:
            await _end(session)

    def _start(self) -> _Session:
        session = _Session(self._names(), self._version)
        session.task = asyncio.create_task(self._guarded(session))
        return session

    def _names(self) -> list[str]:
        return [ALL_MINI_TICKERS, *self._streams()][:MAX_STREAMS]

    async def _ended_or_due(self, session: _Session) -> None:
        due = asyncio.create_task(self._renewal.wait())
        lifetime = self._pace.lifetime_seconds * self._rng.uniform(0.95, 1.0)
        try:
            await asyncio.wait({session.task, due}, timeout=lifetime, return_when=asyncio.FIRST_COMPLETED)
        finally:
            due.cancel()

    async def _succeed(self, old: _Session) -> _Session:
        """Opens the successor while the old session continues.

        Returns the successor, or the old session if it failed.
        """
        self._renewal.clear()
        new = self._start()
        try:
            ready = asyncio.create_task(new.ready.wait())
            await asyncio.wait({new.task, ready}, timeout=_OPEN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            ready.cancel()
        except asyncio.CancelledError:
            await _end(new)
            raise
        if new.ready.is_set():
            try:
                unbroken = await _outlived(old, new)
            except asyncio.CancelledError:
                await _end(new)
                raise
            self._begin(new, self._covered if unbroken else {})
            await _end(old)
            return new
        await _end(new)
        self._renewal.set()
        await asyncio.sleep(self._pace.backoff.wait(1, self._rng))
        return old

    async def _guarded(self, session: _Session) -> float:
        """Runs one session. Returns its duration in seconds without the wait for the connection limit, 0 if it never
        was live.
        """
        loop = asyncio.get_running_loop()
        await self._gate.acquire()
        opened = loop.time()
        try:
            await self._session(session)
        except (OSError, TimeoutError, WebSocketException, StreamRefused) as error:
            log.warning("Binance stream ended: %s", type(error).__name__)
        finally:
            if self._current is session:
                self._current = None
        return loop.time() - opened if session.ready.is_set() else 0.0

    async def _session(self, session: _Session) -> None:
        streams = session.streams
        batches = [streams[start : start + _BATCH] for start in range(1, len(streams), _BATCH)]
        async with connected(f"{self._url}/stream?streams={quote(streams[0], safe='@!')}") as socket:
            self.opened += 1
            asking = asyncio.create_task(self._subscribe(socket, session, batches))
            try:
                await self._read(socket, set(range(1, len(batches) + 1)), session)
            finally:
                asking.cancel()
                await asyncio.wait({asking})

    async def _subscribe(self, socket: ClientConnection, session: _Session, batches: Sequence[Sequence[str]]) -> None:
        """Subscribes to the streams, then to their changes. Returns if the socket breaks, which the reading task
        detects as well.
        """
        requests = [("SUBSCRIBE", batch) for batch in batches]
        for number in itertools.count(1):
            while not requests:
                if session.version == self._version:
                    await self._changed.wait()
                requests += self._changes(session)
            method, batch = requests.pop(0)
            try:
                request = {"method": method, "params": batch, "id": number}
                await socket.send(json.dumps(request, ensure_ascii=False))
            except WebSocketException:
                return
            await asyncio.sleep(self._pace.subscribe_gap)

    def _changes(self, session: _Session) -> Iterator[tuple[str, Sequence[str]]]:
        """Yields the requests that bring the session to the streams of now; unsubscribes first."""
        before, now = session.streams, self._names()
        session.streams, session.version = now, self._version
        gone, new = [name for name in before if name not in now], [name for name in now if name not in before]
        for name in gone:
            self._covered.pop(name, None)
        for method, names in (("UNSUBSCRIBE", gone), ("SUBSCRIBE", new)):
            yield from ((method, names[start : start + _BATCH]) for start in range(0, len(names), _BATCH))

    async def _read(self, socket: ClientConnection, waiting: set[int | str | None], session: _Session) -> None:
        loop, stall = asyncio.get_running_loop(), self._pace.stall_seconds
        async with asyncio.timeout(stall) as silence:
            while True:
                frame = await socket.recv(decode=False)
                now = self._now()
                data = [event for event in parse_frame(frame, now, self.dropped) if self._is_data(event, waiting)]
                if not waiting and not session.ready.is_set():
                    self._become_ready(session, now)
                moment = self._steady()
                for event in data:
                    self._deliver(event, moment)
                if data and isinstance(data[0], MiniTicker):
                    late = self._note_pulse(session, data, now)
                    silence.reschedule(loop.time() + stall - late)

    def _become_ready(self, session: _Session, now: int) -> None:
        session.ready_time, session.ready_moment = now, self._steady()
        session.ready.set()
        if self._current is None:
            self._begin(session, {})

    def _begin(self, session: _Session, unbroken: Mapping[str, int]) -> None:
        """Makes this connection the current one. Streams that its predecessor covered without a break stay covered."""
        self._current = session
        self._covered = {name: unbroken.get(name, session.ready_moment) for name in session.streams}
        self._on_live()

    def _note_pulse(self, session: _Session, tickers: Sequence[Event], now: int) -> float:
        """Records the time of the newest ticker, and returns its delay in seconds."""
        time = max(ticker.time for ticker in tickers if isinstance(ticker, MiniTicker))
        late = max(0, now - time) / 1000
        self.lead_ms = time - now
        session.heard = max(session.heard, min(now, time))
        session.heard_at = max(session.heard_at, asyncio.get_running_loop().time() - late)
        session.pulsed.set()
        return late

    def _is_data(self, event: Event, waiting: set[int | str | None]) -> bool:
        """Handles events about the connection itself. Returns whether the event is data. Raises StreamRefused."""
        match event:
            case StreamReply(id=number, error=""):
                waiting.discard(number)
                return False
            case StreamReply(error=error):
                raise StreamRefused(error)
            case ServerShutdown():
                self.renew()
                return False
            case _:
                return True


async def _outlived(old: _Session, new: _Session) -> bool:
    """Returns whether the old connection sends a pulse of a time after the new one was live.

    Waits at most _HANDOVER_SECONDS.
    """
    try:
        async with asyncio.timeout(_HANDOVER_SECONDS):
            while old.heard <= new.ready_time and not old.task.done():
                old.pulsed.clear()
                pulse = asyncio.create_task(old.pulsed.wait())
                await asyncio.wait({pulse, old.task}, return_when=asyncio.FIRST_COMPLETED)
                pulse.cancel()
    except TimeoutError:
        return False
    return old.heard > new.ready_time


async def _end(session: _Session) -> None:
    session.task.cancel()
    await asyncio.wait({session.task})
