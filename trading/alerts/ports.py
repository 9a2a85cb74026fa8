"""Price alerts, and their stores for commands and the trigger worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from core.decimals import EXACT, ROUNDING, down, up_to_step
from core.outbox import Chat
from pipeline.market import Symbol
from trading.alerts.errors import LevelAtPrice, LevelOutOfRange
from trading.triggers.price_levels import Direction, Firing, Trigger

MAX_ALERTS = 50
"""Most alerts of one user that wait in one market, armed or muted."""

LEVEL_SCALE = 18
"""Decimals of a level."""

FARTHEST = Decimal(100)
"""Largest factor between a level and the price, in both directions."""


class AlertState(StrEnum):
    """State of an alert. ARMED waits for its level; FIRED and CANCELLED are final; MUTED is kept but does not fire."""

    ARMED = "armed"
    FIRED = "fired"
    CANCELLED = "cancelled"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class NewAlert:
    """Alert to be created. `command_id` is unique to the request and stays the same if it is delivered again. `ready`
    is False if the price is already beyond the level; ticks before `market_time` do not count. `rearm` and `pause_ms`
    are the hysteresis of a repeating alert (`trading.triggers.price_levels`).
    """

    command_id: str
    person_id: int
    chat: Chat
    market: str
    symbol: Symbol
    direction: Direction
    level: Decimal
    repeat: bool
    ready: bool
    market_time: int
    rearm: Decimal | None = None
    pause_ms: int = 0


@dataclass(frozen=True, slots=True)
class NewLevel:
    """New level of an existing alert; the fields are those of `NewAlert`."""

    direction: Direction
    level: Decimal
    ready: bool
    market_time: int
    rearm: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AlertCounts:
    """Number of waiting alerts, number of muted ones among them, and the id of the newest (0 if there is none)."""

    count: int
    muted: int
    newest: int


@dataclass(frozen=True, slots=True)
class Alert:
    """Row of `alert`."""

    alert_id: int
    person_id: int
    market: str
    symbol: Symbol
    direction: Direction
    level: Decimal
    repeat: bool
    state: AlertState
    ready: bool
    firings: int
    market_time: int
    created_at: datetime
    rearm: Decimal | None = None
    pause_ms: int = 0

    @property
    def trigger(self) -> Trigger:
        """Trigger of the alert, for the trigger worker."""
        return Trigger(
            self.alert_id,
            self.symbol,
            self.direction,
            self.level,
            self.market_time,
            self.ready,
            self.firings,
            self.repeat,
            self.rearm if self.repeat else None,
            self.pause_ms if self.repeat else 0,
        )


@dataclass(frozen=True, slots=True)
class AlertPage:
    """Page of alerts, newest first. `older` is where the next page continues, None on the last."""

    alerts: tuple[Alert, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class AlertChanges:
    """Changed alerts in their current state, and `armed`, triggers that are read for the first time; `cursor` is where
    the next read continues. `more` is True while there are further armed ones.
    """

    alerts: tuple[Alert, ...]
    cursor: str
    armed: tuple[Trigger, ...] = ()
    more: bool = False


class Alerts(Protocol):
    """Store of a user's alerts. Every method raises DatabaseUnavailable."""

    async def create(self, new: NewAlert) -> Alert:
        """Returns the alert, created by the first call of its command. Raises TooManyAlerts."""

    async def waiting(self, person_id: int, market: str, limit: int, before: int | None = None) -> AlertPage:
        """Returns the alerts that are armed or muted, newest first; those made before alert `before`, if given."""

    async def find(self, person_id: int, alert_id: int) -> Alert:
        """Returns the user's own alert. Raises UnknownAlert."""

    async def cancel(self, person_id: int, alert_id: int) -> Alert:
        """Ends an alert that is armed or muted. Raises UnknownAlert."""

    async def count(self, person_id: int, market: str) -> AlertCounts:
        """Counts the alerts that wait in a market."""

    async def cancel_all(self, person_id: int, market: str, newest: int) -> int:
        """Ends all alerts that wait in a market up to alert `newest`, so that no alert ends that was not shown. Returns
        their number.
        """

    async def edit(self, person_id: int, alert_id: int, change: NewLevel) -> Alert:
        """Changes the level of an armed or muted alert. Raises UnknownAlert."""

    async def bring(self, person_id: int, alert_id: int, chat: Chat) -> None:
        """Moves the alert to the chat, unless it is in a private one: only requests from a public chat keep an alert
        there.
        """

    async def mute(self, person_id: int, alert_id: int) -> Alert:
        """Mutes an armed alert. Raises UnknownAlert if it has ended."""

    async def repeat(self, person_id: int, alert_id: int, *, ready: bool, market_time: int) -> Alert:
        """Arms an alert again, to fire every time its level is reached. Raises UnknownAlert (cancelled alerts stay
        cancelled), TooManyAlerts.
        """


class AlertStore(Protocol):
    """Store of alerts for the trigger worker. Every method raises DatabaseUnavailable and may be
    repeated without harm.
    """

    async def changes(self, market: str, mark: str) -> AlertChanges:
        """Returns the alerts of a market that changed since the cursor `mark`. If it is "", returns the first armed
        ones; as long as there are `more`, the calls that follow return the next.
        """

    async def fire(self, market: str, firings: Sequence[Firing]) -> frozenset[int]:
        """Marks the alerts fired and puts their notifications into the outbox, in one transaction.

        Returns the alerts that did fire; the others were cancelled, muted or fired by another worker meanwhile.
        """

    async def returned(self, triggers: Sequence[Trigger]) -> None:
        """Marks these triggers ready, because the price is back on the near side of their levels."""


def check_level(symbol: Symbol, level: Decimal, price: Decimal) -> None:
    """Raises LevelOutOfRange if the level is not within a factor of FARTHEST of the price."""
    lowest, highest = ROUNDING.divide(price, FARTHEST), EXACT.multiply(price, FARTHEST)
    if not lowest <= level <= highest:
        raise LevelOutOfRange(symbol, level, price, lowest, highest)


def rearm_of(direction: Direction, level: Decimal, distance: Decimal, tick: Decimal | None) -> Decimal:
    """Returns the price beyond which a repeating alert is armed again: `distance` (a fraction) of the level away from
    it, at least two ticks, on a tick. Always above zero.
    """
    step = tick or Decimal(1).scaleb(-LEVEL_SCALE)
    away = max(up_to_step(EXACT.multiply(level, distance), step), EXACT.multiply(2, step))
    if direction is Direction.BELOW:
        return EXACT.add(level, away)
    back = EXACT.subtract(level, away)
    return back if back > 0 else down(EXACT.multiply(level, Decimal("0.5")), LEVEL_SCALE) or level


def direction_of(symbol: Symbol, level: Decimal, price: Decimal) -> Direction:
    """Returns the direction in which the price will reach the level. Raises LevelAtPrice."""
    if level == price:
        raise LevelAtPrice(symbol, price)
    return Direction.ABOVE if level > price else Direction.BELOW
