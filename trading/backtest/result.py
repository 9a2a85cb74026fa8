"""Result of a back-test: the executions, what they made of the cash, and the value at every close."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from pipeline.candles import Floats
from trading.backtest.account import BookedExecution, RoundTrip, round_trips
from trading.backtest.history import History
from trading.backtest.terms import BacktestTerms

ZERO = Decimal(0)


@dataclass(frozen=True, eq=False)
class BacktestResult:
    """Executions of a back-test in order of time. `refused` counts the orders that the exchange's rules or the market
    refused, by the name of the error; `waiting` is True if the last decision had no candle left to trade in.
    """

    history: History
    terms: BacktestTerms
    executions: tuple[BookedExecution, ...]
    refused: Mapping[str, int]
    waiting: bool = False

    @cached_property
    def all_trades(self) -> tuple[RoundTrip, ...]:
        """Positions in order of time, the last of which may be open."""
        return tuple(round_trips(list(self.executions), self.terms.cash, self.terms.rules))

    @cached_property
    def trades(self) -> tuple[RoundTrip, ...]:
        """Positions that were closed."""
        return tuple(trade for trade in self.all_trades if trade.exit_index is not None)

    @property
    def open_trade(self) -> RoundTrip | None:
        """Position that is open after the last candle, which the equity values at its close."""
        trades = self.all_trades
        return trades[-1] if trades and trades[-1].exit_index is None else None

    @cached_property
    def position(self) -> Floats:
        """Quantity held at the close of every candle."""
        return self._after([ZERO, *(each.quantity for each in self.executions)])

    @cached_property
    def equity(self) -> Floats:
        """Cash and position at the close of every candle, in the quote asset."""
        cash = self._after([self.terms.cash, *(each.cash for each in self.executions)])
        return np.asarray(cash + self.position * self.history.candles.close)

    @cached_property
    def held(self) -> Floats:
        """Candles from the entry to the exit of a position, both included, as True."""
        count = len(self.history)
        found = np.zeros(count, np.bool_)
        for trade in self.all_trades:
            last = count - 1 if trade.exit_index is None else trade.exit_index
            found[trade.entry_index : last + 1] = True
        return np.asarray(found)

    @property
    def exposure(self) -> float:
        """Share of the candles with a position."""
        return float(self.held.mean())

    @property
    def net_return(self) -> float:
        """Return over the whole test."""
        return float(self.equity[-1]) / float(self.terms.cash) - 1.0

    @cached_property
    def fees(self) -> Decimal:
        """Fees in the quote asset."""
        return sum((each.fee for each in self.executions), ZERO)

    @cached_property
    def slippage(self) -> Decimal:
        """Cost of the spread and of the size-impact rule, in the quote asset."""
        return sum((each.slippage for each in self.executions), ZERO)

    @cached_property
    def turnover(self) -> Decimal:
        """Value of all purchases and sales, in the quote asset."""
        return sum((each.value for each in self.executions), ZERO)

    @property
    def partial(self) -> int:
        """Number of market orders that were filled in part: the rest expired."""
        return sum(1 for each in self.executions if each.execution.unfilled > 0)

    def _after(self, values: list[Decimal]) -> Floats:
        """Returns the value after the executions of every candle; the first is that before all of them."""
        changes = [0, *(each.index for each in self.executions), len(self.history)]
        return np.repeat([float(each) for each in values], np.diff(changes))
