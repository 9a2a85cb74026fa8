"""Report on the performance of an account over a period: figures, daily series, and the port that returns it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from core.errors import Refused
from pipeline.market import Symbol
from trading.performance.trades import TradeStatistics
from trading.ports import Account

MIN_RETURNS = 30
"""Daily returns below which no ratio to risk is stated."""

SIGNIFICANCE = 0.95
"""Level of intervals and of the minimum track record length."""


@dataclass(eq=False)
class PerformanceTooLong(Refused):
    """The history of the account has more than `limit` entries."""

    limit: int


@dataclass(eq=False)
class BeforeHistory(Refused):
    """The period ended before the account was opened."""

    opened: date


@dataclass(frozen=True, slots=True)
class PerformancePeriod:
    """Period of UTC days. `days` counts back from today, which is the last of them; `first` and `last` are dates, both
    included; `since_reset` begins with the last grant or reset. Without any of them it is the whole history.
    """

    days: int | None = None
    first: date | None = None
    last: date | None = None
    since_reset: bool = False


@dataclass(frozen=True, slots=True)
class MoneyFigures:
    """Amounts of the quote asset. `profit` = `end` - `start` - `flows`; `realised` is of the sales of the period, fees
    included, and `unrealised` the rest of the profit. `fees` are valued at the prices of their trades.
    """

    start: Decimal
    end: Decimal
    flows: Decimal
    profit: Decimal
    realised: Decimal
    unrealised: Decimal
    fees: Decimal
    slippage: Decimal
    bought: Decimal
    sold: Decimal


@dataclass(frozen=True, slots=True)
class RatioFigures:
    """Ratios of `count` whole daily returns, annualised with 365 days, at a risk-free and minimum return of zero. Those
    under MIN_RETURNS returns are None.
    """

    count: int
    mean: float | None = None
    volatility: float | None = None
    annual_return: float | None = None
    sharpe: float | None = None
    sortino: float | None = None
    calmar: float | None = None
    omega: float | None = None
    ulcer: float | None = None
    downside_deviation: float | None = None
    skewness: float | None = None
    kurtosis: float | None = None
    martin: float | None = None
    pain: float | None = None
    adjusted_sharpe: float | None = None
    best_day: float | None = None
    worst_day: float | None = None
    positive_days: float | None = None


@dataclass(frozen=True, slots=True)
class SharpeUncertainty:
    """Uncertainty of the Sharpe ratio: probability that the true one is above zero, the same after `trials`
    rounds, the 95 % interval (annualised), and the days of such a history after which 95 % would be certain.
    """

    probability: float | None
    deflated: float | None
    trials: int
    interval: tuple[float, float] | None
    days_needed: float | None


@dataclass(frozen=True, slots=True)
class DrawdownFigures:
    """A drawdown, negative, with its dates; `recovered` is None if it is not over."""

    depth: float
    peak: date
    trough: date
    recovered: date | None


@dataclass(frozen=True, slots=True)
class BenchmarkFigures:
    """A benchmark, `name` BTC or '' for the equal weight of the coins traded, and figures against it."""

    name: str
    total: float | None
    beta: float | None = None
    alpha: float | None = None
    information_ratio: float | None = None
    tracking_error: float | None = None
    up_capture: float | None = None
    down_capture: float | None = None


@dataclass(frozen=True, slots=True)
class ClosedTrade:
    """All executions of one sell order in the period, with their realised profit. `time` is the last one's."""

    order_id: int
    symbol: Symbol
    time: int
    profit: Decimal


@dataclass(frozen=True, slots=True)
class CoinFigures:
    """Profit of a coin and its contribution to the time-weighted return. `symbol` is '' for what no coin explains."""

    symbol: str
    profit: float
    contribution: float


@dataclass(frozen=True, slots=True)
class TypeFigures:
    """Executions of orders of one type (MARKET, LIMIT, ...)."""

    type: str
    count: int
    amount: Decimal
    fees: Decimal
    slippage: Decimal
    realised: Decimal


@dataclass(frozen=True, slots=True)
class DailyRow:
    """A UTC day: equity at its end, None at a gap, its return, None unless both ends are known closes, what flowed in,
    and growth since the start of the period, of the account and of the benchmarks, 1 at the start.
    """

    day: date
    equity: float | None
    returned: float | None
    flow: float
    index: float
    bitcoin: float | None
    equal_weight: float | None
    stale: bool


@dataclass(frozen=True, slots=True)
class MonthRow:
    """Time-weighted return within a calendar month; None if nothing of it is known."""

    year: int
    month: int
    returned: float | None


@dataclass(frozen=True, slots=True)
class PerformanceReport:
    """Performance of an account from `start` to `end` (UTC ms). `time_weighted` is the return over the whole period,
    not annualised, and so is `money_weighted`.
    """

    quote_asset: str
    start: int
    end: int
    time_weighted: float | None
    money_weighted: float | None
    money: MoneyFigures
    ratios: RatioFigures
    uncertainty: SharpeUncertainty
    deepest: DrawdownFigures | None
    current: DrawdownFigures | None
    trades: TradeStatistics
    executions: int
    holding_ms: float | None
    turnover: float | None
    exposure: float | None
    best: Sequence[ClosedTrade]
    worst: Sequence[ClosedTrade]
    coins: Sequence[CoinFigures]
    types: Sequence[TypeFigures]
    benchmarks: Sequence[BenchmarkFigures]
    days: Sequence[DailyRow]
    months: Sequence[MonthRow]
    gaps: int
    stale: int
    resets: int


class PerformanceReports(Protocol):
    """Source of performance reports. Raises DatabaseUnavailable and MarketUnavailable."""

    async def report(self, account: Account, period: PerformancePeriod) -> PerformanceReport:
        """Returns the report. Raises BeforeHistory, PerformanceTooLong and Overloaded."""
