"""Worker that reads the bus as a consumer group of its own and matches the market with the open orders.

Reading and writing are two tasks, so that frames are read while PostgreSQL is unavailable. On a durable log, the next
offset of each partition is stored in the transaction of the effects, and reading starts there: every frame counts
exactly once, and of two workers that believe to own a partition only one can write.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TypeVar

from core.clock import Clock
from core.errors import DatabaseUnavailable
from pipeline.bus import Batch, Bus, Consumer
from pipeline.errors import MarketUnavailable
from pipeline.flow import FutureFrames, wait_longer
from pipeline.market import Symbol
from pipeline.ports import MarketReader
from trading.errors import TradingHalted
from trading.ledger.order_ports import OrderStore, StreamPosition
from trading.ledger.ports import LedgerCommand, body_of
from trading.orders.bookings import BookedEffect
from trading.orders.effects import Expired
from trading.orders.open_orders import EndReason
from trading.workers.matched_orders import MatchedOrders
from trading.workers.unwritten import Unwritten, Write

GROUP = "order-matching"
POLL_SECONDS = 0.25
WRITE_SECONDS = 1.0
"""Time between two writes of positions and states alone. Effects are written at once."""
FOLLOW_SECONDS = 15.0
"""Time between two calls that make the source follow the trades of the same symbols."""
EFFECTS_A_CALL = 200
MAX_UNWRITTEN = 10_000
"""Number of unwritten effects at which the worker stops reading."""

T = TypeVar("T")
log = logging.getLogger(__name__)


class PositionMoved(Exception):
    """Another worker has written for a partition of this one."""


class Superseded(Exception):
    """The partitions were assigned again while a call was waiting."""


class TooMuchWaits(Exception):
    """Too many effects wait for the database, on a bus that waits for its readers."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds between two looks for changed orders, and between two writes of positions and states alone."""

    poll_seconds: float = POLL_SECONDS
    write_seconds: float = WRITE_SECONDS


