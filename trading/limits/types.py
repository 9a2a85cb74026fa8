"""Kinds of limits, limits in force, and what they are measured against. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum


class LimitKind(StrEnum):
    """Kinds of limits. Every kind is stricter the smaller its value is."""

    DAY = "day"
    """Loss since the user's day began, as a fraction of the equity then. No purchases until the day ends."""
    DRAWDOWN = "drawdown"
    """Loss from the highest equity of the round, as a fraction of it. No purchases until the user resumes."""
    COIN = "coin"
    """Value of one coin and of the open purchases of it after an order, as a fraction of the equity."""
    ORDER = "order"
    """Amount of one purchase, in the quote asset."""
    ORDERS = "orders"
    """Number of open orders, of both sides."""
    STREAK = "streak"
    """Number of sales at a loss in a row, after which there is a cool-down."""
    LOSS = "loss"
    """Loss of one sale as a fraction of its cost, after which there is a cool-down."""


FRACTIONS = frozenset((LimitKind.DAY, LimitKind.DRAWDOWN, LimitKind.COIN, LimitKind.LOSS))
COUNTS = frozenset((LimitKind.ORDERS, LimitKind.STREAK))
VALUED = (LimitKind.DAY, LimitKind.DRAWDOWN, LimitKind.COIN)
"""Kinds that depend on the equity of the account."""

PAUSING = (LimitKind.DAY, LimitKind.DRAWDOWN)
"""Kinds that pause the account."""

MAX_COUNT = {LimitKind.ORDERS: 1000, LimitKind.STREAK: 100}
MAX_AMOUNT = Decimal(10) ** 12
MIN_FRACTION = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Limit:
    """Limit in force: a fraction, an amount of the quote asset, or a count, by its kind. `of_desk` says that an
    operator set it.
    """

    kind: LimitKind
    value: Decimal
    cooldown_minutes: int
    of_desk: bool = False


@dataclass(frozen=True, slots=True)
class OwnLimit:
    """A user's limit. From `next_at` on it is `next_value`; None removes it. `next_at` is None if nothing is to
    come.
    """

    kind: LimitKind
    value: Decimal
    next_value: Decimal | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Pause of an account: the limit that was reached, when, and until when; None: until the user resumes."""

    kind: LimitKind
    value: Decimal
    of_desk: bool
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProposedOrder:
    """Order before it is written. `amount` is the most that it spends, 0 for a sale; `bought` the value at the market's
    price of what it buys at once. `resting` is the number of orders that are accepted as open.
    """

    adds: bool
    amount: Decimal
    bought: Decimal = Decimal(0)
    resting: int = 0


@dataclass(frozen=True, slots=True)
class Sale:
    """Sale in full: when it was executed last, its profit and what the coins had cost."""

    at: datetime
    realised: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """Account that limits are measured against. `coin` is the value of the coin of an order, together with what open
    orders may buy of it; `sales` are those that limits depend on, newest first: all of a cool-down, and the newest
    until the first that was none at a loss.
    """

    asset: str
    equity: Decimal
    coin: Decimal
    day_start: Decimal
    day_ends: datetime
    peak: Decimal
    open_orders: int
    sales: tuple[Sale, ...] = ()
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class LimitDelays:
    """Delays of limits: `raising` is how long a weaker limit waits before it applies, `cooldown_minutes` how long
    nothing is bought after losses.
    """

    raising: timedelta
    cooldown_minutes: int
