"""The closed union of notifications that the outbox carries, and its decoder.

A notification holds the facts of an event, not its text. The text is rendered when the notification is sent, in the
language that the user has set at that time.
"""

import msgspec

from core.outbox import VERSION
from ml.monitoring.notices import DriftFound
from people.notices import Broadcast, ChatGone, LinkAsked, LinkJoined, LinkUndone
from pipeline.news.notices import HeadlinesFound
from pipeline.quality.notices import QualityFound
from trading.alerts.notices import AlertFired, ConditionFired, ForecastFired, RangeFired, WaitEnded
from trading.limits.notices import LimitPaused
from trading.order_groups.notices import GroupPlaced
from trading.orders.notices import OrderEnded, OrderExpired, OrderFilled, OrderTriggered
from trading.portfolio.notices import AccountCorrected, CorporateActionTold, Digest, SymbolHeld
from trading.rebalancing.notices import BandLeft, RebalancingFailed
from trading.recurring.notices import BuyFailed, BuyMissed
from trading.scan.notices import ScanTold
from trading.strategies.notices import RobotHalted

Notice = (
    AlertFired
    | OrderFilled
    | OrderExpired
    | OrderTriggered
    | OrderEnded
    | Digest
    | AccountCorrected
    | SymbolHeld
    | CorporateActionTold
    | ForecastFired
    | RangeFired
    | ConditionFired
    | ChatGone
    | Broadcast
    | BuyFailed
    | BuyMissed
    | WaitEnded
    | GroupPlaced
    | BandLeft
    | RebalancingFailed
    | LimitPaused
    | RobotHalted
    | ScanTold
    | HeadlinesFound
    | QualityFound
    | DriftFound
    | LinkAsked
    | LinkJoined
    | LinkUndone
)


class _Envelope(msgspec.Struct, frozen=True):
    v: int
    notice: Notice


class UnreadableNotice(Exception):
    """The notification was written by a newer version, or is damaged."""


_decoder = msgspec.json.Decoder(_Envelope)


def decode(body: str | bytes) -> Notice:
    """Decodes a notification. Raises UnreadableNotice."""
    try:
        envelope = _decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise UnreadableNotice(str(error)) from error
    if envelope.v != VERSION:
        raise UnreadableNotice(f"version {envelope.v}")
    return envelope.notice
