"""Alerts on forecasts: when one fires, and what commands and their watcher ask of the store. No I/O."""

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

MOST_FORECAST_ALERTS = 10
"""Of one person that wait in one market: each is looked at every minute."""

MARGIN = Decimal("0.02")
"""A chance comes back when it is so far below what was asked for: one that trembles at it is no news each time."""


class ForecastDirection(StrEnum):
    """Which direction is to be likely."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class NewForecastAlert:
    """`command_id` is unique to the wish and the same when it is delivered again; `horizon` is minutes, `chance` the
    least probability of the direction. `ready` is False where it is as likely already. One that repeats is ready again
    when the chance is `margin` below, and fires again after `pause_minutes` at the earliest."""

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
    """A row of `forecast_alert`; `fired_at` is when it fired last."""

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
        """Whether it fired less than its pause ago."""
        return self.fired_at is not None and now < self.fired_at + timedelta(minutes=self.pause_minutes)


@dataclass(frozen=True, slots=True)
class ForecastFiring:
    """An alert as it stood, and the notice of what reached it."""

    alert: ForecastAlert
    notice: ForecastFired


class AlertVerdict(StrEnum):
    """What a forecast does to an alert."""

    FIRES = "fires"
    RETURNS = "returns"
    NOTHING = "nothing"


def verdict(alert: ForecastAlert, rising: float, now: datetime) -> AlertVerdict:
    """`rising` is the probability of a higher price. What fired, or was reached when it was set, waits until the chance
    has come back by its margin; what fired rests for its pause."""
    chance, wanted = chance_of(alert.way, rising), float(alert.chance)
    if alert.ready:
        return AlertVerdict.FIRES if chance >= wanted and not alert.rests(now) else AlertVerdict.NOTHING
    return AlertVerdict.RETURNS if chance <= wanted - float(alert.margin) else AlertVerdict.NOTHING


def chance_of(way: ForecastDirection, rising: float) -> float:
    """The probability of that direction."""
    return rising if way is ForecastDirection.UP else 1 - rising


class ForecastAlerts(Protocol):
    """A person's alerts on forecasts. Every method raises DatabaseUnavailable."""

    async def create(self, new: NewForecastAlert) -> ForecastAlert:
        """The alert, made by the first call of its command. Raises TooManyForecastAlerts."""

    async def waiting(self, person_id: int, market: str) -> Sequence[ForecastAlert]:
        """All that are armed, the newest first."""

    async def cancel_all(self, person_id: int, market: str, newest: int) -> int:
        """Ends all that are armed in a market up to alert `newest`, so that none goes that was not shown; how many."""

    async def cancel(self, person_id: int, alert_id: int) -> ForecastAlert:
        """Ends an armed alert; again it is cancelled already. Raises UnknownForecastAlert."""

    async def repeat(self, person_id: int, alert_id: int) -> ForecastAlert:
        """Lets it fire every time from now on; one that fired waits for the chance to come back first. Raises
        UnknownForecastAlert (cancelled ones stay so), TooManyForecastAlerts."""


class ForecastAlertStore(Protocol):
    """What the watcher needs. Every method raises DatabaseUnavailable and may be repeated without harm."""

    async def armed(self, market: str) -> Sequence[ForecastAlert]:
        """All that wait in a market."""

    async def fire(self, firings: Sequence[ForecastFiring], now: datetime) -> frozenset[int]:
        """One transaction: marks the alerts fired and puts their notices into the outbox. Returns those that did fire;
        the others were cancelled or fired by another watcher meanwhile."""

    async def returned(self, alerts: Sequence[ForecastAlert]) -> None:
        """The chance has come back: they may fire again."""
