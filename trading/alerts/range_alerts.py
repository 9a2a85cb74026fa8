"""Alerts on the range of prices in a window, and their stores for commands and the trigger worker. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from core.decimals import EXACT
from core.outbox import Chat
from pipeline.market import MINUTE_MS, Symbol
from trading.alerts.errors import RangeOutOfBounds
from trading.alerts.ports import AlertState
from trading.triggers.price_ranges import RangeFiring, RangeTrigger

MAX_RANGE_ALERTS = 10
"""Most range alerts of one user that wait in one market."""

WINDOWS = (5, 15, 60, 240, 1440)
"""Lengths of a window in minutes."""

SMALLEST, GREATEST = Decimal("0.001"), Decimal(5)
RANGE_SCALE = 4
"""Decimals of a range as a fraction: two of its percentage."""

_CALM = Decimal("0.8")


def check_range(fraction: Decimal) -> None:
    """Raises RangeOutOfBounds if no alert can wait for this range."""
    if not SMALLEST <= fraction <= GREATEST or fraction != round(fraction, RANGE_SCALE):
        raise RangeOutOfBounds(*(EXACT.scaleb(each, 2) for each in (fraction, SMALLEST, GREATEST)))


def rearm_range(fraction: Decimal) -> Decimal:
    """Returns the range to which it must fall before the alert is ready again: four fifths of the alert's."""
    return EXACT.multiply(fraction, _CALM)


@dataclass(frozen=True, slots=True)
class NewRangeAlert:
    """Alert to be created. `command_id` is unique to the request and stays the same if it is delivered again; `window`
    is in minutes. `ready` is False if the range is already that wide; ticks before `market_time` do not fire it.
    """

    command_id: str
    person_id: int
    chat: Chat
    market: str
    symbol: Symbol
    fraction: Decimal
    window: int
    repeat: bool
    ready: bool
    market_time: int
    pause_ms: int = 0
    note: str = ""
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class RangeAlert:
    """Row of `range_alert`. Its number is that of no price alert, so that one number names an alert of either kind."""

    alert_id: int
    person_id: int
    market: str
    symbol: Symbol
    fraction: Decimal
    window: int
    repeat: bool
    state: AlertState
    ready: bool
    firings: int
    market_time: int
    created_at: datetime
    rearm: Decimal
    pause_ms: int = 0
    note: str = ""
    expires_at: int | None = None

    @property
    def trigger(self) -> RangeTrigger:
        """Trigger of the alert, for the trigger worker."""
        return RangeTrigger(
            alert_id=self.alert_id,
            symbol=self.symbol,
            fraction=self.fraction,
            window_ms=self.window * MINUTE_MS,
            since=self.market_time,
            rearm=self.rearm,
            ready=self.ready,
            firings=self.firings,
            repeat=self.repeat,
            pause_ms=self.pause_ms if self.repeat else 0,
        )


@dataclass(frozen=True, slots=True)
class RangeAlertChanges:
    """Changed alerts in their current state; `cursor` is where the next read continues."""

    alerts: tuple[RangeAlert, ...]
    cursor: str


class RangeAlerts(Protocol):
    """Store of a user's range alerts. Every method raises DatabaseUnavailable."""

    async def create(self, new: NewRangeAlert) -> RangeAlert:
        """Returns the alert, created by the first call of its command. Raises TooManyRangeAlerts."""

    async def waiting(self, person_id: int, market: str) -> Sequence[RangeAlert]:
        """Returns all armed alerts, the newest first."""

    async def find(self, person_id: int, alert_id: int) -> RangeAlert:
        """Returns the user's own alert. Raises UnknownAlert."""

    async def cancel(self, person_id: int, alert_id: int) -> RangeAlert:
        """Ends an armed alert; a repeated call returns it as cancelled. Raises UnknownAlert."""

    async def cancel_all(self, person_id: int, market: str, newest: int) -> int:
        """Ends all armed alerts in a market up to alert `newest`, so that an alert that was not shown does not end.
        Returns their number.
        """

    async def bring(self, person_id: int, alert_id: int, chat: Chat) -> None:
        """Moves the alert to the chat, unless it is in a private one: only requests from a public chat keep an alert
        there.
        """

    async def repeat(self, person_id: int, alert_id: int, *, market_time: int) -> RangeAlert:
        """Makes the alert repeat. An alert that fired first waits for its range to fall. Raises UnknownAlert (cancelled
        alerts stay cancelled), TooManyRangeAlerts.
        """


class RangeAlertStore(Protocol):
    """Store of range alerts for the trigger worker. Every method raises DatabaseUnavailable and may be repeated without
    harm.
    """

    async def changes(self, market: str, mark: str) -> RangeAlertChanges:
        """Returns the alerts of a market that changed since the cursor `mark`; all armed ones if it is ""."""

    async def fire(self, market: str, firings: Sequence[RangeFiring]) -> frozenset[int]:
        """Marks the alerts fired and puts their notifications into the outbox, in one transaction. Returns the alerts
        that did fire; the others were cancelled, or fired by another worker, meanwhile.
        """

    async def returned(self, triggers: Sequence[RangeTrigger]) -> None:
        """Marks these triggers ready, because their ranges fell."""
