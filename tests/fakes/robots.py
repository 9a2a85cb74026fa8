"""Robots in a dictionary."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from trading.orders.types import Side
from trading.strategies.errors import RobotEnded, TooManyRobots, UnknownRobot
from trading.strategies.read_rules import check_robots
from trading.strategies.robots import (
    MAX_ROBOTS,
    NewRobot,
    Robot,
    RobotEvent,
    RobotReason,
    RobotState,
    RobotTrade,
)

AT = datetime(2021, 4, 5, 12, tzinfo=UTC)
ZERO = Decimal(0)


class MemoryRobots:
    """`made` are the commands that made them; `events` and `done` what is known of each."""

    def __init__(self) -> None:
        self.robots: dict[int, Robot] = {}
        self.made: dict[str, int] = {}
        self.events: dict[int, list[RobotEvent]] = {}
        self.done: dict[int, list[RobotTrade]] = {}

    async def create(self, new: NewRobot, person_id: int) -> Robot:
        if new.command_id not in self.made:
            if sum(not each.state.over for each in await self.of(person_id, new.market)) >= MAX_ROBOTS:
                raise TooManyRobots(MAX_ROBOTS)
            others = [each for each in await self.of(person_id, new.market) if not each.state.over]
            check_robots([(each.symbol, each.interval, each.rule) for each in (*others, new)])
            number = len(self.made) + 1
            self.made[new.command_id] = number
            what = (new.market, new.symbol, new.interval, new.name, new.rule, new.budget)
            money = (new.budget, ZERO, ZERO, None, None, ZERO, 0)
            times = (new.since, new.last_candle, new.created_at, 1)
            self._put(
                Robot(number, new.account_id, person_id, *what, RobotState.RUNNING, RobotReason.NONE, *money, *times)
            )
        return self.robots[self.made[new.command_id]]

    async def of(self, person_id: int, market: str, name: str | None = None) -> Sequence[Robot]:
        found = [
            each
            for each in self.robots.values()
            if (each.person_id, each.market) == (person_id, market) and name in (None, each.name)
        ]
        return sorted(found, key=lambda each: (each.state.over, -each.robot_id))

    async def find(self, person_id: int, robot_id: int) -> Robot:
        if robot_id not in self.robots or self.robots[robot_id].person_id != person_id:
            raise UnknownRobot(robot_id)
        return self.robots[robot_id]

    async def pause(self, person_id: int, robot_id: int) -> Robot:
        return await self._change(person_id, robot_id, RobotState.RUNNING, RobotState.PAUSED, RobotReason.USER)

    async def resume(self, person_id: int, robot_id: int, last_candle: int) -> Robot:
        robot = await self._change(person_id, robot_id, RobotState.PAUSED, RobotState.RUNNING, RobotReason.NONE)
        return self._put(replace(robot, last_candle=last_candle))

    async def stop(self, person_id: int, robot_id: int, *, sell: bool) -> Robot:
        """Stops at once, as the worker does after a moment."""
        await self._change(person_id, robot_id, RobotState.PAUSED, RobotState.RUNNING, RobotReason.NONE)
        reason = RobotReason.SOLD if sell else RobotReason.KEPT
        robot = await self._change(person_id, robot_id, RobotState.RUNNING, RobotState.STOPPED, reason)
        return replace(robot, state=RobotState.STOPPING, reason=RobotReason.USER)

    async def trades(self, person_id: int, robot_id: int, limit: int) -> Sequence[RobotTrade]:
        await self.find(person_id, robot_id)
        return self.done.get(robot_id, [])[::-1][:limit]

    async def log(self, person_id: int, robot_id: int, limit: int) -> Sequence[RobotEvent]:
        await self.find(person_id, robot_id)
        return self.events.get(robot_id, [])[::-1][:limit]

    async def _change(
        self, person_id: int, robot_id: int, before: RobotState, after: RobotState, reason: RobotReason
    ) -> Robot:
        robot = await self.find(person_id, robot_id)
        if robot.state.over:
            raise RobotEnded(robot_id)
        return self._put(replace(robot, state=after, reason=reason)) if robot.state is before else robot

    def _put(self, robot: Robot) -> Robot:
        before = self.robots.get(robot.robot_id)
        if before is None or before.state is not robot.state:
            self.events.setdefault(robot.robot_id, []).append(RobotEvent(robot.state, AT, robot.reason))
        self.robots[robot.robot_id] = robot
        return robot

    def trade(self, robot_id: int, side: Side, quantity: str, price: str, time: int) -> None:
        """Books a trade without a fee."""
        robot, amount = self.robots[robot_id], Decimal(quantity) * Decimal(price)
        done = self.done.setdefault(robot_id, [])
        what = (side, Decimal(quantity), Decimal(price), amount, ZERO, "BTC" if side is Side.BUY else "USDC")
        done.append(RobotTrade(len(done) + 40, time - 60_000, time, *what, datetime.fromtimestamp(time / 1000, UTC)))
        sign = 1 if side is Side.BUY else -1
        self.robots[robot_id] = replace(
            robot,
            cash=robot.cash - sign * amount,
            quantity=robot.quantity + sign * Decimal(quantity),
            cost=amount if side is Side.BUY else ZERO,
            entry_price=Decimal(price) if side is Side.BUY else robot.entry_price,
            realised=robot.realised if side is Side.BUY else robot.realised + amount - robot.cost,
            moves=robot.moves + 1,
        )
