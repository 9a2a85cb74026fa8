"""Conditions of alerts beyond a price: what is measured, against which threshold, and the trigger that waits for it.

A condition measures one figure of a symbol. Figures of candles (`ON_CANDLES`) exist once a candle of the condition's
interval has closed; the other figures change with each price. No I/O, no clock of its own.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from core.decimals import EXACT
from pipeline.market import DAY_MS, Interval, Symbol
from trading.triggers.price_levels import Direction
from trading.triggers.rearming import ready_from


class Measure(StrEnum):
    """Figure that a condition measures."""

    CHANGE = "change"
    """Change of the price within a window, as a fraction. That of 24 hours is the exchange's."""
    HIGH = "high"
    """Distance of the price from the highest price of a window, as a fraction."""
    LOW = "low"
    """Distance of the price from the lowest price of a window, as a fraction."""
    VOLUME = "volume"
    """Volume of the last candle as a multiple of the mean of those before it."""
    VOLATILITY = "volatility"
    """Realised volatility of a window, as a fraction."""
    SMA = "sma"
    """Distance of the close from its simple moving average, as a fraction."""
    EMA = "ema"
    """Distance of the close from its exponential moving average, as a fraction."""
    RSI = "rsi"
    """Relative strength index, 0 to 100."""
    ORDER = "order"
    """The price, which comes within a fraction of an order's."""
    RULE = "rule"
    """Truth of a condition of the rule language: 1 where it is true, 0 where it is false."""


ON_CANDLES = frozenset((Measure.VOLUME, Measure.VOLATILITY, Measure.SMA, Measure.EMA, Measure.RSI, Measure.RULE))
EXTREMES = frozenset((Measure.HIGH, Measure.LOW))

RSI_DISTANCE = Decimal(2)
"""Points that the RSI must return before an alert is ready again."""

_RETURN = Decimal("0.8")
_BEYOND = Decimal("1e-12")
"""Threshold of a new high or low: a price beyond it, not at it."""
_LEAVES = Decimal("1.25")


@dataclass(frozen=True, slots=True)
class Condition:
    """Condition of an alert. `level` is the figure that must be reached; for an order, it is the fraction of the price
    within which the market must come. `interval` is the width of the candles and `length` their number. `reference` is
    the order's price. A rule has its canonical text; its `length` is the number of candles that its figures need.
    """

    measure: Measure
    direction: Direction
    level: Decimal
    interval: Interval = Interval.M1
    length: int = 1
    order_id: int | None = None
    reference: Decimal | None = None
    rule: str = ""

    @property
    def window_ms(self) -> int:
        """Time that the candles span, ms."""
        return self.interval.ms * self.length

    @property
    def reads_candles(self) -> bool:
        """True if candles are needed: for everything but a distance from an order and the exchange's 24-hour change."""
        return self.measure is not Measure.ORDER and not self.of_the_day

    @property
    def of_the_day(self) -> bool:
        """True for the change over 24 hours, which ticks carry."""
        return self.measure is Measure.CHANGE and self.window_ms == DAY_MS

    @property
    def warm_up(self) -> int:
        """Number of closed candles before the figure is known, and does not depend on where it began."""
        match self.measure:
            case Measure.EMA:
                return 6 * self.length
            case Measure.RSI:
                return 10 * self.length
            case Measure.SMA | Measure.HIGH | Measure.LOW | Measure.RULE:
                return self.length
            case _:
                return self.length + 1

    @property
    def threshold(self) -> Decimal:
        """Figure at which the condition is met."""
        match self.measure:
            case Measure.HIGH:
                return _BEYOND
            case Measure.LOW:
                return -_BEYOND
            case Measure.ORDER:
                return self._near(self.level)
        return self.level

    def rearm(self, distance: Decimal) -> Decimal:
        """Returns the figure to which it must return before the alert is ready again: two points of an RSI, a fraction
        `distance` from a high or low, a quarter more from an order, a fifth of the level otherwise.
        """
        sign = -1 if self.direction is Direction.ABOVE else 1
        match self.measure:
            case Measure.RSI:
                return EXACT.add(self.level, sign * RSI_DISTANCE)
            case Measure.HIGH | Measure.LOW:
                return sign * distance
            case Measure.ORDER:
                return self._near(EXACT.multiply(self.level, _LEAVES))
        if self.level == 0:
            return sign * distance
        towards_zero = (self.level > 0) == (self.direction is Direction.ABOVE)
        return EXACT.multiply(self.level, _RETURN if towards_zero else _LEAVES)

    def _near(self, fraction: Decimal) -> Decimal:
        """Returns the price at this fraction from the order's, on the side from which the market comes."""
        share = EXACT.subtract(1, fraction) if self.direction is Direction.ABOVE else EXACT.add(1, fraction)
        return EXACT.multiply(self.reference or Decimal(0), share)

    def reached(self, figure: float) -> bool:
        """True if the figure meets the condition; an unknown one (NaN) does not."""
        level = float(self.threshold)
        return figure >= level if self.direction is Direction.ABOVE else figure <= level


@dataclass(frozen=True, slots=True)
class ConditionTrigger:
    """Waiting condition. What was known before `since` (ms of the market's clock) does not count; `firings` is the
    number of earlier firings, `repeat` lets it fire again. It is ready once the figure was beyond `rearm` on the near
    side; `pause_ms` is the least time between two firings.
    """

    alert_id: int
    symbol: Symbol
    condition: Condition
    since: int
    rearm: Decimal
    ready: bool = True
    firings: int = 0
    repeat: bool = False
    pause_ms: int = 0

    @property
    def awaited(self) -> float:
        """Figure for which the trigger waits: its threshold, or the one to which the figure must return."""
        return float(self.condition.threshold if self.ready else self.rearm)

    def returned(self, time: int) -> "ConditionTrigger":
        """Returns the trigger after the figure returned."""
        since = ready_from(time, self.since, self.firings, self.pause_ms)
        return replace(self, ready=True, since=since)

    def replaces(self, known: "ConditionTrigger") -> bool:
        """True if this version of the trigger replaces the known one: its settings differ, or its number of firings and
        its `since` are not smaller.
        """
        wish = (self.condition, self.repeat, self.rearm, self.pause_ms)
        if wish != (known.condition, known.repeat, known.rearm, known.pause_ms):
            return True
        return (known.firings, known.since) <= (self.firings, self.since)


@dataclass(frozen=True, slots=True)
class ConditionFiring:
    """Trigger before its firing, the figure that met it, what that was measured against (0 if nothing), and the price
    and time.
    """

    trigger: ConditionTrigger
    figure: float
    base: float
    price: float
    time: int

    def rearmed(self) -> ConditionTrigger:
        """Returns the trigger after this firing, for repeating alerts: it waits for the figure to return."""
        fired = self.trigger
        return replace(fired, ready=False, firings=fired.firings + 1, since=self.time + 1)


@dataclass(frozen=True, slots=True)
class ConditionHits:
    """Effects of prices and candles: triggers that fired, and triggers that became ready."""

    firings: tuple[ConditionFiring, ...] = ()
    rearmed: tuple[ConditionTrigger, ...] = ()
