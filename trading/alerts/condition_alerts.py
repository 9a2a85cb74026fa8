"""Condition alerts: on indicators, volume, highs and lows, changes and the distance from an order; their stores for
commands and the trigger worker. No I/O.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from core.decimals import EXACT
from core.outbox import Chat
from pipeline.market import DAY_MS, MINUTE_MS, Interval, Symbol
from trading.alerts.errors import ConditionOutOfBounds, LengthOutOfBounds
from trading.alerts.ports import AlertState
from trading.rules.compile import compile_text
from trading.rules.costs import check_stream, load_of, stream_seconds
from trading.rules.errors import RuleReachesTooFar
from trading.rules.history import settled
from trading.rules.rule import parse_condition
from trading.rules.text import condition_text
from trading.triggers.conditions import Condition, ConditionFiring, ConditionTrigger, Measure
from trading.triggers.dials import CAUGHT_UP_MS
from trading.triggers.price_levels import Direction

MAX_CONDITION_ALERTS = 10
"""Most condition alerts of one user that wait in one market, armed or muted."""

MAX_NOTE = 200
"""Most characters of a note."""

LEVEL_SCALE = 4
"""Decimals of a level: two of its percentage."""

MAX_PAUSE_MINUTES = 7 * 1440
MAX_LIFE_MINUTES = 366 * 1440

CHANGE_WINDOWS: Mapping[int, tuple[Interval, int]] = MappingProxyType(
    {
        5: (Interval.M1, 5),
        15: (Interval.M1, 15),
        60: (Interval.M1, 60),
        240: (Interval.M1, 240),
        1440: (Interval.M1, 1440),
        10080: (Interval.H1, 168),
    }
)
"""Windows of a change in minutes, with the candles that follow them. That of a day is the exchange's."""

VOLATILITY_WINDOWS: Mapping[int, tuple[Interval, int]] = MappingProxyType(
    {
        60: (Interval.M1, 60),
        240: (Interval.M5, 48),
        1440: (Interval.M15, 96),
        10080: (Interval.H1, 168),
        43200: (Interval.H4, 180),
    }
)
"""Windows of a volatility in minutes, with the candles whose returns are counted."""

MAX_DAYS = 365
"""Longest window of a high or low."""

BOUNDS: Mapping[Measure, tuple[Decimal, Decimal]] = MappingProxyType(
    {
        Measure.CHANGE: (Decimal("0.001"), Decimal(10)),
        Measure.VOLUME: (Decimal("0.01"), Decimal(1000)),
        Measure.VOLATILITY: (Decimal("0.0001"), Decimal(5)),
        Measure.SMA: (Decimal(0), Decimal("0.9")),
        Measure.EMA: (Decimal(0), Decimal("0.9")),
        Measure.RSI: (Decimal(1), Decimal(99)),
        Measure.ORDER: (Decimal("0.0001"), Decimal("0.5")),
    }
)
"""Smallest and greatest level of each measure, without its sign."""

GREATEST_FALL = Decimal("0.99")

LENGTHS: Mapping[Measure, tuple[int, int]] = MappingProxyType(
    {Measure.VOLUME: (1, 200), Measure.SMA: (2, 200), Measure.EMA: (2, 200), Measure.RSI: (2, 100)}
)
"""Fewest and most candles, for measures whose number of candles users choose."""


MAX_RULE_CANDLES = 3_500
"""Most candles that the figures of a rule may need; those of a day, which are decided later, are read with them."""


