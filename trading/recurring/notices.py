"""Notifications of recurring buys: failed, missed."""

from decimal import Decimal

import msgspec

from core.errors import DeskError
from pipeline.market import Symbol

FORMER_CODES = {
    "command-reused": "idempotency-key-reused",
    "market-down": "market-unavailable",
    "not-enough": "insufficient-funds",
    "priced-only": "unsupported-quote-asset",
    "rule-broken": "exchange-filter-violation",
    "too-small": "below-minimum-quantity",
}
"""Former codes of errors: a notification stored by an earlier version still has them."""


class Obstacle(msgspec.Struct, frozen=True):
    """An error as data: its code, and its fields by their type."""

    code: str
    amounts: dict[str, Decimal] = {}
    counts: dict[str, int] = {}
    words: dict[str, str] = {}


def obstacle_of(error: DeskError) -> Obstacle:
    """Returns the data of an error that is needed to report it later, in any language."""
    found = error.details()
    return Obstacle(
        error.code(),
        {name: value for name, value in found.items() if isinstance(value, Decimal)},
        {name: value for name, value in found.items() if isinstance(value, int) and not isinstance(value, bool)},
        {name: _word(value) for name, value in found.items() if isinstance(value, str | tuple | bool)},
    )


def _word(value: str | tuple[str, ...] | bool) -> str:  # noqa: FBT001 - a field of an error
    """Returns a field as a sentence selects by it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


class BuyFailed(msgspec.Struct, frozen=True, tag_field="kind", tag="repeat"):
    """A recurring buy failed on `day` (a date of the user's own calendar), the `failures`-th time in a row; `next_at`
    (UTC ms) is the next try, None if the plan stopped. `size` is a figure of `size_kind`: base, quote or share.
    """

    plan_id: int
    market: str
    symbol: Symbol
    size_kind: str
    size: Decimal
    day: str
    obstacle: Obstacle
    failures: int
    next_at: int | None = None


class BuyMissed(msgspec.Struct, frozen=True, tag_field="kind", tag="repeat-missed"):
    """Paperdesk was not running when a recurring buy was due, `count` times, the last on `day`, and it is too late to
    make up for them.
    """

    plan_id: int
    market: str
    symbol: Symbol
    size_kind: str
    size: Decimal
    day: str
    count: int
    next_at: int
