"""Notifications of models, for operators."""

import msgspec


class DriftFound(msgspec.Struct, frozen=True, tag_field="kind", tag="drift"):
    """A model no longer fits its market: by `sign` (features or errors) `what` is at `amount`, beyond `bound`, since
    `since` (UTC ms)."""

    market: str
    version: int
    horizon: int
    sign: str
    what: str
    amount: float
    bound: float
    since: int
