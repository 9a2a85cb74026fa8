"""Targets: wished weights, the band within which weights may drift, and how far they are from it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.decimals import ROUNDING
from core.recurrence import Recurrence, Slot
from pipeline.market import Symbol
from trading.portfolio.positions import Portfolio

BAND = Decimal("0.05")
"""Default band: five percentage points above or below the target."""

MIN_BAND = Decimal("0.001")

_ZERO, _ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Rhythm in which a target is traded back to if a band was left; `slot` is the next one, computed in `timezone`."""

    rhythm: Recurrence
    timezone: str
    slot: Slot


@dataclass(frozen=True, slots=True)
class Target:
    """Wished weights of coins. With cash, they are of the coins and the cash, and what they lack of 1 is cash;
    otherwise they sum to 1, and cash stays out. `outside` says that a band was left at the last check, at `checked_at`.
    `failures` are those of the schedule in a row, `last_day` is its last date that was dealt with.
    """

    target_id: int
    person_id: int
    market: str
    weights: Mapping[Symbol, Decimal]
    with_cash: bool
    band: Decimal
    outside: bool = False
    checked_at: datetime | None = None
    schedule: Schedule | None = None
    failures: int = 0
    last_day: date | None = None

    @property
    def cash(self) -> Decimal:
        """Wished weight of the cash."""
        return _ONE - sum(self.weights.values(), _ZERO) if self.with_cash else _ZERO


@dataclass(frozen=True, slots=True)
class WeightDrift:
    """Weight of a coin, or of the cash (`symbol` None), beside the wished one."""

    symbol: Symbol | None
    wished: Decimal
    weight: Decimal

    @property
    def points(self) -> Decimal:
        """Distance from the wished weight as a difference of fractions: 0.05 is five percentage points."""
        return self.weight - self.wished


def drifts(target: Target, portfolio: Portfolio) -> tuple[WeightDrift, ...] | None:
    """Returns the drift of every coin of the target, and of the cash if it counts. None if a price is missing or old,
    or if there is nothing to weigh.
    """
    held = {each.symbol: each for each in portfolio.positions if each.symbol in target.weights and each.quantity > 0}
    if any(each.stale or each.value is None for each in held.values()):
        return None
    values = {symbol: held[symbol].value or _ZERO if symbol in held else _ZERO for symbol in target.weights}
    whole = sum(values.values(), portfolio.cash if target.with_cash else _ZERO)
    if whole <= 0:
        return None
    coins = tuple(
        WeightDrift(symbol, wished, ROUNDING.divide(values[symbol], whole)) for symbol, wished in target.weights.items()
    )
    if not target.with_cash:
        return coins
    return (*coins, WeightDrift(None, target.cash, ROUNDING.divide(portfolio.cash, whole)))


def leaves_band(drift: WeightDrift, band: Decimal) -> bool:
    """True if the weight is farther from the wished one than the band allows. At the band it is inside."""
    return abs(drift.points) > band
