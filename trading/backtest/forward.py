"""Comparison of a robot with the back-test of its rule over the same candles. Pure; CPU-bound: call it in a thread."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from pipeline.candles import CandleColumns
from trading.backtest.account import BookedExecution
from trading.backtest.engine import backtest
from trading.backtest.history import as_mapping, history_of
from trading.backtest.result import BacktestResult
from trading.backtest.terms import BacktestTerms
from trading.indicators.operators import Stopped, never
from trading.orders.types import Side
from trading.rules.rule import parse_rule
from trading.rules.signals import signals
from trading.strategies.robots import Robot, RobotTrade


@dataclass(frozen=True, slots=True)
class ComparedTrade:
    """Execution of the robot (`forward`) and of the back-test (`tested`) in the candle that begins at `candle` (UTC
    ms); None where only one of them traded.
    """

    candle: int
    side: Side
    forward: RobotTrade | None
    tested: BookedExecution | None

    @property
    def same(self) -> bool:
        """True if quantity and price are equal."""
        if self.forward is None or self.tested is None:
            return False
        done = self.tested.execution
        return (self.forward.quantity, self.forward.price) == (done.quantity, done.average_price)

    @property
    def slippage(self) -> Decimal | None:
        """Distance of the robot's price from the tested one, as a fraction; above zero if it cost."""
        if self.forward is None or self.tested is None:
            return None
        expected = self.tested.execution.average_price
        apart = (self.forward.price - expected) / expected
        return apart if self.side is Side.BUY else -apart


@dataclass(frozen=True, slots=True)
class ForwardComparison:
    """Trades of a robot beside those of the back-test, in order of time."""

    trades: tuple[ComparedTrade, ...]
    tested: BacktestResult

    @property
    def same(self) -> int:
        """Number of trades that are equal in candle, side, quantity and price."""
        return sum(each.same for each in self.trades)


def compare_forward(
    robot: Robot,
    trades: Sequence[RobotTrade],
    candles: CandleColumns,
    terms: BacktestTerms,
    *,
    stopped: Stopped = never,
) -> ForwardComparison:
    """Returns the trades of a robot (oldest first) beside what its rule would have traded with the robot's budget.

    Candles before the robot's first one warm the figures up; their signals do not count. The back-test knows nothing of
    pauses and of candles that the robot missed. It ends early once `stopped` is True. Raises the errors of `history_of`
    and of `backtest`.
    """
    symbol, interval = robot.symbol, robot.interval
    history = history_of(symbol, candles, interval)
    rule = parse_rule(robot.rule)
    found = signals(rule, as_mapping(candles), interval, stopped=stopped)
    counts = candles.open_time + interval.ms > robot.since
    result = backtest(rule, found.entry & counts, found.exit & counts, history, terms, stopped=stopped)
    return ForwardComparison(tuple(_paired(trades, result, interval.ms)), result)


def _paired(trades: Sequence[RobotTrade], result: BacktestResult, width: int) -> list[ComparedTrade]:
    """Pairs the trades of each candle and side in their order: a take profit may fill in several parts."""
    forward, tested = defaultdict(list), defaultdict(list)
    for trade in trades:
        begins = trade.time // width * width if trade.protective else trade.candle + width
        forward[begins, trade.side].append(trade)
    for done in result.executions:
        tested[done.time // width * width, done.execution.side].append(done)
    keys = sorted(forward.keys() | tested.keys(), key=lambda key: (key[0], key[1] is Side.BUY))
    return [
        ComparedTrade(*key, *pair) for key in keys for pair in zip_longest(forward[key], tested[key])
    ]  # fmt: skip
