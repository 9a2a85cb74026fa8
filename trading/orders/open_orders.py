"""Open orders, their lists, their holds, and the events of their lives."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from trading.orders.terms import OrderTerms


class OrderStatus(StrEnum):
    """Status of an order, as Binance names it. PENDING_NEW waits for the working order of its list."""

    PENDING_NEW = "PENDING_NEW"
    NEW = "NEW"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"

    @property
    def open(self) -> bool:
        """True while the order can still change."""
        return self in {OrderStatus.PENDING_NEW, OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED}


class OrderEventKind(StrEnum):
    """Event in the life of an order."""

    ACCEPTED = "accepted"
    ACTIVATED = "activated"
    """A pending order of a list went live."""
    TRIGGERED = "triggered"
    """The stop price was reached."""
    FILLED = "filled"
    """Filled in part or completely; the event names its execution."""
    AMENDED = "amended"
    CANCELED = "canceled"
    EXPIRED = "expired"


class EndReason(StrEnum):
    """Reason that an order was cancelled or expired."""

    USER = "user"
    LIST = "list"
    """Another order of its list was triggered, filled or ended."""
    TIME = "time"
    """Its date passed."""
    IMMEDIATE = "immediate"
    """IOC or FOK: what could not be filled at once."""
    PROTECTION = "protection"
    """The market moved too far from the trigger for a market order to go on."""
    FUNDS = "funds"
    """The money held for the order did not suffice for the rest at these prices."""
    RESET = "reset"
    MERGED = "merged"
    CLOSED = "closed"
    DELISTED = "delisted"
    ACTION = "action"
    """A corporate action changed the coin: a rename, a redenomination, a conversion or a delisting at a price."""
    FAULT = "fault"
    """The database rejected what the market did to it. This is a defect, and is logged as an error."""


class ListKind(StrEnum):
    """Kind of an order list: one cancels the other, one triggers the other, one triggers an OCO (a bracket)."""

    OCO = "OCO"
    OTO = "OTO"
    OTOCO = "OTOCO"


class ListRole(StrEnum):
    """Role of an order in its list. The working order of an OTO or OTOCO must fill before the others go live."""

    WORKING = "working"
    LIMIT = "limit"
    """The take-profit leg of a pair, or the pending order of an OTO."""
    STOP = "stop"
    """The stop-loss leg of a pair."""


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Place of an order in its list."""

    list_id: int
    kind: ListKind
    role: ListRole


@dataclass(frozen=True, slots=True)
class Hold:
    """Money reserved for an order; the two orders of an OCO share one hold (the same `hold_id`)."""

    hold_id: int
    asset: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order that is open.

    `version` is the number of its last event. `quantity` and `limit_price` start as those of the terms and change by
    amendments; `filled` is part of `quantity`. Only what happens after `accepted_at` counts for the order: it is the
    time of the acceptance or of the last amendment, UTC ms of the market's clock. `priority`
    orders the orders at one price: it is the number of the acceptance or of the last amendment that lost the place.
    `stop_price` is that of the terms until an amendment changes it. `hold_price` bounds what a purchase costs per unit
    (None for a sale). `received` is what its fills brought net of fees, in the base asset for a purchase and in the
    quote asset for a sale (None: not known, a lower bound follows from `filled`).
    `queue_ahead` is the displayed quantity of others ahead of the order at its price (None: not at the touch yet);
    `extreme` is the highest (sale) or lowest (purchase) price that a trailing order has followed (None: not active).
    """

    order_id: int
    account_id: int
    terms: OrderTerms
    status: OrderStatus
    version: int
    accepted_at: int
    quantity: Decimal
    filled: Decimal
    limit_price: Decimal | None
    hold: Hold | None
    fee_rate: Decimal
    priority: int
    place: ListPlace | None = None
    triggered: bool = False
    queue_ahead: Decimal | None = None
    extreme: Decimal | None = None
    hold_price: Decimal | None = None
    received: Decimal | None = None
    amended_stop: Decimal | None = None
    """Stop price after an amendment; None while it is that of the terms."""

    @property
    def stop_price(self) -> Decimal | None:
        """Present stop price: the amended one, or that of the terms."""
        return self.terms.stop_price if self.amended_stop is None else self.amended_stop

    @property
    def remaining(self) -> Decimal:
        """Quantity that is not filled yet."""
        return self.quantity - self.filled
