"""Notifications about models, for operators."""

import msgspec


class DriftFound(msgspec.Struct, frozen=True, tag_field="kind", tag="drift"):
    """Notification that a model no longer fits its market.

    By `sign` (features or errors), `what` is at `amount`, beyond `bound`, since `since` (UTC ms).
    """

    market: str
    version: int
    horizon: int
    sign: str
    what: str
    amount: float
    bound: float
    since: int
