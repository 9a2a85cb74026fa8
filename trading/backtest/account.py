"""Account of a back-test: cash, position and executions. Exact; longs and shorts alike."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from core.decimals import EXACT, ROUNDING
from pipeline.rules import SymbolRules
from trading.orders.types import Balance, Execution, Side
from trading.strategies.decisions import StrategyState, in_position

ZERO = Decimal(0)


class Cause(StrEnum):
    """Cause of an execution."""

    ENTRY = "entry"
    EXIT = "exit"
    """An exit signal, or the close at the stop or take profit of a rule that trails."""
    STOP = "stop"
    TAKE_PROFIT = "take_profit"
    TRAILING = "trailing"


class BookedExecution(Struct, frozen=True, gc=False):
    """Execution in candle `index` at `time` (UTC ms), with the cash and the quantity after it."""

    index: int
    time: int
    cause: Cause
    execution: Execution
    cash: Decimal
    quantity: Decimal

    @property
    def fee(self) -> Decimal:
        """Fee in the quote asset; that of a purchase at its average price."""
        done = self.execution
        return EXACT.multiply(done.fee, done.average_price) if done.side is Side.BUY else done.fee

    @property
    def slippage(self) -> Decimal:
        """Distance of the average price from the mid price times the quantity, in the quote asset; 0 for orders that
        rested. Positive if it costs.
        """
        done = self.execution
        if done.maker:
            return ZERO
        against = EXACT.subtract(done.average_price, done.mid_price)
        return EXACT.multiply(against if done.side is Side.BUY else -against, done.quantity)

    @property
    def value(self) -> Decimal:
        """Value traded in the quote asset."""
        return self.execution.quote_amount


class StrategyAccount:
    """Cash and position of a strategy, and what it traded."""

    def __init__(self, cash: Decimal, rules: SymbolRules) -> None:
        self.cash = cash
        self.quantity = ZERO
        self.entry_price: Decimal | None = None
        self.executions: list[BookedExecution] = []
        self._rules = rules

    @property
    def holds(self) -> bool:
        """True if there is a position."""
        return in_position(self.quantity, self._rules)

    def state(self, price: Decimal) -> StrategyState:
        """Returns what the strategy has at a price."""
        equity = EXACT.add(self.cash, EXACT.multiply(self.quantity, price))
        return StrategyState(self.quantity, self.entry_price if self.holds else None, equity, self.cash)

    def balances(self) -> tuple[Balance, Balance]:
        """Returns the balances of the base and the quote asset, all of it available."""
        return Balance(self._rules.base, self.quantity, ZERO), Balance(self._rules.quote, self.cash, ZERO)

    def book(self, execution: Execution, index: int, time: int, cause: Cause) -> None:
        """Moves the money of an execution."""
        if execution.side is Side.BUY:
            self.cash = EXACT.subtract(self.cash, execution.quote_amount)
            self.quantity = EXACT.add(self.quantity, execution.received)
        else:
            self.cash = EXACT.add(self.cash, execution.received)
            self.quantity = EXACT.subtract(self.quantity, execution.quantity)
        if cause is Cause.ENTRY:
            self.entry_price = execution.average_price
        self.executions.append(BookedExecution(index, time, cause, execution, self.cash, self.quantity))


class RoundTrip(Struct, frozen=True, gc=False):
    """A position from its entry to its end; `exit_index`, `exit_time`, `exit_price` and `cause` are None while it is
    open. Prices are averages of the fills, times UTC ms, `quantity` what the entry brought, below zero for a short.
    `profit` (quote asset, net of fees) is the change of the cash: of an open one, what it cost so far.
    """

    entry_index: int
    entry_time: int
    entry_price: Decimal
    quantity: Decimal
    spent: Decimal
    profit: Decimal
    fees: Decimal
    exit_index: int | None = None
    exit_time: int | None = None
    exit_price: Decimal | None = None
    cause: Cause | None = None

    @property
    def gain(self) -> Decimal:
        """Profit as a fraction of the value of the entry."""
        return ROUNDING.divide(self.profit, self.spent)


def round_trips(executions: list[BookedExecution], cash: Decimal, rules: SymbolRules) -> list[RoundTrip]:
    """Returns the positions in order of time, the last of which may be open; `cash` was there before the first."""
    found: list[RoundTrip] = []
    begun: list[BookedExecution] = []
    before = cash
    for done in executions:
        begun.append(done)
        left = done.execution.side is not begun[0].execution.side
        if left and not in_position(abs(done.quantity), rules):
            found.append(_round_trip(begun, before, closed=True))
            begun, before = [], done.cash
    return [*found, _round_trip(begun, before, closed=False)] if begun else found


def _round_trip(done: list[BookedExecution], before: Decimal, *, closed: bool) -> RoundTrip:
    first, last = done[0], done[-1]
    exits = [each for each in done if each.execution.side is not first.execution.side]
    entries = [each for each in done if each.execution.side is first.execution.side]
    return RoundTrip(
        entry_index=first.index,
        entry_time=first.time,
        entry_price=_average(entries),
        quantity=first.execution.received if first.execution.side is Side.BUY else -first.execution.quantity,
        spent=sum((each.value for each in entries), ZERO),
        profit=EXACT.subtract(last.cash, before),
        fees=sum((each.fee for each in done), ZERO),
        exit_index=last.index if closed else None,
        exit_time=last.time if closed else None,
        exit_price=_average(exits) if closed else None,
        cause=last.cause if closed else None,
    )


def _average(done: list[BookedExecution]) -> Decimal:
    if len(done) == 1:
        return done[0].execution.average_price
    quantity = sum((each.execution.quantity for each in done), ZERO)
    worth = sum((EXACT.multiply(each.execution.average_price, each.execution.quantity) for each in done), ZERO)
    return ROUNDING.divide(worth, quantity)
