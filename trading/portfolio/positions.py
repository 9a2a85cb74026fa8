"""Positions at average cost, and realised and unrealised P&L, computed by the same functions everywhere.

The cost of a holding is one exact amount of the quote asset, fees included. A buy adds the paid amount to the cost and
the received quantity, net of the fee, to the quantity, so average cost = cost / quantity. A sale releases the part of
the cost that corresponds to the sold quantity, rounded down to the quote asset's smallest unit; the last sale releases
all of it. Realised P&L of a sale = proceeds net of the fee - released cost. Every figure is thus exact, and

    realised + unrealised = equity - granted

holds to the last digit. The database updates the same state in the transaction of each order (place_order in the
ledger's migration); the audit applies these functions to all orders and compares the results.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.decimals import EXACT, ROUNDING, down, up
from pipeline.archive.units import NO_UNITS, UnitChange, Units, present_price
from pipeline.market import LATEST_MS, Symbol

ZERO = Decimal(0)
AVERAGE_COST_SCALE = 12


@dataclass(frozen=True, slots=True)
class Holding:
    """Quantity of a base asset, its whole `cost` and the profit `realised` on it so far, both in the quote asset."""

    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    realised: Decimal = ZERO


def after_buy(holding: Holding, received: Decimal, paid: Decimal) -> Holding:
    """Returns the holding after a buy. `received` is net of the fee, `paid` is the quote amount."""
    return Holding(EXACT.add(holding.quantity, received), EXACT.add(holding.cost, paid), holding.realised)


def after_sale(holding: Holding, sold: Decimal, proceeds: Decimal, quote_unit: Decimal) -> Holding:
    """Returns the holding after a sale. `proceeds` are net of the fee, `quote_unit` is the smallest quote amount.

    Raises ValueError unless 0 < sold <= the quantity held.
    """
    if not 0 < sold <= holding.quantity:
        raise ValueError(f"cannot sell {sold} of {holding.quantity}")
    released = released_cost(holding, sold, quote_unit)
    gain = EXACT.subtract(proceeds, released)
    return Holding(
        EXACT.subtract(holding.quantity, sold),
        EXACT.subtract(holding.cost, released),
        EXACT.add(holding.realised, gain),
    )


def combined(holding: Holding, other: Holding) -> Holding:
    """Returns two holdings of one asset as one. Its average cost is that of the whole quantity."""
    return Holding(
        EXACT.add(holding.quantity, other.quantity),
        EXACT.add(holding.cost, other.cost),
        EXACT.add(holding.realised, other.realised),
    )


def reversed_change(holding: Holding, quantity: Decimal, cost: Decimal, realised: Decimal) -> tuple[Decimal, Decimal]:
    """Returns the change of a holding's cost and realised profit when an entry is reversed that had changed them by
    `cost` and `realised`; `quantity` is the change of the quantity now.

    What later sales have released of the cost can no longer be taken from it: the difference becomes realised profit,
    so that the whole profit is that of an account without both entries.
    """
    owned = EXACT.add(holding.quantity, quantity)
    left = max(EXACT.subtract(holding.cost, cost), ZERO) if owned else ZERO
    change = EXACT.subtract(left, holding.cost)
    return change, EXACT.subtract(EXACT.add(cost, change), realised)


def released_cost(holding: Holding, sold: Decimal, quote_unit: Decimal) -> Decimal:
    """Returns the part of the cost that a sale of `sold` releases."""
    if sold == holding.quantity:
        return holding.cost
    units = ROUNDING.divide_int(EXACT.multiply(holding.cost, sold), EXACT.multiply(holding.quantity, quote_unit))
    return EXACT.multiply(units, quote_unit)


@dataclass(frozen=True, slots=True)
class Mark:
    """Price at which a holding is valued; `quote_scale` is the number of decimals to which the
    value is rounded down. `time` is that of the price, UTC ms of the market's clock.
    """

    price: Decimal
    quote_scale: int
    stale: bool
    time: int = LATEST_MS


@dataclass(frozen=True, slots=True)
class Position:
    """Holding of one base asset; amounts are in the quote asset. `price` is None if no price is known, and so are
    `value` and `unrealised`. `average_cost` is per unit and includes fees. `stale` marks a price too old to trade on.
    """

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
    """Valued account: `equity` = cash + the value of all positions with a known price.

    A position without a known price is valued at zero, both in `equity` and in `unrealised`.
    """

    quote_asset: str
    cash: Decimal
    positions: tuple[Position, ...]
    equity: Decimal
    granted: Decimal
    realised: Decimal
    unrealised: Decimal
    units: Units = field(default_factory=dict)

    @property
    def profit(self) -> Decimal:
        """Equity minus the grant: realised and unrealised profit together."""
        return EXACT.subtract(self.equity, self.granted)

    def priced(self) -> list[Position]:
        """Returns the positions with a value above zero, the largest first."""
        known = [position for position in self.positions if position.quantity > 0 and position.value]
        return sorted(known, key=lambda each: (-(each.value or 0), each.symbol))


def value_portfolio(
    quote_asset: str,
    cash: Decimal,
    granted: Decimal,
    holdings: Mapping[tuple[Symbol, str], Holding],
    marks: Mapping[Symbol, Mark],
    *,
    units: Units = NO_UNITS,
) -> Portfolio:
    """Returns the account valued at `marks`, in the `units` in which it counts. `holdings` by (symbol, base asset)
    include those sold completely in this round.
    """
    positions = tuple(
        value_position(symbol, asset, holding, in_units(marks.get(symbol), units.get(symbol, ())))
        for (symbol, asset), holding in sorted(holdings.items())
        if holding.quantity > 0
    )
    equity = _sum([cash, *(each.value for each in positions if each.value is not None)])
    cost = _sum([holding.cost for holding in holdings.values()])
    return Portfolio(
        quote_asset=quote_asset,
        cash=cash,
        positions=positions,
        equity=equity,
        granted=granted,
        realised=_sum([holding.realised for holding in holdings.values()]),
        units=units,
        unrealised=EXACT.subtract(EXACT.subtract(equity, cash), cost),
    )


def in_units(mark: Mark | None, changes: Sequence[UnitChange]) -> Mark | None:
    """Returns the mark in the unit of coins that have been through these changes."""
    if mark is None or not changes:
        return mark
    return replace(mark, price=present_price(mark.price, mark.time, changes))


def value_position(symbol: Symbol, asset: str, holding: Holding, mark: Mark | None) -> Position:
    """Values one holding at one price; the value is rounded down to the quote asset's scale."""
    value = None if mark is None else down(EXACT.multiply(holding.quantity, mark.price), mark.quote_scale)
    return Position(
        symbol=symbol,
        asset=asset,
        quantity=holding.quantity,
        average_cost=average_cost(holding),
        price=None if mark is None else mark.price,
        value=value,
        unrealised=None if value is None else EXACT.subtract(value, holding.cost),
        realised=holding.realised,
        stale=mark is not None and mark.stale,
    )


def average_cost(holding: Holding) -> Decimal:
    """Returns the cost per unit, fees included, of a holding that is not empty; rounded up to 12 decimals."""
    return up(ROUNDING.divide(holding.cost, holding.quantity), AVERAGE_COST_SCALE)


def _sum(amounts: Sequence[Decimal]) -> Decimal:
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total
