"""Robots in PostgreSQL: the only module that accesses their tables. Their positions are written by triggers of the
ledger (0068.robots.sql), and never here.
"""

import asyncio
import random
from collections.abc import Sequence

import asyncpg
import msgspec

from core.database import Connection, Database, Pool
from core.outbox import encode
from core.postgres.rows import RowReader
from core.sql import load_queries
from pipeline.market import Interval, Symbol
from trading.constraints import LEDGER_REFUSALS
from trading.errors import NoAccount
from trading.orders.types import Side
from trading.recurring.notices import Obstacle
from trading.strategies.errors import RobotEnded, TooManyRobots, UnknownRobot
from trading.strategies.notices import RobotHalted
from trading.strategies.read_rules import check_robots
from trading.strategies.robots import (
    MAX_ROBOTS,
    SIZES,
    Advance,
    Leg,
    NewRobot,
    Robot,
    RobotChanges,
    RobotEvent,
    RobotReason,
    RobotState,
    RobotTrade,
    Step,
    parts_of,
)

SQL = load_queries(__package__, "queries.sql")

SHOWN = 50
"""Most robots of a user that a list holds, ended ones included."""

_encoder = msgspec.json.Encoder(decimal_format="string")


class PostgresRobots:
    """`Robots` and `RobotStore` on a pool whose role is paperdesk_app."""

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None, max_robots: int = MAX_ROBOTS) -> None:
        """Limits each account to `max_robots` robots that have not ended."""
        self._database = Database(pool, jitter=jitter or random.SystemRandom(), refusals=LEDGER_REFUSALS)
        self._max_robots = max_robots
        self._robots = RowReader("robot", robot_of)

    # -- for the user --------------------------------------------------------------------------

    async def create(self, new: NewRobot, person_id: int) -> Robot:
        """Returns the robot, created by the first call of its command. Raises TooManyRobots, RobotsTooCostly and
        NoAccount.
        """

        async def work(connection: Connection) -> int:
            async with connection.transaction():
                await connection.execute(SQL["lock_person"], person_id)
                made: int | None = await connection.fetchval(SQL["by_command"], new.command_id, person_id)
                if made is not None:
                    return made
                turn = await connection.fetchval(SQL["round"], new.account_id, person_id)
                if turn is None:
                    raise NoAccount
                if await connection.fetchval(SQL["count"], new.account_id) >= self._max_robots:
                    raise TooManyRobots(self._max_robots)
                rows = await connection.fetch(SQL["followed"], person_id, new.market)
                followed = [(Symbol(symbol), Interval(candles), rule) for symbol, candles, rule in rows]
                await asyncio.to_thread(check_robots, [*followed, (new.symbol, new.interval, new.rule)])
                return int(await connection.fetchval(SQL["create"], *_columns(new, turn)))

        return await self.find(person_id, await self._database.run(work))

    async def of(self, person_id: int, market: str, name: str | None = None) -> Sequence[Robot]:
        """Returns the robots in a market: those that trade first, then the newest ones."""
        return self._robots.read(await self._rows("of", person_id, market, name, SHOWN))

    async def find(self, person_id: int, robot_id: int) -> Robot:
        """Returns the user's own robot. Raises UnknownRobot."""
        rows = await self._rows("find", person_id, robot_id)
        if not rows:
            raise UnknownRobot(robot_id)
        return robot_of(rows[0])

    async def pause(self, person_id: int, robot_id: int) -> Robot:
        """Pauses a robot: it places nothing from now on. Raises UnknownRobot, RobotEnded."""
        return await self._change(person_id, robot_id, "pause")

    async def resume(self, person_id: int, robot_id: int, last_candle: int) -> Robot:
        """Resumes a robot, with the candle after `last_candle` as its next. Raises UnknownRobot, RobotEnded."""
        return await self._change(person_id, robot_id, "resume", last_candle)

    async def stop(self, person_id: int, robot_id: int, *, sell: bool) -> Robot:
        """Begins to stop a robot. Raises UnknownRobot, RobotEnded."""
        return await self._change(person_id, robot_id, "stop", sell)

    async def _change(self, person_id: int, robot_id: int, name: str, *more: object) -> Robot:
        async def work(connection: Connection) -> bool:
            async with connection.transaction():
                await connection.execute(SQL["lock_person"], person_id)  # an account does not change hands meanwhile
                return bool(await connection.fetch(SQL[name], person_id, robot_id, *more))

        changed = await self._database.run(work)
        robot = await self.find(person_id, robot_id)
        if not changed and robot.state.over:
            raise RobotEnded(robot_id)
        return robot

    async def trades(self, person_id: int, robot_id: int, limit: int) -> Sequence[RobotTrade]:
        """Returns the newest trades, newest first. Raises UnknownRobot."""
        await self.find(person_id, robot_id)
        return [_trade_of(row) for row in await self._rows("trades", robot_id, limit)]

    async def log(self, person_id: int, robot_id: int, limit: int) -> Sequence[RobotEvent]:
        """Returns the newest events, newest first. Raises UnknownRobot."""
        await self.find(person_id, robot_id)
        return [_event_of(row) for row in await self._rows("log", robot_id, limit)]

    # -- for the worker ------------------------------------------------------------------------

    async def changes(self, market: str, cursor: str) -> RobotChanges:
        """See `RobotStore.changes`."""
        rows = await self._rows("changes", market, cursor or "0")
        changed = [row for row in rows if row["id"] is not None]
        robots = tuple(self._robots.read(changed))
        unreadable = {row["id"]: Symbol(row["symbol"]) for row in changed if row["id"] in self._robots.unreadable}
        return RobotChanges(robots, rows[0]["mark"], unreadable)

    async def claim(self, robot: Robot, candle: int, step: Step) -> bool:
        """See `RobotStore.claim`."""
        return await self._moved("claim", robot, candle, step.command_id, step.leg, *parts_of(step.size))

    async def banned(self, robot: Robot) -> bool:
        """See `RobotStore.banned`."""
        return bool(await self._rows("banned", robot.robot_id))

    async def prepare(self, robot: Robot, step: Step) -> bool:
        """See `RobotStore.prepare`."""
        return await self._moved("prepare", robot, step.candle, step.command_id, step.leg, *parts_of(step.size))

    async def drop(
        self, robot: Robot, reason: RobotReason, obstacle: Obstacle | None = None, *, pause: bool = False
    ) -> bool:
        """See `RobotStore.drop`."""
        return await self._moved("drop", robot, reason, _json(obstacle), pause)

    async def pause_by_desk(self, robot: Robot, reason: RobotReason, obstacle: Obstacle | None = None) -> bool:
        """See `RobotStore.pause_by_desk`."""
        return await self._moved("halt", robot, RobotState.PAUSED, reason, _json(obstacle))

    async def give_up(self, robot_id: int) -> bool:
        """See `RobotStore.give_up`."""
        return bool(await self._rows("give_up", robot_id, RobotReason.UNREADABLE))

    async def finish(self, robot: Robot, reason: RobotReason, obstacle: Obstacle | None = None) -> bool:
        """See `RobotStore.finish`."""
        return await self._moved("halt", robot, RobotState.STOPPED, reason, _json(obstacle))

    async def advance(self, seen: Sequence[Advance]) -> frozenset[int]:
        """See `RobotStore.advance`."""
        columns = zip(*((each.robot_id, each.candle, each.missed, each.high) for each in seen), strict=True)
        return frozenset(row["id"] for row in await self._rows("advance", *map(list, columns)))

    async def end(self, market: str, symbols: Sequence[Symbol], reason: RobotReason) -> int:
        """See `RobotStore.end`."""
        return len(await self._rows("end", market, list(symbols), reason))

    async def tell(self, market: str) -> int:
        """See `RobotStore.tell`. A key names the robot and its version, so a state is told once."""

        async def work(connection: Connection) -> int:
            async with connection.transaction():
                rows = await connection.fetch(SQL["untold"], market)
                robots = self._robots.read(rows)
                told = [row for row in rows if row["id"] not in self._robots.unreadable]
                if rows:
                    await connection.execute(
                        SQL["tell"],
                        [row["id"] for row in rows],
                        [f"robot:{row['id']}:{row['version']}" for row in told],
                        [row["person_id"] for row in told],
                        [row["platform"] for row in told],
                        [row["chat_id"] for row in told],
                        str(RobotHalted.__struct_config__.tag),
                        [encode(_notice(each)) for each in robots],
                    )
                return len(robots)

        return await self._database.run(work)

    async def _moved(self, name: str, robot: Robot, *arguments: object) -> bool:
        return bool(await self._rows(name, robot.robot_id, robot.version, *arguments))

    async def _rows(self, name: str, *arguments: object) -> list[asyncpg.Record]:
        return await self._database.fetch(SQL[name], *arguments)


