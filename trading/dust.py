"""Dust: what is held below the exchange's minimum for an order of a part, and its sale in one command. Pure.

A holding is dust when it is below one step, below the minimum quantity, or worth less than the minimum notional. An
order of a part of it would be refused; the whole of it can always be sold (docs/adr/0004-fill-model.md).
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

MOST_SWEPT = 50
"""Holdings that one command sells."""

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Crumb:
    """A whole holding that is dust: `price` is the average of its sale, `received` what that raises, net of the fee."""

    symbol: Symbol
    asset: str
    quantity: Decimal
    price: Decimal
    received: Decimal


@dataclass(frozen=True, slots=True)
class UnsellableDust:
    """Dust that cannot be sold at the moment, and why."""

    asset: str
    reason: DeskError


@dataclass(frozen=True, slots=True)
class DustSale:
    """What selling all dust would do now; at most MOST_SWEPT crumbs, the rest is `more`."""

    crumbs: tuple[Crumb, ...]
    kept: tuple[UnsellableDust, ...] = ()
    more: int = 0

    @property
    def received(self) -> Decimal:
        """What it raises in all, in the quote asset, net of fees."""
        return _sum(crumb.received for crumb in self.crumbs)


@dataclass(frozen=True, slots=True)
class DustSold:
    """The orders that it made; `kept` could not be sold."""

    receipts: tuple[Receipt, ...]
    kept: tuple[UnsellableDust, ...] = ()

    @property
    def received(self) -> Decimal:
        """What the sales raised in all, in the quote asset, net of fees."""
        return _sum(receipt.execution.received for receipt in self.receipts)

    @property
    def realised(self) -> Decimal:
        """The profit or loss that the sales realised in all, in the quote asset."""
        return _sum(receipt.realised or ZERO for receipt in self.receipts)


def is_dust(quantity: Decimal, rules: SymbolRules, price: Decimal | None) -> bool:
    """Whether an order of a part would be refused at `price`; without a price only the quantity is looked at."""
    if quantity <= 0:
        return False
    if price is None or price <= 0:
        return quantity < rules.smallest_quantity
    return quantity < smallest_part(rules, price)


def leftover(execution: Execution, available: Decimal, rules: SymbolRules) -> Decimal | None:
    """What the order leaves of its base asset, where that is dust at the mid price; otherwise None."""
    return available if is_dust(available, rules, execution.mid_price) else None


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total
