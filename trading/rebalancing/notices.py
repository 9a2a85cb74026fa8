"""Notifications of targets: a weight left its band, and a schedule that could not trade."""

from decimal import Decimal

import msgspec

from pipeline.market import Symbol
from trading.recurring.notices import Obstacle


class DriftLine(msgspec.Struct, frozen=True):
    """Weight of a coin, or of the cash (`symbol` None), beside the wished one."""

    symbol: Symbol | None
    wished: Decimal
    weight: Decimal


class BandLeft(msgspec.Struct, frozen=True, tag_field="kind", tag="rebalance-drift"):
    """Weights at the moment when one of them was found outside its band; `time` is UTC ms of the market's clock."""

    market: str
    quote: str
    band: Decimal
    lines: tuple[DriftLine, ...]
    time: int


class RebalancingFailed(msgspec.Struct, frozen=True, tag_field="kind", tag="rebalance-failed"):
    """A schedule could not trade on `day` (a date of the user's own calendar): the reason, or None if Paperdesk was not
    running. `next_at` (UTC ms) is the next date; None if the schedule ended.
    """

    market: str
    day: str
    obstacle: Obstacle | None
    next_at: int | None = None