def _columns(new: NewRobot, turn: int) -> tuple[object, ...]:
    what = (new.market, new.symbol, new.interval, new.name, new.rule, new.budget)
    return (new.command_id, new.account_id, turn, *what, new.since, new.last_candle, new.created_at)


def _json(obstacle: Obstacle | None) -> str | None:
    return None if obstacle is None else _encoder.encode(obstacle).decode()


def _obstacle_of(text: str | None) -> Obstacle | None:
    return None if text is None else msgspec.json.decode(text, type=Obstacle)


def robot_of(row: asyncpg.Record) -> Robot:
    """Converts a row of `robot` with its user and its open protective orders."""
    step = None
    if row["step"] is not None:
        size = None if row["step_kind"] is None else SIZES[row["step_kind"]](row["step_size"])
        step = Step(row["step"], Leg(row["step_leg"]), row["step_candle_ms"], size)
    return Robot(
        robot_id=row["id"],
        account_id=row["account_id"],
        person_id=row["person_id"],
        market=row["market"],
        symbol=Symbol(row["symbol"]),
        interval=Interval(row["candles"]),
        name=row["name"],
        rule=row["rule"],
        budget=row["budget"],
        state=RobotState(row["state"]),
        reason=RobotReason(row["reason"]),
        cash=row["cash"],
        quantity=row["quantity"],
        cost=row["cost"],
        entry_price=row["entry_price"],
        highest=row["highest"],
        realised=row["realised"],
        moves=row["moves"],
        since=row["since_ms"],
        last_candle=row["last_candle_ms"],
        created_at=row["created_at"],
        version=row["version"],
        step=step,
        guarded=row["guarded"],
        sells=row["sells"],
        obstacle=_obstacle_of(row["obstacle"]),
        protecting=tuple(row["protecting"]),
    )


def _trade_of(row: asyncpg.Record) -> RobotTrade:
    return RobotTrade(
        order_id=row["id"],
        candle=row["candle_ms"],
        time=row["price_time"],
        side=Side(row["side"]),
        quantity=row["quantity"],
        price=row["average_price"],
        quote_amount=row["quote_amount"],
        fee=row["fee"],
        fee_asset=row["fee_asset"],
        at=row["recorded_at"],
        protective=row["leg"] == Leg.PROTECTION,
    )


def _event_of(row: asyncpg.Record) -> RobotEvent:
    obstacle = _obstacle_of(row["obstacle"])
    return RobotEvent(row["kind"], row["recorded_at"], row["reason"], obstacle, row["candle_ms"], row["count"])


def _notice(robot: Robot) -> RobotHalted:
    return RobotHalted(
        robot_id=robot.robot_id,
        name=robot.name,
        market=robot.market,
        symbol=robot.symbol,
        interval=robot.interval,
        state=robot.state,
        reason=robot.reason,
        quantity=robot.quantity,
        profit=robot.realised,
        obstacle=robot.obstacle,
    )
