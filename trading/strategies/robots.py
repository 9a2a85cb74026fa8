"""Robots: strategies that trade on paper with a share of an account, and their stores for commands and the worker.

A robot is a budget inside its user's account. It spends `cash` and sells `quantity`, and neither is more than its own
orders made of its budget; its orders are orders of the account. The rules are in docs/robots.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from core.decimals import EXACT
from pipeline.market import Interval, Symbol
from trading.orders.types import BaseQuantity, QuoteAmount, Side
from trading.recurring.notices import Obstacle

MAX_ROBOTS = 10
"""Most robots of one user in one market that have not ended."""


class RobotState(StrEnum):
    """State of a robot. RUNNING trades, PAUSED can be resumed, STOPPING does what is left to do before STOPPED (by the
    user). ENDED was ended by the desk.
    """

    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    ENDED = "ended"

    @property
    def over(self) -> bool:
        """True if the robot never trades again."""
        return self in {RobotState.STOPPED, RobotState.ENDED}


class RobotReason(StrEnum):
    """Reason of a state."""

    NONE = ""
    USER = "user"
    LIMIT = "limit"
    """A limit of the user or of the desk refused a purchase."""
    FUNDS = "funds"
    """The account has not enough of the quote asset for a purchase."""
    COINS = "coins"
    """The account has not the coins that the robot was to sell, or another order holds them."""
    REFUSED = "refused"
    """The desk refused an order for another reason."""
    LATE = "late"
    """A purchase could not be placed soon enough after its candle."""
    GONE = "gone"
    """A protective order had sold the position before."""
    UNPROTECTED = "unprotected"
    """The orders that protected the position ended, or could not be placed."""
    LINKED = "linked"
    """The account was linked with another one."""
    PARTED = "parted"
    """The link with the other account was undone."""
    SOLD = "sold"
    KEPT = "kept"
    """The robot was stopped, and its position sold or kept."""
    DELISTED = "delisted"
    RESET = "reset"
    ACTION = "action"
    """A corporate action changed the coin."""
    CORRECTED = "corrected"
    """An operator reversed an order of the robot."""
    UNCOMPUTED = "uncomputed"
    """The rule could not be computed on a candle."""
    UNREADABLE = "unreadable"
    """This version cannot read the robot or its rule."""


class Leg(StrEnum):
    """Purpose of an order of a robot. PROTECTION is an execution of an order that protects (PROTECT)."""

    BUY = "buy"
    SELL = "sell"
    PROTECT = "protect"
    PROTECTION = "protection"


@dataclass(frozen=True, slots=True)
class Step:
    """The one order that a robot places next. `command_id` lets it take effect once; `candle` is the beginning (UTC ms)
    of the candle at whose close it was decided. `size` is None for orders that protect: it follows from the position.
    """

    command_id: str
    leg: Leg
    candle: int
    size: BaseQuantity | QuoteAmount | None = None


@dataclass(frozen=True, slots=True)
class RobotWish:
    """Robot that was previewed: the canonical text of its rule, and its budget in the quote asset."""

    name: str
    symbol: Symbol
    interval: Interval
    rule: str
    budget: Decimal


@dataclass(frozen=True, slots=True)
class NewRobot:
    """Robot to be created. `command_id` is unique to the request and stays the same if it is delivered again. `rule` is
    the canonical text of the strategy `name`. Times are UTC ms of the market's clock: `last_candle` is the beginning of
    the last closed candle, which is not traded any more.
    """

    command_id: str
    account_id: int
    market: str
    symbol: Symbol
    interval: Interval
    name: str
    rule: str
    budget: Decimal
    since: int
    last_candle: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Robot:
    """Row of `robot`. Amounts are in the quote asset, `quantity` in the base asset, bought for `cost` at the average
    `entry_price`; `highest` is the highest price since. `protecting` are its open orders that protect the position.
    `moves` counts its executions, `version` its changes.
    """

    robot_id: int
    account_id: int
    person_id: int
    market: str
    symbol: Symbol
    interval: Interval
    name: str
    rule: str
    budget: Decimal
    state: RobotState
    reason: RobotReason
    cash: Decimal
    quantity: Decimal
    cost: Decimal
    entry_price: Decimal | None
    highest: Decimal | None
    realised: Decimal
    moves: int
    since: int
    last_candle: int
    created_at: datetime
    version: int
    step: Step | None = None
    guarded: bool = False
    """True if orders have protected the present position."""
    sells: bool = False
    obstacle: Obstacle | None = None
    protecting: tuple[int, ...] = ()

    def equity(self, price: Decimal) -> Decimal:
        """Returns its cash and its position at a price."""
        return EXACT.add(self.cash, EXACT.multiply(self.quantity, price))

    def decided(self, candle: int, leg: Leg, size: BaseQuantity | QuoteAmount) -> Step:
        """Returns the order that the close of a candle decides: one for each candle."""
        return Step(f"robot:{self.robot_id}:{candle}:{leg}", leg, candle, size)

    def following(self, leg: Leg, size: BaseQuantity | None = None) -> Step:
        """Returns an order that the robot's present state asks for: one for each version of it."""
        return Step(f"robot:{self.robot_id}:{leg}:v{self.version}", leg, self.last_candle, size)


@dataclass(frozen=True, slots=True)
class RobotTrade:
    """Execution of a robot. `candle` (UTC ms) is the beginning of the candle that decided it, `time` that of the price
    (UTC ms of the market's clock); `fee` is in `fee_asset`. `protective`: an order that protected the position was
    filled.
    """

    order_id: int
    candle: int
    time: int
    side: Side
    quantity: Decimal
    price: Decimal
    quote_amount: Decimal
    fee: Decimal
    fee_asset: str
    at: datetime
    protective: bool = False


