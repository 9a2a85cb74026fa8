"""Notification of a robot that was paused or has ended without the user."""

from decimal import Decimal

import msgspec

from pipeline.market import Interval, Symbol
from trading.recurring.notices import Obstacle


class RobotHalted(msgspec.Struct, frozen=True, tag_field="kind", tag="robot"):
    """A robot was paused, was stopped or has ended (`state`) for `reason`, a `trading.strategies.robots.RobotReason`.
    `obstacle` is the refusal that paused it, `quantity` (base asset) what it still holds, `profit` what its sales
    realised, in the quote asset.
    """

    robot_id: int
    name: str
    market: str
    symbol: Symbol
    interval: Interval
    state: str
    reason: str
    quantity: Decimal
    profit: Decimal
    obstacle: Obstacle | None = None