def rule_condition(text: str, interval: Interval) -> Condition:
    """Returns the condition of a text in the rule language. Raises RuleSyntaxError, RuleNeedsWiderInterval,
    RuleReachesTooFar, RuleTooCostly.
    """
    rule = condition_text(parse_condition(text))
    series = compile_text(rule, interval)
    length = settled(series)
    if length > MAX_RULE_CANDLES:
        raise RuleReachesTooFar(length, MAX_RULE_CANDLES)
    check_stream(stream_seconds(load_of([series]), length + CAUGHT_UP_MS // interval.ms))
    return Condition(Measure.RULE, Direction.ABOVE, Decimal(1), interval, length, rule=rule)


def extreme_candles(days: int) -> tuple[Interval, int]:
    """Returns the candles that follow the highest and lowest price of so many days: narrower ones for shorter times."""
    interval = next((width for most, width in _EXTREME_WIDTHS if days <= most), Interval.D1)
    return interval, days * DAY_MS // interval.ms


_EXTREME_WIDTHS = ((3, Interval.M15), (30, Interval.H1), (120, Interval.H4))


def check_condition(condition: Condition) -> None:
    """Raises ConditionOutOfBounds or LengthOutOfBounds if no alert can wait for this condition."""
    measure, size = condition.measure, abs(condition.level)
    if measure in LENGTHS:
        fewest, most = LENGTHS[measure]
        if not fewest <= condition.length <= most:
            raise LengthOutOfBounds(measure.value, condition.length, fewest, most)
    if measure not in BOUNDS:
        return
    lowest, highest = BOUNDS[measure]
    if measure is Measure.CHANGE and condition.level < 0:
        highest = GREATEST_FALL
    if not lowest <= size <= highest or condition.level != round(condition.level, LEVEL_SCALE):
        scale = 0 if measure in {Measure.RSI, Measure.VOLUME} else 2
        figures = (EXACT.scaleb(each, scale) for each in (condition.level, lowest, highest))
        raise ConditionOutOfBounds(measure.value, *figures)


@dataclass(frozen=True, slots=True)
class NewConditionAlert:
    """Alert to be created. `command_id` is unique to the request and stays the same if it is delivered again. `ready`
    is False if the condition is already met; what was known before `market_time` does not count. `expires_at` is in ms
    of the market's clock.
    """

    command_id: str
    person_id: int
    chat: Chat
    market: str
    symbol: Symbol
    condition: Condition
    rearm: Decimal
    repeat: bool
    ready: bool
    market_time: int
    pause_ms: int = 0
    note: str = ""
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class NewCondition:
    """New condition of an existing alert; the fields are those of `NewConditionAlert`."""

    condition: Condition
    rearm: Decimal
    ready: bool
    market_time: int


@dataclass(frozen=True, slots=True)
class ConditionAlert:
    """Row of `condition_alert`. Its number is that of no other alert on prices."""

    alert_id: int
    person_id: int
    market: str
    symbol: Symbol
    condition: Condition
    rearm: Decimal
    repeat: bool
    state: AlertState
    ready: bool
    firings: int
    market_time: int
    created_at: datetime
    pause_ms: int = 0
    note: str = ""
    expires_at: int | None = None

    @property
    def awaited_return(self) -> Decimal:
        """Figure to which it must return before the alert is ready; that of an order follows the order's price."""
        order = self.condition.measure is Measure.ORDER
        return self.condition.rearm(Decimal(0)) if order else self.rearm

    @property
    def trigger(self) -> ConditionTrigger:
        """Trigger of the alert, for the trigger worker."""
        return ConditionTrigger(
            alert_id=self.alert_id,
            symbol=self.symbol,
            condition=self.condition,
            since=self.market_time,
            rearm=self.awaited_return,
            ready=self.ready,
            firings=self.firings,
            repeat=self.repeat,
            pause_ms=self.pause_ms if self.repeat else 0,
        )


@dataclass(frozen=True, slots=True)
class ConditionAlertChanges:
    """Changed alerts in their current state; `cursor` is where the next read continues."""

    alerts: tuple[ConditionAlert, ...]
    cursor: str


class ConditionAlerts(Protocol):
    """Store of a user's condition alerts. Every method raises DatabaseUnavailable."""

    async def create(self, new: NewConditionAlert) -> ConditionAlert:
        """Returns the alert, created by the first call of its command. Raises TooManyConditionAlerts, and SameAlert if
        an active one waits for the same.
        """

    async def waiting(self, person_id: int, market: str) -> Sequence[ConditionAlert]:
        """Returns all armed and muted alerts, the newest first."""

    async def find(self, person_id: int, alert_id: int) -> ConditionAlert:
        """Returns the user's own alert. Raises UnknownAlert."""

    async def cancel(self, person_id: int, alert_id: int) -> ConditionAlert:
        """Ends an alert; a repeated call returns it as cancelled. Raises UnknownAlert if it fired."""

    async def cancel_all(self, person_id: int, market: str, newest: int) -> int:
        """Ends all armed and muted alerts in a market up to alert `newest`. Returns their number."""

    async def edit(self, person_id: int, alert_id: int, change: NewCondition) -> ConditionAlert:
        """Changes the condition of an armed or muted alert. Raises UnknownAlert."""

    async def bring(self, person_id: int, alert_id: int, chat: Chat) -> None:
        """Moves the alert to the chat, unless it is in a private one."""

    async def mute(self, person_id: int, alert_id: int) -> ConditionAlert:
        """Mutes an armed alert. Raises UnknownAlert if it has ended."""

    async def repeat(self, person_id: int, alert_id: int, *, ready: bool, market_time: int) -> ConditionAlert:
        """Arms an alert again, as a repeating one; one that is armed stays as ready as it is. Raises UnknownAlert
        (cancelled alerts stay cancelled), TooManyConditionAlerts.
        """


class ConditionAlertStore(Protocol):
    """Store of condition alerts for the trigger worker. Every method raises DatabaseUnavailable and may be repeated
    without harm.
    """

    async def changes(self, market: str, mark: str) -> ConditionAlertChanges:
        """Returns the alerts of a market that changed since the cursor `mark`; all armed ones if it is ""."""

    async def fire(self, market: str, firings: Sequence[ConditionFiring]) -> frozenset[int]:
        """Marks the alerts fired and puts their notifications into the outbox, in one transaction. Returns the alerts
        that did fire; the others were changed or ended, or fired by another worker, meanwhile.
        """

    async def returned(self, triggers: Sequence[ConditionTrigger]) -> None:
        """Marks these triggers ready, because their figures returned."""


def window_minutes(condition: Condition) -> int:
    """Returns the time that the candles of a condition span, in minutes."""
    return condition.window_ms // MINUTE_MS
