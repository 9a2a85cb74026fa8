"""Worker that reads the bus as a consumer group of its own and trades for robots on each closed candle.

The owner of a symbol's partition acts for its robots. Two owners at once do no harm: a candle is claimed in the
database, and an order of a robot is accepted only while it is the robot's next step.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal

from core.errors import DatabaseUnavailable, DeskError
from pipeline.bus import Batch, Bus, Consumer, partition_of
from pipeline.errors import MarketUnavailable, UnknownSymbol
from pipeline.flow import FutureFrames, wait_longer
from pipeline.market import Interval, Symbol
from pipeline.ports import MarketReader
from trading.alerts.condition_figures import read_candles
from trading.errors import AccountReassigned, NoAccount
from trading.orders.types import Side
from trading.strategies.decisions import StrategyState, decide
from trading.strategies.robot_book import ReadRule, RobotBook
from trading.strategies.robot_ends import RobotEnds
from trading.strategies.robot_trader import RobotTrader, late_after
from trading.strategies.robots import Advance, Leg, Robot, RobotState, RobotStore
from trading.strategies.rule_feeds import ClosedCandle, FollowedRule, RuleFeed, run
from trading.workers.matching_worker import GROUP as MATCHING_GROUP

GROUP = "robots"
AT_ONCE = 5
"""Robots that trade at once: half of the connections of a desk."""

MATCHED_SECONDS = 3.0
"""Longest wait for the matching of a closed candle's trades, which may have sold the position of a robot."""

