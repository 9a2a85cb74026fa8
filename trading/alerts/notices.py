"""Notifications of alerts: a price level was reached, a forecast said what was waited for, a symbol was delisted."""

from decimal import Decimal

import msgspec

from pipeline.market import Symbol
from trading.triggers.price_levels import Direction, Firing


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


class ForecastFired(msgspec.Struct, frozen=True, tag_field="kind", tag="forecast"):
    """A forecast over `horizon` minutes, made at `made_at` (UTC ms), said that a rise (`way` is up) or fall of `symbol`
    has at least the probability `chance`: `rising` is that of a rise, `expected` the log return."""

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


class WaitEnded(msgspec.Struct, frozen=True, tag_field="kind", tag="delisted"):
    """What waited for `symbol` ended, because it was delisted: `what` is alert, forecast or repeat, by its number.
    A holding (`what`, with the number 0) stays, but is traded no more."""

    what: str
    number: int
    market: str
    symbol: Symbol


def fired(market: str, firing: Firing) -> AlertFired:
    """The notice of a firing."""
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
