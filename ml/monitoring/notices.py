"""Notifications about models, for operators."""

import msgspec


class DriftFound(msgspec.Struct, frozen=True, tag_field="kind", tag="drift"):
    """Notification that a model no longer fits its market.

    `sign` is the subject of the drift (features or errors). `what` has reached `amount`, beyond `bound`, since `since`
    (UTC ms).
    """

    market: str
    version: int
    horizon: int
    sign: str
    what: str
    amount: float
    bound: float
    since: int
