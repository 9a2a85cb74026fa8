"""Robots of one user on real PostgreSQL: the worker and both desks, over candles that close when the test says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import asyncpg

from core.outbox import NotificationTarget
from pipeline.bus import InProcessBus
from pipeline.market import MINUTE_MS, Candle, Frame, Interval, Symbol, Tick, Trade
from pipeline.replay.path_trades import path_trades, plain_text
from tests.fakes.priced_market import BTC, PricedMarket
from tests.patience import PATIENCE_SECONDS
from tests.support.matching_house import HOME, QUICK, until
from tests.support.push_house import CALM, somebody
from trading.ledger.order_store import PostgresOrderStore
from trading.limits.account_limits import AccountLimits
from trading.limits.limited_desks import LimitedDesk, LimitedRestingDesk
from trading.limits.limited_stores import LimitedLedger, LimitedOrderStore
from trading.matching.liquidity import Liquidity
from trading.ports import Account
from trading.settings import TradingSettings
from trading.strategies.postgres import PostgresRobots
from trading.strategies.read_rules import read_rule
from trading.strategies.robot_trader import RobotTrader
from trading.strategies.robot_worker import GROUP, RobotTiming, RobotWorker
from trading.strategies.robots import NewRobot, Robot, RobotState, RobotStore, RobotTrade
from trading.workers.matching_worker import GROUP as MATCHING
from trading.workers.matching_worker import MatchingWorker

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal
MARKET = "simulator"
IN_AND_OUT = "when close > 105 buy 50% when close < 95 sell max"
GUARDED = "when close > 105 buy 50% when close < 90 sell max stop 5% tp 10%"
PATIENT = RobotTiming(poll_seconds=0.02, write_seconds=0.05, retry_seconds=0.05, whole_seconds=0.2)


class RobotHouse:
    """The wall clock is the market's. A candle closes with a quote at its close."""

    def __init__(self, pool: "Pool") -> None:
        self.pool = pool
        self.market = PricedMarket()
        self.bus = InProcessBus(market=MARKET)
        self.bus.log = "kafka:cluster:robots"
        self.store = PostgresRobots(pool)
        self.told = 0
        self.account: Account
        used, settings = Liquidity(), TradingSettings()
        self.limits = AccountLimits.of(pool, self.market, self.clock, settings, CALM)
        ledger, orders = LimitedLedger(pool, self.limits), LimitedOrderStore(pool, self.limits)
        self.desk = LimitedDesk(self.market, ledger, settings, self.clock, self.limits, used)
        self.resting = LimitedRestingDesk(self.market, orders, ledger, settings, self.clock, used, self.limits)
        self.say("100")
        self._names = 0

    def clock(self) -> int:
        return self.market.time

    async def open(self) -> Account:
        person = await somebody(self.pool)
        await self.pool.execute(
            "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, $2, $3, false)",
            person,
            HOME.platform,
            HOME.chat_id,
        )
        self.account = await self.desk.open(person, "start")
        return self.account

    # -- the worker ------------------------------------------------------------------------------

    def worker(self, store: RobotStore | None = None, desk: Any = None, resting: Any = None) -> RobotWorker:
        """A worker as after a start; a store or a desk may be one that fails."""
        kept = store or self.store
        trader = RobotTrader(kept, desk or self.desk, resting or self.resting, self.market, _target)  # type: ignore[arg-type]
        return RobotWorker(self.bus, kept, trader, self.market, read_rule, on_told=self._tell, timing=PATIENT)  # type: ignore[arg-type]

    def matching(self) -> MatchingWorker:
        self._names += 1
        store = PostgresOrderStore(self.pool)
        name = f"worker{self._names}"
        return MatchingWorker(self.bus, store, self.market, self.clock, name, on_notified=self._tell, timing=QUICK)  # type: ignore[arg-type]

    def _tell(self) -> None:
        self.told += 1

    @asynccontextmanager
    async def running(self, *workers: RobotWorker | MatchingWorker) -> AsyncIterator[None]:
        """The workers run inside; at the end they are cancelled wherever they are, as by a kill."""
        tasks = [asyncio.create_task(each.run()) for each in workers]
        await until(lambda: any(task.done() for task in tasks) or all(map(self._joined, workers)))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task

    def _joined(self, worker: RobotWorker | MatchingWorker) -> bool:
        group = self.bus._groups.get(GROUP if isinstance(worker, RobotWorker) else MATCHING)
        ready = not isinstance(worker, RobotWorker) or (bool(worker._cursor) and not worker._book.cold())
        return group is not None and bool(group.members) and ready

    async def settled(self, *workers: RobotWorker) -> None:
        """Waits until everything published is read, no robot trades, and what they have seen is written."""
        log = self.bus._logs[0]
        for group in self.bus._groups.values():
            if group.members:
                await until(lambda group=group: group.committed == [log.end])  # type: ignore[misc]
        for worker in workers:
            await until(lambda worker=worker: _rests(worker))  # type: ignore[misc]

    async def matched(self, matching: MatchingWorker) -> None:
        """Waits until the matching knows all open orders."""

        async def known() -> bool:
            rows = await self.pool.fetch("SELECT order_id FROM open_order")
            return {row["order_id"] for row in rows} == set(matching._orders._known)

        await self._until(known)

    # -- robots ----------------------------------------------------------------------------------

    async def robot(self, rule: str = IN_AND_OUT, budget: str = "1000", interval: Interval = Interval.M1) -> Robot:
        """A robot that acts on the next candle that closes."""
        self._names += 1
        now = self.market.time
        new = NewRobot(
            command_id=f"robot-{self._names}",
            account_id=self.account.account_id,
            market=MARKET,
            symbol=BTC,
            interval=interval,
            name="idea",
            rule=read_rule(rule, interval).rule.text,
            budget=D(budget),
            since=now,
            last_candle=now // interval.ms * interval.ms - interval.ms,
            created_at=datetime.fromtimestamp(now / 1000, UTC),
        )
        return await self.store.create(new, self.account.person_id)

    async def now(self, robot: Robot) -> Robot:
        return await self.store.find(self.account.person_id, robot.robot_id)

    async def knows(self, robot: Robot, worker: RobotWorker) -> None:
        """Waits until the worker has read the robot as it is now."""
        version = (await self.now(robot)).version

        def read() -> bool:
            known = worker._book.get(robot.robot_id)
            return known is not None and known.version >= version

        await until(read)

    async def _until(self, is_so: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await is_so():  # noqa: ASYNC110 - nothing rings for what is in the database
                await asyncio.sleep(0.02)

    async def logs(self, robot: Robot, kind: str) -> None:
        """Waits until the robot's log has such an event."""

        async def logged() -> bool:
            return kind in {each for each, _ in await self.log(robot)}

        await self._until(logged)

    async def over(self, *robots: Robot) -> None:
        """Waits until the robots are over."""

        async def ended() -> bool:
            return all([(await self.now(robot)).state.over for robot in robots])

        await self._until(ended)

    async def has(self, robot: Robot, *, trades: int) -> None:
        """Waits until the robot has traded so often."""

        async def traded() -> bool:
            return len(await self.trades(robot)) >= trades

        await self._until(traded)

    async def placed(self, robot: Robot) -> None:
        """Waits until the robot has nothing to place."""

        async def done() -> bool:
            return (await self.now(robot)).step is None

        await self._until(done)

    async def protected(self, robot: Robot) -> None:
        """Waits until orders protect the robot's position."""

        async def guarded() -> bool:
            return bool((await self.now(robot)).protecting)

        await self._until(guarded)

    async def becomes(self, robot: Robot, state: RobotState) -> Robot:
        """Waits until the robot is in a state; returns it."""

        async def there() -> bool:
            return (await self.now(robot)).state is state

        await self._until(there)
        return await self.now(robot)

    async def trades(self, robot: Robot) -> list[RobotTrade]:
        """Trades of the robot, oldest first."""
        return list(reversed(await self.store.trades(self.account.person_id, robot.robot_id, 1000)))

    async def log(self, robot: Robot) -> list[tuple[str, str]]:
        """Kinds and reasons of the robot's events, oldest first."""
        found = await self.store.log(self.account.person_id, robot.robot_id, 1000)
        return [(each.kind, each.reason) for each in reversed(found)]

    async def notified(self, kind: str) -> None:
        """Waits until a notification of this kind is in the outbox."""

        async def there() -> bool:
            return kind in await self.notices()

        await self._until(there)

    async def notices(self) -> list[str]:
        return [row["kind"] for row in await self.pool.fetch("SELECT kind FROM outbox ORDER BY id")]

    # -- the market ------------------------------------------------------------------------------

    def say(self, price: str, symbol: Symbol = BTC) -> None:
        self.market.say(symbol, price, price, "1000000")

    async def minute(
        self, close: str, *, opened: str = "", high: str = "", low: str = "", silent: bool = False
    ) -> None:
        """The next minute passes and its candle closes; `silent`: the bus does not carry it, the archive does."""
        time = self.market.time // MINUTE_MS * MINUTE_MS
        before = self.market.history.get(BTC, [])
        first = float(opened or (before[-1].close if before else close))
        last = float(close)
        highest, lowest = float(high or max(first, last)), float(low or min(first, last))
        prices = (first, highest, lowest, last)
        candle = Candle(BTC, time, *prices, 10.0)
        self.market.history.setdefault(BTC, []).append(candle)
        self.market.time = time + MINUTE_MS
        self.say(close)
        if not silent:
            await self.publish(candle)

    async def close(self, candle: Candle) -> None:
        """A candle closes; its close is shown with the size of its volume."""
        self.market.history.setdefault(candle.symbol, []).append(candle)
        self.market.time = candle.open_time + MINUTE_MS
        self.market.say(candle.symbol, repr(candle.close), repr(candle.close), repr(candle.volume))
        await self.publish(candle, volume=candle.volume)

    async def publish(self, candle: Candle, *, volume: float = 1e6) -> None:
        """A frame with the candle, its trades and its close."""
        end, price, size = candle.open_time + MINUTE_MS, repr(candle.close), plain_text(volume)
        sides = (candle.open, candle.high, candle.low, candle.close)
        trades: Sequence[Trade] = tuple(path_trades(BTC, candle.open_time, MINUTE_MS, sides, volume))
        tick = Tick(BTC, end, price, price, size, price, size)
        await self.bus.publish(Frame(end, (tick,), (candle,), trades))

    async def minutes(self, *closes: str, workers: Sequence[RobotWorker] = ()) -> None:
        """One minute after the other; after each everything settles."""
        for close in closes:
            await self.minute(close)
            await self.settled(*workers)


def _rests(worker: RobotWorker) -> bool:
    return worker.idle and not worker._book.cold() and not worker._book._seen


async def _target(_person_id: int) -> NotificationTarget:
    return NotificationTarget(HOME)
