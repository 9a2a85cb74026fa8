"""Alerts on forecasts: the rule by which they fire, and their stores for commands and the watcher. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from core.outbox import Chat
from pipeline.market import Symbol
from trading.alerts.notices import ForecastFired
from trading.alerts.ports import AlertState

MAX_FORECAST_ALERTS = 10
"""Maximum number of waiting alerts of one user in one market. Each is checked every minute."""

MARGIN = Decimal("0.02")
"""Distance by which the probability must fall below an alert's to re-arm it, so that small moves do not fire it."""


class ForecastDirection(StrEnum):
    """Direction of the price whose probability an alert watches."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class NewForecastAlert:
    """Alert to be created. `command_id` is unique to the request and stays the same if it is delivered again; `horizon`
    is in minutes, `chance` the least probability of the direction. `ready` is False if the direction is already as
    likely. A repeating alert is ready again once the chance is `margin` below, and fires again after `pause_minutes` at
    the earliest.
    """

    command_id: str
    person_id: int
    chat: Chat
    market: str
    symbol: Symbol
    horizon: int
    way: ForecastDirection
    chance: Decimal
    repeat: bool
    ready: bool
    margin: Decimal = MARGIN
    pause_minutes: int = 0


@dataclass(frozen=True, slots=True)
class ForecastAlert:
    """Row of `forecast_alert`; `fired_at` is the time of the last firing."""

    alert_id: int
    person_id: int
    market: str
    symbol: Symbol
    horizon: int
    way: ForecastDirection
    chance: Decimal
    repeat: bool
    state: AlertState
    ready: bool
    firings: int
    created_at: datetime
    margin: Decimal = MARGIN
    pause_minutes: int = 0
    fired_at: datetime | None = None

    def rests(self, now: datetime) -> bool:
        """True if the alert fired less than its pause ago."""
        return self.fired_at is not None and now < self.fired_at + timedelta(minutes=self.pause_minutes)


@dataclass(frozen=True, slots=True)
class ForecastFiring:
    """Alert as it was before it fired, and the notification of the forecast that reached it."""

    alert: ForecastAlert
    notice: ForecastFired


class AlertVerdict(StrEnum):
    """Effect of a forecast on an alert."""

    FIRES = "fires"
    RETURNS = "returns"
    NOTHING = "nothing"


def verdict(alert: ForecastAlert, chance: float, now: datetime) -> AlertVerdict:
    """Returns the effect of a forecast on an alert; `chance` is the probability of its direction. An alert that fired,
    or whose condition held when it was created, waits until the probability has fallen by its margin. An alert that
    fired also waits for its pause.
    """
    wanted = float(alert.chance)
    if alert.ready:
        return AlertVerdict.FIRES if chance >= wanted and not alert.rests(now) else AlertVerdict.NOTHING
    return AlertVerdict.RETURNS if chance <= wanted - float(alert.margin) else AlertVerdict.NOTHING


def chance_of(way: ForecastDirection, prob_up: float, prob_down: float) -> float:
    """Returns the probability of that direction; the price may also stay, so the two need not sum to 1."""
    return prob_up if way is ForecastDirection.UP else prob_down


class ForecastAlerts(Protocol):
    """Store of a user's alerts on forecasts. Every method raises DatabaseUnavailable."""

    async def create(self, new: NewForecastAlert) -> ForecastAlert:
        """Returns the alert, created by the first call of its command. Raises TooManyForecastAlerts."""

    async def waiting(self, person_id: int, market: str) -> Sequence[ForecastAlert]:
        """Returns all armed alerts, the newest first."""

    async def cancel_all(self, person_id: int, market: str, newest: int) -> int:
        """Ends all armed alerts in a market up to alert `newest`, so that an alert that was not shown does not end.
        Returns their number.
        """

    async def cancel(self, person_id: int, alert_id: int) -> ForecastAlert:
        """Ends an armed alert; a repeated call returns it as cancelled. Raises UnknownForecastAlert."""

    async def bring(self, person_id: int, alert_id: int, chat: Chat) -> None:
        """Moves the alert to the chat, unless it is in a private one: only requests from a public chat keep an alert
        there.
        """

    async def repeat(self, person_id: int, alert_id: int) -> ForecastAlert:
        """Makes the alert repeat. An alert that fired first waits for the probability to fall. Raises
        UnknownForecastAlert (cancelled alerts stay cancelled), TooManyForecastAlerts.
        """


class ForecastAlertStore(Protocol):
    """Store of alerts on forecasts for the watcher. Every method raises DatabaseUnavailable and may be repeated without
    harm.
    """

    async def armed(self, market: str) -> Sequence[ForecastAlert]:
        """Returns all alerts that wait in a market."""

    async def fire(self, firings: Sequence[ForecastFiring], now: datetime) -> frozenset[int]:
        """Marks the alerts fired and puts their notifications into the outbox, in one transaction. Returns the ids of
        the alerts that fired; the others were cancelled, or fired by another watcher, meanwhile.
        """

    async def returned(self, alerts: Sequence[ForecastAlert]) -> None:
        """Makes the alerts ready to fire again, because their probability has fallen by the margin."""
