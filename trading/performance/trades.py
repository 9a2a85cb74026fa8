"""Figures of trades: profit of a coin, win rate, payoff, expectancy, holding time, turnover, cost. Money is Decimal."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from core.decimals import EXACT, ROUNDING

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class PricedTrade:
    """A buy or a sale of a quantity at a price, with its fee in the quote asset."""

    buy: bool
    quantity: Decimal
    price: Decimal
    fee: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class TradeProfit:
    """Profit of the trades of one coin: `gross` without and `net` with fees. `bought` is the money spent on buys, which
    the fractions refer to. What is left has the cost `investment_left`, at `average_price` without fees.
    """

    gross: Decimal
    net: Decimal
    bought: Decimal
    quantity_left: Decimal
    investment_left: Decimal
    average_price: Decimal | None

    @property
    def gross_fraction(self) -> float | None:
        """Gross profit as a fraction of the money spent on buys."""
        return float(self.gross / self.bought) if self.bought else None

    @property
    def net_fraction(self) -> float | None:
        """Net profit as a fraction of the money spent on buys."""
        return float(self.net / self.bought) if self.bought else None


def trade_profit(trades: Iterable[PricedTrade], mark: Decimal | None = None) -> TradeProfit:
    """Returns the profit of trades in order of time, at average cost; what is left is valued at `mark`, at its cost
    for None. Raises ValueError if more is sold than was bought.
    """
    left = cost = bought = realised = fees = ZERO
    for trade in trades:
        amount = EXACT.multiply(trade.quantity, trade.price)
        fees = EXACT.add(fees, trade.fee)
        if trade.buy:
            left, cost, bought = EXACT.add(left, trade.quantity), EXACT.add(cost, amount), EXACT.add(bought, amount)
            continue
        if trade.quantity > left:
            raise ValueError(f"cannot sell {trade.quantity} of {left}")
        released = cost if trade.quantity == left else ROUNDING.divide(ROUNDING.multiply(cost, trade.quantity), left)
        realised = ROUNDING.add(realised, ROUNDING.subtract(amount, released))
        left, cost = EXACT.subtract(left, trade.quantity), ROUNDING.subtract(cost, released)
    value = cost if mark is None else ROUNDING.multiply(left, mark)
    gross = ROUNDING.subtract(ROUNDING.add(realised, value), cost)
    average = ROUNDING.divide(cost, left) if left else None
    return TradeProfit(gross, ROUNDING.subtract(gross, fees), bought, left, cost, average)


@dataclass(frozen=True, slots=True)
class TradeStatistics:
    """Figures of closed trades. Money is in the quote asset; a figure without trades to compute it from is None."""

    count: int
    wins: int
    losses: int
    win_rate: float | None
    average_win: Decimal | None
    average_loss: Decimal | None
    payoff: float | None
    profit_factor: float | None
    expectancy: Decimal | None


def trade_statistics(profits: Sequence[Decimal]) -> TradeStatistics:
    """Returns the figures of closed trades from their realised profits, fees included.

    Win rate is wins / all trades, a trade that ends even being neither win nor loss. Payoff is average win / average
    loss, profit factor sum of wins / sum of losses, expectancy the mean profit. A loss is stated as a negative amount.
    """
    wins, losses = [each for each in profits if each > 0], [each for each in profits if each < 0]
    won, lost, count = sum(wins, ZERO), sum(losses, ZERO), len(profits)
    win = ROUNDING.divide(won, Decimal(len(wins))) if wins else None
    loss = ROUNDING.divide(lost, Decimal(len(losses))) if losses else None
    return TradeStatistics(
        count=count,
        wins=len(wins),
        losses=len(losses),
        win_rate=len(wins) / count if count else None,
        average_win=win,
        average_loss=loss,
        payoff=float(win / -loss) if win is not None and loss is not None else None,
        profit_factor=float(won / -lost) if losses else None,
        expectancy=ROUNDING.divide(ROUNDING.add(won, lost), Decimal(count)) if count else None,
    )


class HoldingTimes:
    """Ages of what is sold, first in, first out. A sale's weight in the mean is the money that it raised."""

    def __init__(self) -> None:
        self._lots: dict[tuple[str, str], deque[tuple[int, float]]] = {}
        self._weights: list[float] = []
        self._ages: list[float] = []

    def bought(self, owner: str, asset: str, time: int, quantity: Decimal) -> None:
        """Adds a lot of an owner's asset at `time` (ms)."""
        self._lots.setdefault((owner, asset), deque()).append((time, float(quantity)))

    def sold(
        self, owner: str, asset: str, time: int, quantity: Decimal, price: Decimal, *, counts: bool = True
    ) -> None:
        """Takes the oldest lots. A sale that does not count is left out of the mean."""
        lots, left = self._lots.setdefault((owner, asset), deque()), float(quantity)
        while lots and left > 0:
            opened, amount = lots[0]
            taken = min(amount, left)
            if counts:
                self._ages.append(float(time - opened))
                self._weights.append(taken * float(price))
            left -= taken
            if taken < amount:
                lots[0] = (opened, amount - taken)
            else:
                lots.popleft()

    def forget(self, owner: str) -> None:
        """Drops the lots of an owner who starts again."""
        self._lots = {key: lots for key, lots in self._lots.items() if key[0] != owner}

    def move(self, owner: str, to: str) -> None:
        """Gives the lots of an owner to another, in order of time."""
        for key in [key for key in self._lots if key[0] == owner and owner != to]:
            joined = sorted([*self._lots.pop(key), *self._lots.get((to, key[1]), ())])
            self._lots[to, key[1]] = deque(joined)

    @property
    def mean_ms(self) -> float | None:
        """Mean holding time in ms, weighted by the money sold; None without a counted sale."""
        weight = float(np.sum(self._weights))
        return float(np.dot(self._ages, self._weights)) / weight if weight > 0 else None


def turnover(bought: Decimal, sold: Decimal, average_equity: float | None) -> float | None:
    """Returns the lesser of purchases and sales / average equity (SEC Form N-1A), not annualised."""
    return float(min(bought, sold)) / average_equity if average_equity else None