class MatchingWorker:
    """Fills, triggers and expires the open orders of the running market, and is the listener of its own group."""

    def __init__(
        self,
        bus: Bus,
        store: OrderStore,
        market: MarketReader,
        clock: Clock,
        name: str,
        *,
        on_notified: Callable[[], None],
        follow: Callable[[frozenset[Symbol]], Awaitable[None]] | None = None,
        timing: Timing = Timing(),
    ) -> None:
        """`name` begins the command ids: no other worker, also of another process, may ever have the same. Calls
        `on_notified` when notifications entered the outbox. `follow` makes the source deliver the trades of symbols
        for at least a minute, and may raise MarketUnavailable. `clock` is the wall clock.
        """
        self._bus = bus
        self._store = store
        self._market = market
        self._clock = clock
        self._name = name
        self._on_notified = on_notified
        self._follow = follow
        self._timing = timing
        self._numbers = count(1)
        self._orders = MatchedOrders(bus.partitions, market.rules, market.info().source)
        self._unwritten = Unwritten(EFFECTS_A_CALL, self._orders.states)
        self._share = 0
        self._cursor = ""
        self._read: dict[int, int] = {}
        self._stored: dict[int, int] = {}
        self._last: Batch | None = None
        self._work = asyncio.Event()
        self._room = asyncio.Event()
        self.failing = False
        """True while PostgreSQL does not answer."""

    async def run(self) -> None:
        """Matches until cancelled. Raises MarketUnavailable before the market has published itself."""
        market = self._market.info().market
        pause = 0.0
        while True:
            await asyncio.sleep(pause)  # not in `except*`: Python 3.11.2 makes a group of a cancellation there
            await self._answer(lambda: self._store.positions(market, self._bus.log))
            pause = 0.0
            try:
                async with self._bus.consumer(GROUP, listener=self) as consumer, asyncio.TaskGroup() as group:
                    group.create_task(self._take(consumer))
                    group.create_task(self._write(consumer, market))
                    group.create_task(self._keep_following())
            except* PositionMoved:
                log.warning("another worker matched these orders: they are read again")
                pause = self._timing.write_seconds
            except* TooMuchWaits:
                log.warning("matching starts again: too many effects waited for PostgreSQL")

    # -- partitions ------------------------------------------------------------------------------

    async def revoked(self, partitions: frozenset[int]) -> None:  # noqa: ARG002 - all are assigned again
        """Forgets the orders: those of the partitions that remain are read again as well."""
        self._start(())

    async def assigned(self, partitions: frozenset[int]) -> Mapping[int, int]:
        """Reads the open orders of these partitions; returns where their effects are stored up to.

        The offsets of a bus in memory are not stored: it continues after what this worker has read, because it would
        otherwise match frames twice.
        """
        market, where = self._market.info().market, self._bus.log
        stored = await self._answer(lambda: self._store.positions(market, where)) if where else self._read
        changes = await self._answer(lambda: self._store.changes(market, ""))
        self._start(partitions)
        self._cursor = changes.cursor
        self._add(self._orders.load(changes, self._market.now()))
        self._stored = {number: stored[number] for number in partitions if number in stored}
        return dict(self._stored)

    def _start(self, partitions: frozenset[int] | tuple[()]) -> None:
        self._share += 1
        self._orders.own(partitions)
        self._unwritten.clear()
        self._stored.clear()
        self._last = None
        self._room.set()

    # -- reading ---------------------------------------------------------------------------------

    async def _take(self, consumer: Consumer) -> None:
        future = FutureFrames(GROUP)
        while True:
            batch, share = await consumer.batch(), self._share
            now = self._market.now()
            admitted = await future.admit(consumer, batch.records, now + self._market.info().stale_after_ms)
            if share != self._share:  # the partitions were assigned again: the batch is delivered again
                continue
            for record, present in zip(batch.records, admitted, strict=True):
                effects = [] if present is None else self._orders.take(present, now)
                self._add(effects, {record.partition: record.offset + 1})
            self._read |= batch.offsets
            self._last = batch
            if len(self._unwritten) > MAX_UNWRITTEN:
                await self._pause()

    async def _pause(self) -> None:
        """Waits until effects have been written. A bus in memory would keep prices from everyone meanwhile."""
        if not self._bus.log:
            raise TooMuchWaits
        self._room.clear()
        await self._room.wait()

    def _add(self, effects: list[BookedEffect], offsets: Mapping[int, int] | None = None) -> None:
        self._unwritten.add(effects, offsets)
        if effects:
            self._work.set()

    # -- writing ---------------------------------------------------------------------------------

    async def _write(self, consumer: Consumer, market: str) -> None:
        loop = asyncio.get_running_loop()
        written_at = loop.time()
        while True:
            with suppress(TimeoutError):  # `wait_for` of Python 3.11 loses a cancellation that comes with the event
                async with asyncio.timeout(self._timing.poll_seconds):
                    await self._work.wait()
            self._work.clear()
            if not await self._refresh(market):
                continue
            if not len(self._unwritten) and loop.time() - written_at < self._timing.write_seconds:
                continue
            written_at = loop.time()
            done = self._last
            while self._unwritten:
                await self._apply(self._unwritten.pop(), market)
            self._room.set()
            if done is not None:
                await consumer.commit(done)

    async def _refresh(self, market: str) -> bool:
        """Reads what changed. It is read before every write, so that no position passes the news of an order. Returns
        False if PostgreSQL does not answer.
        """
        share = self._share
        try:
            changes = await self._store.changes(market, self._cursor)
        except DatabaseUnavailable:
            log.warning("new orders wait: PostgreSQL does not answer")
            self.failing = True
            return False
        self.failing = False
        if share != self._share:
            return False
        self._cursor = changes.cursor
        now = self._market.now()
        effects = self._orders.load(changes, now)
        if changes.orders or effects:
            self._add(effects)
        self._orders.tidy(now)
        return True

    async def _apply(self, write: Write, market: str) -> None:
        """Writes until PostgreSQL answers. The repetition of a call that took effect gets the first answer."""
        share, command = self._share, self._command()
        position = None
        if self._bus.log and write.offsets:
            before = {number: self._stored[number] for number in write.offsets if number in self._stored}
            position = StreamPosition(self._bus.log, before, write.offsets)
        elif not write.effects and not write.states:
            return
        states = list(write.states.values())
        try:
            applied = await self._answer(
                lambda: self._store.apply(market, write.effects, states, position, command),
                lambda: share == self._share,
            )
        except Superseded:
            return
        if applied.fenced:
            raise PositionMoved
        if position is not None:
            self._stored |= write.offsets
        self._orders.set_aside(applied.stuck)
        for place, used in applied.taken.items():
            self._orders.learn(write.effects[place], used)
        family = self._orders.family(applied.gone | faulty(write.effects))
        self._orders.settle(write.effects)
        if applied.notified:
            self._on_notified()
        if family:
            await self._restore(family, market)

    async def _restore(self, family: frozenset[int], market: str) -> None:
        """Reads orders again of which some had changed or ended before."""
        share = self._share
        try:
            changes = await self._answer(lambda: self._store.changes(market, ""), lambda: share == self._share)
        except Superseded:
            return
        self._orders.settle(self._unwritten.drop(family))
        self._add(self._orders.restore(family, changes.orders, self._market.now()))

    async def _keep_following(self) -> None:
        """Names the symbols with open orders to the source: new ones at once, all again before the source forgets."""
        loop, followed, asked_at = asyncio.get_running_loop(), frozenset[Symbol](), -FOLLOW_SECONDS
        while self._follow is not None:
            symbols, now = self._orders.symbols(), loop.time()
            if symbols and (not symbols <= followed or now - asked_at >= FOLLOW_SECONDS):
                try:
                    await self._follow(symbols)
                    followed, asked_at = symbols, now
                except MarketUnavailable:
                    log.warning("the trades of %d symbols are not asked for: Redis does not answer", len(symbols))
            await asyncio.sleep(self._timing.poll_seconds)

    def _command(self) -> LedgerCommand:
        name = f"match:{self._name}:{next(self._numbers)}"
        at = datetime.fromtimestamp(self._clock() / 1000, UTC)
        return LedgerCommand(name, body_of(name), at, self._market.now())

    async def _answer(self, ask: Callable[[], Awaitable[T]], still: Callable[[], bool] = lambda: True) -> T:
        """Asks until PostgreSQL answers. Raises Superseded once `still` is False."""
        attempt = 0
        while still():
            try:
                answer = await ask()
            except (DatabaseUnavailable, TradingHalted) as error:
                self.failing = True
                log.warning("the matching of orders waits: %r", error)
                await wait_longer(attempt)
                attempt += 1
                continue
            self.failing = False
            if still():
                return answer
        raise Superseded


def faulty(effects: Iterable[BookedEffect]) -> frozenset[int]:
    """Returns the orders that ended because matching them failed; the others of their lists are read again."""
    ended = (each.effect for each in effects)
    return frozenset(each.order_id for each in ended if isinstance(each, Expired) and each.reason is EndReason.FAULT)
