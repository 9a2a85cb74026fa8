"""Positions by average cost, realised and unrealised P&L: one function that everything uses."""

from dataclasses import dataclass
from decimal import Decimal

from pipeline.market import Symbol


@dataclass(frozen=True, slots=True)
class Position:
    """A holding of one base asset, in the quote asset; `price` is None when none is known, then so are the figures
    that need it. `average_cost` is per unit and includes fees. `stale` marks a price too old to trade on."""

    symbol: Symbol
    asset: str
    quantity: Decimal
    average_cost: Decimal
    price: Decimal | None
    value: Decimal | None
    unrealised: Decimal | None
    realised: Decimal
    stale: bool


@dataclass(frozen=True, slots=True)
class Portfolio:
    """An account at a moment: `equity` = cash + the value of all positions with a known price."""

    quote_asset: str
    cash: Decimal
    positions: tuple[Position, ...]
    equity: Decimal
    granted: Decimal
    realised: Decimal
    unrealised: Decimal

    @property
    def profit(self) -> Decimal:
        """Equity against the grant: realised and unrealised together."""
        return self.equity - self.granted
