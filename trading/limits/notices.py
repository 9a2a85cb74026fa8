"""Notification of a limit that was reached."""

from decimal import Decimal

import msgspec


class LimitPaused(msgspec.Struct, frozen=True, tag_field="kind", tag="limit"):
    """An account reached the limit on the day's loss (`limit`: day) or on the drawdown: `equity` has fallen from
    `reference` by `value` (a fraction) or more. Purchases are refused until `until` (UTC ms), None: until the user
    resumes. `cancelled` open orders ended with it. `of_desk`: an operator set the limit.
    """

    market: str
    quote: str
    limit: str
    value: Decimal
    equity: Decimal
    reference: Decimal
    cancelled: int
    of_desk: bool
    time: int
    until: int | None = None
