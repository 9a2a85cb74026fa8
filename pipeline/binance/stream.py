"""One websocket connection to Binance's streams that stays up: it reconnects, renews itself and notices silence."""

import asyncio
import json
import logging
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from pipeline.binance.backoff import Backoff
from pipeline.binance.gate import ConnectGate
from pipeline.binance.parse import Event, MiniTicker, Reply, ServerShutdown, parse_frame
from pipeline.clock import Clock

log = logging.getLogger(__name__)

ALL_MINI_TICKERS = "!miniTicker@arr"
MAX_STREAMS = 1024
"""Streams that Binance allows on one connection."""

_BATCH = 50
_MAX_FRAME_BYTES = 4 << 20
_OPEN_SECONDS = 30.0
_STEADY_SECONDS = 60.0
_UNBROKEN_SECONDS = 3.0
"""A connection whose last word is so young has missed nothing when its successor takes over."""


class StreamRefused(Exception):
    """Binance did not grant a subscription."""


@dataclass(frozen=True, slots=True)
class StreamPace:
    """How a stream keeps time, in seconds; `subscribe_gap` keeps to 3 of the 5 messages a second that Binance allows,
    for our pongs count too."""

    stall_seconds: float
    lifetime_seconds: float = 23 * 3600.0
    subscribe_gap: float = 0.34
    backoff: Backoff = field(default_factory=Backoff)


@dataclass(frozen=True, slots=True)
class _Session:
    task: asyncio.Task[float]
    ready: asyncio.Event


class MarketStream:
    """Delivers the events of `streams()` (asked anew for every connection) to `deliver(event, moment)`.

    `!miniTicker@arr` is among the streams of every connection as its pulse: Binance sends it every second, so neither
    a market where little happens nor other events can be mistaken for its silence. It is the data's own time that
    counts: events that arrive late do not make a stream young. A connection is live once every subscription is
    granted; then `on_live` is called.

    `now` is Binance's clock; moments are by the clock `steady`, both in ms.
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
        gate: ConnectGate,
        on_live: Callable[[], None] = lambda: None,
    ) -> None:
        self.dropped: Counter[str] = Counter()
        self.heard = 0
        self.lead_ms = 0
        self.opened = 0
        self._covered: dict[str, int] = {}
        self._heard_at = float("-inf")
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
        self._live = 0

    @property
    def quiet_seconds(self) -> float:
        """Age of the newest pulse of a live connection; infinite when there is none."""
        return asyncio.get_running_loop().time() - self._heard_at if self._live else float("inf")

    @property
    def covered(self) -> Mapping[str, int]:
        """The streams, each with the moment since when nothing of it can have been missed."""
        return self._covered

    def renew(self) -> None:
        """Replaces the connection by a new one; the old one ends when the new one is live."""
        self._renewal.set()

    async def run(self) -> None:
        """Runs until cancelled; network trouble never leaves it."""
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
        ready = asyncio.Event()
        return _Session(asyncio.create_task(self._guarded(ready)), ready)

    async def _ended_or_due(self, session: _Session) -> None:
        due = asyncio.create_task(self._renewal.wait())
        lifetime = self._pace.lifetime_seconds * self._rng.uniform(0.95, 1.0)
        try:
            await asyncio.wait({session.task, due}, timeout=lifetime, return_when=asyncio.FIRST_COMPLETED)
        finally:
            due.cancel()

    async def _succeed(self, old: _Session) -> _Session:
        """Opens the successor while the old session goes on; gives back the one that lives."""
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
            await _end(old)
            return new
        await _end(new)
        self._renewal.set()
        await asyncio.sleep(self._pace.backoff.wait(1, self._rng))
        return old

    async def _guarded(self, ready: asyncio.Event) -> float:
        """One session; returns for how many seconds it was live."""
        loop = asyncio.get_running_loop()
        opened = loop.time()
        try:
            await self._gate.passed()
            await self._session(ready)
        except (OSError, TimeoutError, WebSocketException, StreamRefused) as error:
            log.warning("Binance stream ended: %s", type(error).__name__)
        finally:
            self._live -= ready.is_set()
        return loop.time() - opened if ready.is_set() else 0.0

    async def _session(self, ready: asyncio.Event) -> None:
        streams = [ALL_MINI_TICKERS, *self._streams()][:MAX_STREAMS]
        batches = [streams[start : start + _BATCH] for start in range(1, len(streams), _BATCH)]
        async with connect(
            f"{self._url}/stream?streams={quote(streams[0], safe='@!')}",
            compression=None,
            open_timeout=10,
            close_timeout=1,
            ping_interval=None,
            max_size=_MAX_FRAME_BYTES,
        ) as socket:
            self.opened += 1
            asking = asyncio.create_task(self._subscribe(socket, batches))
            try:
                await self._read(socket, set(range(1, len(batches) + 1)), ready, streams)
            finally:
                asking.cancel()
                await asyncio.wait({asking})

    async def _subscribe(self, socket: ClientConnection, batches: Sequence[Sequence[str]]) -> None:
        """Asks for the streams; a socket that breaks meanwhile is noticed by who reads it."""
        for number, batch in enumerate(batches, start=1):
            request = {"method": "SUBSCRIBE", "params": batch, "id": number}
            try:
                await socket.send(json.dumps(request, ensure_ascii=False))
            except WebSocketException:
                return
            await asyncio.sleep(self._pace.subscribe_gap)

    async def _read(
        self, socket: ClientConnection, waiting: set[int | str | None], ready: asyncio.Event, streams: Sequence[str]
    ) -> None:
        loop, stall = asyncio.get_running_loop(), self._pace.stall_seconds
        async with asyncio.timeout(stall) as silence:
            while True:
                frame = await socket.recv(decode=False)
                now = self._now()
                data = [event for event in parse_frame(frame, now, self.dropped) if self._is_data(event, waiting)]
                if not waiting and not ready.is_set():
                    self._begin(streams)
                    ready.set()
                moment = self._steady()
                for event in data:
                    self._deliver(event, moment)
                if data and isinstance(data[0], MiniTicker):
                    late = self._note_pulse(data, now, live=ready.is_set())
                    silence.reschedule(loop.time() + stall - late)

    def _begin(self, streams: Sequence[str]) -> None:
        """A connection became live: what the one before it covered without a break stays covered."""
        unbroken = self._covered if self.quiet_seconds <= _UNBROKEN_SECONDS else {}
        moment = self._steady()
        self._covered = {name: unbroken.get(name, moment) for name in streams}
        self._live += 1
        self._on_live()

    def _note_pulse(self, tickers: Sequence[Event], now: int, *, live: bool) -> float:
        """Takes the time of the newest ticker; returns by how many seconds it is late."""
        time = max(ticker.time for ticker in tickers if isinstance(ticker, MiniTicker))
        late = max(0, now - time) / 1000
        self.lead_ms = time - now
        if live:
            self.heard = max(self.heard, min(now, time))
            self._heard_at = max(self._heard_at, asyncio.get_running_loop().time() - late)
        return late

    def _is_data(self, event: Event, waiting: set[int | str | None]) -> bool:
        """Deals with what is about the connection itself; raises StreamRefused."""
        match event:
            case Reply(id=number, error=""):
                waiting.discard(number)
                return False
            case Reply(error=error):
                raise StreamRefused(error)
            case ServerShutdown():
                self.renew()
                return False
            case _:
                return True


async def _end(session: _Session) -> None:
    session.task.cancel()
    await asyncio.wait({session.task})
