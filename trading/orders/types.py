"""Orders, fills and receipts: the vocabulary of trades for all layers above.

All amounts are Decimal at the asset's scale. Fractions (slippage, fee rate, share) are plain: 0.001 is 0.1 %.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from pipeline.market import SourceKind, Symbol


class Side(StrEnum):
    """Side of an order from the user's point of view, of the base asset."""

    BUY = "buy"
    SELL = "sell"


@dataclass(frozen=True, slots=True)
class BaseQuantity:
    """`0.01`: so much of the base asset."""

    amount: Decimal


@dataclass(frozen=True, slots=True)
class QuoteAmount:
    """`100usdc` or `$100`: spend (buy, fee not added: it is taken from what is received) or raise (sell) so much."""

    amount: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """`25%` of what is available: of the quote asset when buying, of the base asset when selling; 0 < fraction <= 1.

    `max` is `Share(1)`: selling it empties the position to exactly zero.
    """

    fraction: Decimal


Size = BaseQuantity | QuoteAmount | Share


def size_text(size: Size) -> str:
    """Returns a canonical text, part of what a command id is bound to."""
    match size:
        case BaseQuantity(amount):
            return f"base:{amount.normalize():f}"
        case QuoteAmount(amount):
            return f"quote:{amount.normalize():f}"
        case Share(fraction):
            return f"share:{fraction.normalize():f}"
        case _:
            assert_never(size)


@dataclass(frozen=True, slots=True)
class Fill:
    """Quantity at one price: a level of the book, or a slice of the published size-impact rule."""

    price: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Balance:
    """Balance of an account in one asset; `held` is reserved by resting orders."""

    asset: str
    available: Decimal
    held: Decimal

    @property
    def total(self) -> Decimal:
        """Available and held together: all that the user owns of the asset."""
        return self.available + self.held


@dataclass(frozen=True, slots=True)
class Execution:
    """Result of matching a market order, pure, before any money moves.

    `quote_amount` is paid (buy, rounded up) or raised (sell, rounded down) before the fee. `fee` is taken from what is
    received: `fee_asset` is the base asset on a buy, the quote asset on a sell. `unfilled` expires (in the base asset).
    `slippage` is the average price's distance from `mid_price` as a fraction, positive if it costs the user. `received`
    is net of the fee.
    """

    symbol: Symbol
    side: Side
    fills: tuple[Fill, ...]
    quantity: Decimal
    unfilled: Decimal
    quote_amount: Decimal
    average_price: Decimal
    mid_price: Decimal
    slippage: Decimal
    fee: Decimal
    fee_asset: str
    received: Decimal
    source: SourceKind
    from_book: bool
    price_time: int
    price_age_ms: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Result that an order would have now; `size` is resolved, so that confirming does not read the balance again.

    `balances_after` are the base and the quote asset, in this order, if the order were filled at this price.
    """

    side: Side
    symbol: Symbol
    size: BaseQuantity | QuoteAmount
    whole_balance: bool
    execution: Execution
    balances_after: tuple[Balance, Balance]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A filled market order, as stored; `balances` are the base and the quote asset right after it.

    `realised` is the profit or loss a sale realised against average cost, in the quote asset (None on a buy).
    """

    order_id: int
    at: datetime
    execution: Execution
    balances: tuple[Balance, Balance]
    realised: Decimal | None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of /history: an order, or `grant` / `reset` with amounts of the quote asset."""

    order_id: int | None
    at: datetime
    kind: str  # "buy", "sell", "grant", "reset"
    symbol: Symbol | None
    quantity: Decimal
    price: Decimal | None
    quote_amount: Decimal
    fee: Decimal
    fee_asset: str | None
    realised: Decimal | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Page of history, newest first; `older` is the cursor of the next page, None on the last."""

    lines: tuple[HistoryLine, ...]
    older: int | None
