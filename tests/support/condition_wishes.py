"""A wish for a condition alert: the RSI of 1-minute candles at 30 or less."""

from decimal import Decimal

from core.outbox import Chat
from pipeline.market import Interval
from tests.support.push_house import BTC, HOME, MARKET
from trading.alerts.condition_alerts import NewConditionAlert
from trading.triggers.conditions import Condition, Measure
from trading.triggers.price_levels import Direction

RSI = Condition(Measure.RSI, Direction.BELOW, Decimal(30), Interval.M1, 2)


def condition_wish(
    person_id: int,
    number: int = 1,
    condition: Condition = RSI,
    *,
    chat: Chat = HOME,
    market: str = MARKET,
    repeat: bool = False,
    ready: bool = True,
    since: int = 0,
    expires_at: int | None = None,
) -> NewConditionAlert:
    return NewConditionAlert(
        f"condition-{person_id}-{number}",
        person_id,
        chat,
        market,
        BTC,
        condition,
        condition.rearm(Decimal("0.005")),
        repeat,
        ready,
        since,
        note="half of it",
        expires_at=expires_at,
    )
