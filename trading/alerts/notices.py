"""Notifications of alerts: a level or a range was reached, a condition was met, a forecast met its condition, a symbol
was delisted.
"""

from decimal import Decimal

import msgspec

from pipeline.market import MINUTE_MS, Symbol
from trading.triggers.conditions import ConditionFiring, Measure
from trading.triggers.price_levels import Direction, Firing
from trading.triggers.price_ranges import RangeFiring


class AlertFired(msgspec.Struct, frozen=True, tag_field="kind", tag="alert"):
    """The price of `symbol` reached `level` at `time` (ms of the market's clock)."""

    alert_id: int
    market: str
    symbol: Symbol
    direction: Direction
    level: Decimal
    price: Decimal
    time: int
    repeat: bool = False
    note: str = ""


class RangeFired(msgspec.Struct, frozen=True, tag_field="kind", tag="range"):
    """The prices of `symbol` in the `window` minutes before `time` (ms of the market's clock) lay between `low` and
    `high`, at least `fraction` of the lowest apart. `price` is the last one.
    """

    alert_id: int
    market: str
    symbol: Symbol
    fraction: Decimal
    window: int
    low: Decimal
    high: Decimal
    price: Decimal
    time: int
    repeat: bool = False
    note: str = ""


class ConditionFired(msgspec.Struct, frozen=True, tag_field="kind", tag="condition"):
    """The figure that `measure` names met its condition for `symbol` at `time` (ms of the market's clock). `figure` was
    measured against `base` (0: nothing), and `price` is the last one. `minutes` is the width of the candles, `length`
    their number; `reference` is the price of order `order_id`.
    """

    alert_id: int
    market: str
    symbol: Symbol
    measure: Measure
    direction: Direction
    level: Decimal
    minutes: int
    length: int
    figure: float
    base: float
    price: float
    time: int
    repeat: bool = False
    note: str = ""
    order_id: int | None = None
    reference: Decimal | None = None
    rule: str = ""


class ForecastFired(msgspec.Struct, frozen=True, tag_field="kind", tag="forecast"):
    """A forecast over `horizon` minutes, made at `made_at` (UTC ms), gives a rise (`way` is up) or fall of `symbol` at
    least the probability `chance`. `rising` and `falling` are the probabilities of a rise and of a fall, `expected` is
    the log return. Notices of earlier versions have no `falling`: there it is what is missing to 1.
    """

    alert_id: int
    market: str
    symbol: Symbol
    horizon: int
    way: str
    chance: Decimal
    rising: float
    expected: float
    made_at: int
    repeat: bool = False
    falling: float | None = None


class WaitEnded(msgspec.Struct, frozen=True, tag_field="kind", tag="delisted"):
    """The wait of an alert of any kind or of a recurring buy for `symbol` ended, because the symbol was delisted.
    `what` is alert, range, condition, forecast or repeat, `number` its number. A holding (`what`, with the number 0) is
    kept, but is no longer traded.
    """

    what: str
    number: int
    market: str
    symbol: Symbol


def fired(market: str, firing: Firing) -> AlertFired:
    """Returns the notification of a firing."""
    trigger = firing.trigger
    return AlertFired(
        alert_id=trigger.alert_id,
        market=market,
        symbol=trigger.symbol,
        direction=trigger.direction,
        level=trigger.level,
        price=firing.price,
        time=firing.time,
        repeat=trigger.repeat,
    )


def range_fired(market: str, firing: RangeFiring) -> RangeFired:
    """Returns the notification of a range alert's firing."""
    trigger = firing.trigger
    return RangeFired(
        alert_id=trigger.alert_id,
        market=market,
        symbol=trigger.symbol,
        fraction=trigger.fraction,
        window=trigger.window_ms // MINUTE_MS,
        low=firing.found.low,
        high=firing.found.high,
        price=firing.price,
        time=firing.time,
        repeat=trigger.repeat,
    )


def condition_fired(market: str, firing: ConditionFiring) -> ConditionFired:
    """Returns the notification of a condition alert's firing."""
    trigger, condition = firing.trigger, firing.trigger.condition
    return ConditionFired(
        alert_id=trigger.alert_id,
        market=market,
        symbol=trigger.symbol,
        measure=condition.measure,
        direction=condition.direction,
        level=condition.level,
        minutes=condition.interval.ms // MINUTE_MS,
        length=condition.length,
        figure=firing.figure,
        base=firing.base,
        price=firing.price,
        time=firing.time,
        repeat=trigger.repeat,
        order_id=condition.order_id,
        reference=condition.reference,
        rule=condition.rule,
    )
