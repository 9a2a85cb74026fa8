"""Dust: holdings below the exchange's minimum for an order of a part, and their sale in one command. Pure.

A holding is dust when it is below one step, below the minimum quantity, or worth less than the minimum notional. An
order for a part of it would be refused; the whole holding can always be sold (docs/adr/0004-fill-model.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.decimals import EXACT
from core.errors import DeskError
from pipeline.market import Symbol
from pipeline.rules import SymbolRules
from trading.matching.market_orders import smallest_part
from trading.orders.types import Execution, Receipt

MAX_DUST_SALES = 50
"""Maximum number of holdings that one command sells."""

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class DustPosition:
    """Whole holding that is dust: `price` is the average of its sale, `received` the proceeds, net of the fee."""

    symbol: Symbol
    asset: str
    quantity: Decimal
    price: Decimal
    received: Decimal


@dataclass(frozen=True, slots=True)
class UnsellableDust:
    """Dust that cannot be sold at the moment, and the reason."""

    asset: str
    reason: DeskError


@dataclass(frozen=True, slots=True)
class DustSale:
    """Preview of a sale of all dust: at most MAX_DUST_SALES crumbs; `more` is the number of the others."""

    crumbs: tuple[DustPosition, ...]
    kept: tuple[UnsellableDust, ...] = ()
    more: int = 0

    @property
    def received(self) -> Decimal:
        """Proceeds in all, in the quote asset, net of fees."""
        return _sum(crumb.received for crumb in self.crumbs)


@dataclass(frozen=True, slots=True)
class DustSold:
    """Orders that a sale of dust made; the holdings `kept` could not be sold."""

    receipts: tuple[Receipt, ...]
    kept: tuple[UnsellableDust, ...] = ()

    @property
    def received(self) -> Decimal:
        """Proceeds of the sales in all, in the quote asset, net of fees."""
        return _sum(receipt.execution.received for receipt in self.receipts)

    @property
    def realised(self) -> Decimal:
        """Profit or loss that the sales realised in all, in the quote asset."""
        return _sum(receipt.realised or ZERO for receipt in self.receipts)


def is_dust(quantity: Decimal, rules: SymbolRules, price: Decimal | None) -> bool:
    """True if an order of a part would be refused at `price`; without a price only the quantity is checked."""
    if quantity <= 0:
        return False
    if price is None or price <= 0:
        return quantity < rules.smallest_quantity
    return quantity < smallest_part(rules, price)


def leftover(execution: Execution, available: Decimal, rules: SymbolRules) -> Decimal | None:
    """Returns the balance of the base asset that the order leaves, if that is dust at the mid price; otherwise None."""
    return available if is_dust(available, rules, execution.mid_price) else None


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total