STEPS = 8
"""Most steps of a robot in one go."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RobotTiming:
    """Seconds between two looks for changed robots, between two writes of what was seen, between two attempts at the
    same order, and between two looks at all robots.
    """

    poll_seconds: float = 0.25
    write_seconds: float = 1.0
    retry_seconds: float = 1.0
    whole_seconds: float = 15.0


class RobotWorker:
    """Trades for the robots of the running market, and is the listener of its own group."""

    def __init__(
        self,
        bus: Bus,
        store: RobotStore,
        trader: RobotTrader,
        market: MarketReader,
        read_rule: ReadRule,
        *,
        on_told: Callable[[], None],
        timing: RobotTiming = RobotTiming(),
    ) -> None:
        """Calls `on_told` when notifications may have entered the outbox."""
        self._bus = bus
        self._store = store
        self._trader = trader
        self._market = market
        self._on_told = on_told
        self._timing = timing
        self._book = RobotBook(read_rule)
        self._ends = RobotEnds(store, self._book, market, self._owns)
        self._cursor = ""
        self._anew = True
        self._mine: frozenset[int] = frozenset()
        self._committed: Mapping[int, int] = {}
        self._busy: set[int] = set()
        self._tried: dict[int, float] = {}
        self._reading = asyncio.Lock()
        self._turns = asyncio.Semaphore(AT_ONCE)

    @property
    def idle(self) -> bool:
        """True while no robot trades or waits to be told about."""
        return not self._busy

    async def run(self) -> None:
        """Trades until cancelled. Raises MarketUnavailable before the market has published itself."""
        self._market.info()
        await self._load()
        async with self._bus.consumer(GROUP, listener=self) as consumer, asyncio.TaskGroup() as group:
            group.create_task(self._take(consumer, group))
            group.create_task(self._keep_up(group))
            group.create_task(self._fill(group))
            group.create_task(self._ends.watch_delistings())

    # -- partitions ------------------------------------------------------------------------------

    async def revoked(self, partitions: frozenset[int]) -> None:  # noqa: ARG002 - all are assigned again
        """Leaves the robots to their next owner."""
        self._mine = frozenset()

    async def assigned(self, partitions: frozenset[int]) -> Mapping[int, int]:
        """Takes over the robots of these partitions, whose last candles another worker has written."""
        self._mine = partitions
        self._anew = True
        return {}

    def _owns(self, symbol: Symbol) -> bool:
        return partition_of(symbol, self._bus.partitions) in self._mine

    # -- reading ---------------------------------------------------------------------------------

    async def _load(self) -> None:
        attempt = 0
        while True:
            with suppress(DatabaseUnavailable):
                return await self._refresh()
            log.warning("robots wait: PostgreSQL does not answer")
            await wait_longer(attempt)
            attempt += 1

    async def _refresh(self) -> None:
        """Reads the robots that changed, or all of them: those of users who left are in no change."""
        async with self._reading:
            anew, self._anew = self._anew, False
            try:
                changes = await self._store.changes(self._market.info().market, "" if anew else self._cursor)
            except BaseException:
                self._anew |= anew
                raise
            self._cursor = changes.cursor
            if anew:
                self._book.replace(changes.robots)
                self._tried = {each: at for each, at in self._tried.items() if self._book.get(each) is not None}
            else:
                self._book.update(changes.robots)
            self._book.pass_over(changes.unreadable)

    async def _take(self, consumer: Consumer, group: asyncio.TaskGroup) -> None:
        future = FutureFrames(GROUP)
        while True:
            batch = await consumer.batch()
            latest = self._market.now() + self._market.info().stale_after_ms
            for record in await future.admit(consumer, batch.records, latest):
                if record is None:
                    continue
                closed = [each for minute in record.frame.candles for each in self._book.take(minute)]
                self._decide(closed, group, (record.partition, record.offset))
            await self._commit(consumer, batch)

    async def _commit(self, consumer: Consumer, batch: Batch) -> None:
        """Commits at once: a candle that this process does not act on any more is one that it missed."""
        if await consumer.commit(batch):
            self._committed = batch.offsets

    async def _fill(self, group: asyncio.TaskGroup) -> None:
        """Reads older candles for the rules that need them, the cheapest first, and acts on the last one if it is not
        too old.
        """
        while True:
            tried: set[tuple[Symbol, Interval, frozenset[str]]] = set()
            while (found := self._cheapest(tried)) is not None:
                try:
                    self._decide(await self._filled(*found), group)
                except DeskError:
                    continue
                except Exception:  # an error that candles of one symbol raise must not end the robots of all
                    log.exception("the %s candles of %s cannot be read", found[0].interval, found[0].symbol)
            await asyncio.sleep(self._timing.poll_seconds)

    def _cheapest(
        self, tried: set[tuple[Symbol, Interval, frozenset[str]]]
    ) -> tuple[RuleFeed, dict[str, FollowedRule]] | None:
        """Returns the rules of a feed that take the least work of those that were not tried, and notes them."""
        turns = [(feed, feed.turn()) for feed in self._book.cold() if self._owns(feed.symbol)]
        keys = [(feed.symbol, feed.interval, frozenset(rules)) for feed, rules in turns]
        left = [place for place, key in enumerate(keys) if key not in tried]
        if not left:
            return None
        place = min(left, key=lambda at: sum(rule.seconds for rule in turns[at][1].values()))
        tried.add(keys[place])
        return turns[place]

    async def _filled(self, feed: RuleFeed, rules: Mapping[str, FollowedRule]) -> list[ClosedCandle]:
        count = max((each.candles for each in rules.values()), default=1)
        read = await read_candles(self._market, feed.symbol, feed.interval, count)
        streams = await asyncio.to_thread(run, rules, read[0])
        return feed.fill(rules, read, streams, self._market.now())

    # -- deciding --------------------------------------------------------------------------------

    def _decide(
        self, closed: list[ClosedCandle], group: asyncio.TaskGroup, position: tuple[int, int] | None = None
    ) -> None:
        """Lets the robots of candles that closed act; `position` is that of the candle's frame on the bus."""
        info, now = self._market.info(), self._market.now()
        for each in closed:
            fresh = now - each.end <= late_after(each.interval, info)
            acting = self._book.see(each, fresh=fresh)
            if acting:
                self._busy.update(robot.robot_id for robot in acting)
                group.create_task(self._act(each, acting, position))

    async def _act(self, closed: ClosedCandle, acting: list[Robot], position: tuple[int, int] | None) -> None:
        try:
            if position is not None and any(robot.protecting for robot in acting):
                await self._matched(*position)
            await self._write_seen()
            await self._refresh()
            ids = [robot.robot_id for robot in acting]
            await asyncio.gather(*(self._alone(each, self._trade(each, closed)) for each in ids))
        except (DatabaseUnavailable, MarketUnavailable) as error:
            log.warning("%d robots do not act on a candle of %s: %s", len(acting), closed.symbol, error.code())
        finally:
            self._busy.difference_update(robot.robot_id for robot in acting)

    async def _trade(self, robot_id: int, closed: ClosedCandle) -> None:
        robot = self._book.get(robot_id)
        if robot is None or robot.state is not RobotState.RUNNING or robot.step is not None:
            return
        rule, (entry, exit_) = self._book.rule_of(robot), closed.signals[robot.rule]
        close = Decimal(repr(closed.candle.close))
        state = StrategyState(robot.quantity, robot.entry_price, robot.equity(close), robot.cash)
        with suppress(UnknownSymbol):
            rules = self._market.rules(robot.symbol)
            wanted = decide(rule, state, close, rules, entry=entry, exit_=exit_)
            if wanted is None:
                self._book.passed(robot, closed)
                return
            leg = Leg.BUY if wanted.side is Side.BUY else Leg.SELL
            step = robot.decided(closed.candle.open_time, leg, wanted.size)
            if await self._store.claim(robot, closed.candle.open_time, step):
                await self._carry_on(robot_id)

    async def _carry_on(self, robot_id: int) -> None:
        """Does what is to be done for a robot until it has to wait."""
        async with self._turns:
            for _ in range(STEPS):
                await self._refresh()
                robot = self._book.get(robot_id)
                if robot is None or not await self._trader.carry_on(robot, self._book.rule_of(robot)):
                    return
                self._on_told()

    async def _alone(self, robot_id: int, work: Awaitable[None]) -> None:
        """Awaits work for one robot. A defect that shows in it, or a user who leaves, stops no other robot."""
        try:
            await work
        except (NoAccount, AccountReassigned):
            self._book.forget(robot_id)
        except DeskError as error:
            log.warning("robot %d waits: %s", robot_id, error.code())
        except Exception:
            log.exception("robot %d cannot go on", robot_id)

    async def _matched(self, partition: int, offset: int) -> None:
        """Waits until the matching of orders has dealt with a frame: then it is known which orders it has filled."""
        with suppress(TimeoutError, MarketUnavailable):
            async with asyncio.timeout(MATCHED_SECONDS):
                while True:
                    unread = (await self._bus.lag(GROUP)).get(partition, 0)
                    unmatched = (await self._bus.lag(MATCHING_GROUP)).get(partition, 0)
                    if self._committed.get(partition, 0) + unread - unmatched > offset:
                        return
                    await asyncio.sleep(self._timing.poll_seconds / 10)

    # -- keeping up ------------------------------------------------------------------------------

    async def _keep_up(self, group: asyncio.TaskGroup) -> None:
        loop = asyncio.get_running_loop()
        written_at = whole_at = loop.time()
        while True:
            await asyncio.sleep(self._timing.poll_seconds)
            if loop.time() - whole_at >= self._timing.whole_seconds:
                whole_at, self._anew = loop.time(), True
            try:
                await self._refresh()
                await self._ends.give_up()
                if loop.time() - written_at >= self._timing.write_seconds:
                    written_at = loop.time()
                    await self._write_seen()
                if await self._store.tell(self._market.info().market):
                    self._on_told()
            except DatabaseUnavailable:
                log.warning("robots wait: PostgreSQL does not answer")
                continue
            now = loop.time()
            for robot in self._book.waiting(self._trader.has_work):
                due = now - self._tried.get(robot.robot_id, -self._timing.retry_seconds) >= self._timing.retry_seconds
                if due and robot.robot_id not in self._busy and self._owns(robot.symbol):
                    self._tried[robot.robot_id] = now
                    group.create_task(self._mind(robot.robot_id))

    async def _mind(self, robot_id: int) -> None:
        async with self._kept_busy(robot_id):
            await self._alone(robot_id, self._carry_on(robot_id))

    @asynccontextmanager
    async def _kept_busy(self, robot_id: int) -> AsyncIterator[None]:
        self._busy.add(robot_id)
        try:
            yield
        finally:
            self._busy.discard(robot_id)

    async def _write_seen(self) -> None:
        if seen := self._book.take_seen():
            await self._write(seen)

    async def _write(self, seen: list[Advance]) -> None:
        try:
            locked = await self._store.advance(seen)
        except DatabaseUnavailable:
            self._book.put_back(seen)
            raise
        except Exception:
            if len(seen) == 1:
                log.exception("what robot %d has seen cannot be written", seen[0].robot_id)
                return
            try:
                while seen:
                    await self._write([seen.pop()])
            finally:
                self._book.put_back(seen)
            return
        self._book.put_back([each for each in seen if each.robot_id in locked])