@dataclass(frozen=True, slots=True)
class RobotEvent:
    """Line of a robot's log other than its trades: a state and its reason, `count` missed candles up to `candle`, or an
    order that was dropped because of `obstacle`.
    """

    kind: str
    at: datetime
    reason: str = ""
    obstacle: Obstacle | None = None
    candle: int | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Advance:
    """A candle that a robot has seen without an order; `missed` are the ones up to it that it could not act on, `high`
    the highest price of the candle while it has a position.
    """

    robot_id: int
    candle: int
    missed: int = 0
    high: Decimal | None = None

    def then(self, later: "Advance") -> "Advance":
        """Returns what both have seen, of which the later candle is the last."""
        high = max((each for each in (self.high, later.high) if each is not None), default=None)
        return Advance(self.robot_id, later.candle, self.missed + later.missed, high)


class Robots(Protocol):
    """Store of a user's robots. Every method raises DatabaseUnavailable, and UnknownRobot for robots of others."""

    async def create(self, new: NewRobot, person_id: int) -> Robot:
        """Returns the robot, created by the first call of its command. Raises TooManyRobots, RobotsTooCostly and
        NoAccount.
        """

    async def of(self, person_id: int, market: str, name: str | None = None) -> Sequence[Robot]:
        """Returns the robots in a market, of one strategy if it is named: those that trade first, then the newest
        ones.
        """

    async def find(self, person_id: int, robot_id: int) -> Robot:
        """Returns the user's own robot."""

    async def pause(self, person_id: int, robot_id: int) -> Robot:
        """Pauses a robot: it places nothing from now on. Raises RobotEnded."""

    async def resume(self, person_id: int, robot_id: int, last_candle: int) -> Robot:
        """Resumes a robot, with the candle after `last_candle` as its next. Raises RobotEnded."""

    async def stop(self, person_id: int, robot_id: int, *, sell: bool) -> Robot:
        """Begins to stop a robot, which sells its position or leaves it to the user. A repeated call changes nothing.
        Raises RobotEnded.
        """

    async def trades(self, person_id: int, robot_id: int, limit: int) -> Sequence[RobotTrade]:
        """Returns the newest trades, newest first."""

    async def log(self, person_id: int, robot_id: int, limit: int) -> Sequence[RobotEvent]:
        """Returns the newest events, newest first."""


@dataclass(frozen=True, slots=True)
class RobotChanges:
    """Robots that changed since a cursor, in their present state; `cursor` is where the next read continues.
    `unreadable` are others that changed and cannot be read, with their symbols.
    """

    robots: tuple[Robot, ...]
    cursor: str
    unreadable: Mapping[int, Symbol] = field(default_factory=dict)


class RobotStore(Protocol):
    """Store of robots for the worker. Every method raises DatabaseUnavailable and may be repeated without harm."""

    async def changes(self, market: str, cursor: str) -> RobotChanges:
        """Returns the robots of a market that changed since the cursor; for "" all that are not over. A robot that was
        deleted is in no change: it is missing among all.
        """

    async def claim(self, robot: Robot, candle: int, step: Step) -> bool:
        """Makes `step` what the robot does next, and `candle` the last that it acted on. Returns False, and changes
        nothing, if the robot changed meanwhile or has acted on the candle, or if its user is banned.
        """

    async def banned(self, robot: Robot) -> bool:
        """Returns whether the robot's user is banned."""

    async def prepare(self, robot: Robot, step: Step) -> bool:
        """Makes `step` what the robot does next, for the same candle: its protection, or the sale of a robot that is
        stopped. Returns False if the robot changed meanwhile.
        """

    async def drop(
        self, robot: Robot, reason: RobotReason, obstacle: Obstacle | None = None, *, pause: bool = False
    ) -> bool:
        """Drops the robot's step for a reason, and pauses the robot for it if `pause`. Returns False if the robot
        changed meanwhile.
        """

    async def pause_by_desk(self, robot: Robot, reason: RobotReason, obstacle: Obstacle | None = None) -> bool:
        """Pauses a running robot. Returns False if it changed meanwhile."""

    async def give_up(self, robot_id: int) -> bool:
        """Pauses a running robot that cannot be read; one that is being stopped stops, and keeps what it holds. Returns
        False if it does not trade.
        """

    async def finish(self, robot: Robot, reason: RobotReason, obstacle: Obstacle | None = None) -> bool:
        """Ends a robot that is being stopped. Returns False if it changed meanwhile."""

    async def advance(self, seen: Sequence[Advance]) -> frozenset[int]:
        """Records the last candle of running robots, and what they missed. Returns the robots that an order has locked,
        of which nothing was recorded.
        """

    async def end(self, market: str, symbols: Sequence[Symbol], reason: RobotReason) -> int:
        """Ends the robots of these symbols. Returns their number."""

    async def tell(self, market: str) -> int:
        """Puts a notification into the outbox for each robot whose state came by itself. Returns their number."""


def parts_of(size: BaseQuantity | QuoteAmount | None) -> tuple[str | None, Decimal | None]:
    """Returns the kind of a size, `base` or `quote`, and its figure."""
    if size is None:
        return None, None
    return ("base" if isinstance(size, BaseQuantity) else "quote"), size.amount


SIZES: Mapping[str, type[BaseQuantity | QuoteAmount]] = {"base": BaseQuantity, "quote": QuoteAmount}
