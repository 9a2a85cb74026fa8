"""Orders, fills and receipts: the vocabulary of trades for all layers above.

All amounts are Decimal at the asset's scale. Fractions (slippage, fee rate, share) are plain: 0.001 is 0.1 %. What is
made for every matched order is a struct, not a dataclass: that takes a tenth of the time.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from msgspec import Struct

from pipeline.market import SourceKind, Symbol


class Side(StrEnum):
    """Side of an order from the user's point of view, of the base asset."""

    BUY = "buy"
    SELL = "sell"


class BaseQuantity(Struct, frozen=True, gc=False):
    """Amount of the base asset, such as `0.01`."""

    amount: Decimal


class QuoteAmount(Struct, frozen=True, gc=False):
    """Amount of the quote asset, such as `100usdc` or `$100`, to spend (buy) or to raise (sell).

    The fee of a buy is not added to it, but taken from the received base asset.
    """

    amount: Decimal


class Share(Struct, frozen=True, gc=False):
    """Share of the available balance, such as `25%`: of the quote asset for a buy, of the base asset for a sale.
    0 < fraction <= 1.

    `max` is `Share(1)`: selling it empties the position to exactly zero.
    """

    fraction: Decimal


Size = BaseQuantity | QuoteAmount | Share


def size_text(size: Size) -> str:
    """Returns a canonical text, which is part of the body to which a command id is bound."""
    match size:
        case BaseQuantity(amount):
            return f"base:{amount.normalize():f}"
        case QuoteAmount(amount):
            return f"quote:{amount.normalize():f}"
        case Share(fraction):
            return f"share:{fraction.normalize():f}"
        case _:
            assert_never(size)


class Fill(Struct, frozen=True, gc=False):
    """Quantity at one price: a level of the book, or a slice of the published size-impact rule."""

    price: Decimal
    quantity: Decimal


class Balance(Struct, frozen=True, gc=False):
    """Balance of an account in one asset; `held` is reserved by resting orders."""

    asset: str
    available: Decimal
    held: Decimal

    @property
    def total(self) -> Decimal:
        """Available and held amount together: all that the user owns of the asset."""
        return self.available + self.held


class Execution(Struct, frozen=True, gc=False):
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
    maker: bool = False
    """True if the order rested and the market came to it."""
    rule: str = ""
    """`FillRule` of a resting order, empty for a market order."""
    protected: bool = False
    """True if `unfilled` expired because further prices are too far from the best one."""
    latency_ms: int = 0
    """Simulated time that the order took to the market; 0 for the later fills of an order that rested."""

    @property
    def tick_id(self) -> str:
        """Identifier of the tick that priced it: source, symbol and time (UTC ms on the source's clock)."""
        return f"{self.source}:{self.symbol}:{self.price_time}"


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
    parent_id: int | None = None
    """Resting order of which this is one execution; None for a market order."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of /history: an order, `grant`, `reset`, `merge` or `adjustment` with amounts of the quote asset, or the
    `reversal` of an order, with the cash that it moved as `quote_amount`.
    """

    order_id: int | None
    at: datetime
    kind: str  # "buy", "sell", "grant", "reset", "merge", "adjustment", "reversal", "action"
    symbol: Symbol | None
    quantity: Decimal
    price: Decimal | None
    quote_amount: Decimal
    fee: Decimal
    fee_asset: str | None
    realised: Decimal | None
    parent_id: int | None = None
    """Resting order of which the line is one execution; None for a market order."""
    maker: bool = False
    """True if that order rested and the market came to it."""
    reverses: int | None = None
    """Order that a reversal reverses."""
    reason: str = ""
    """Reason that the operator gave for a reversal or an adjustment."""
    undone: bool = False
    """True if a later line reverses this one."""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Page of history, newest first; `older` is the cursor of the next page, None on the last."""

    lines: tuple[HistoryLine, ...]
    older: int | None
