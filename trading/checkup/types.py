"""Checks, what they find, and the figures that they judge."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from pipeline.market import Symbol
from trading.limits.types import LimitKind


class CheckKind(StrEnum):
    """Checks. Of findings that are equally serious, the earlier kind comes first."""

    LIMITS = "limits"
    STOPS = "stops"
    CONCENTRATION = "concentration"
    CORRELATION = "correlation"
    LIQUIDITY = "liquidity"
    FEES = "fees"
    TRADES = "trades"
    DISPOSITION = "disposition"
    DUST = "dust"


class Missing(StrEnum):
    """Input that a check lacks."""

    RETURNS = "returns"
    """Daily returns of the coins."""
    TRADES = "trades"
    SALES = "sales"
    OUTCOMES = "outcomes"
    """Gains and losses of both kinds, sold or held."""
    PRICES = "prices"
    """A fresh price or order book of a coin that is held."""
    REPORT = "report"
    """The performance report: the history is too long for one."""


# -- figures -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckedCoin:
    """A position with a price. `share` is its part of the equity, `risk_share` its part of the expected shortfall, None
    if unknown. `stopped` is the fraction of it that stops would sell, `sale_cost` the fraction of its value that its
    sale at once would lose, None if unknown. `stable` ones stand for the quote asset's currency; only `tradable`
    ones can have a stop.
    """

    symbol: Symbol
    share: float
    unrealised: Decimal
    risk_share: float | None = None
    stopped: float = 0.0
    sale_cost: float | None = None
    stable: bool = False
    tradable: bool = True
    dust: bool = False


@dataclass(frozen=True, slots=True)
class Correlations:
    """Correlations of daily returns by pair of symbols, in both orders, from `days` returns. `enough` is False if these
    are too few; `least` is how many are needed.
    """

    days: int
    least: int
    pairs: Mapping[tuple[Symbol, Symbol], float]

    @property
    def enough(self) -> bool:
        """True if there are days enough."""
        return self.days >= self.least


@dataclass(frozen=True, slots=True)
class TradingFigures:
    """Trades of the last `days` days, fewer if the account is younger. `fees` are a fraction of the mean equity, and
    `turnover` a multiple of it; None if that is not known or zero. `wins` and `losses` are sales, at a gain and at a
    loss, of `sales` in all.
    """

    days: float
    executions: int
    fees: float | None
    turnover: float | None
    sales: int
    wins: int
    losses: int


@dataclass(frozen=True, slots=True)
class LimitFigures:
    """Strictest limits in force of the share of a coin and of the number of open orders, None without one; `any_set` if
    the user or the desk set a limit of any kind, `paused` by which purchases are paused.
    """

    coin: float | None = None
    orders: int | None = None
    open_orders: int = 0
    any_set: bool = False
    paused: LimitKind | None = None


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """Account to be checked: positions with a price, the largest first. `trading` is None if its history is too long to
    be reported.
    """

    coins: tuple[CheckedCoin, ...]
    correlations: Correlations | None
    trading: TradingFigures | None
    limits: LimitFigures


# -- findings ----------------------------------------------------------------------------------
# `severity` is the figure as a multiple of its threshold, at most MAX_SEVERITY; 0 for what costs nothing yet.


@dataclass(frozen=True, slots=True)
class PausedPurchases:
    """A limit was reached, and purchases are paused."""

    kind: ClassVar[CheckKind] = CheckKind.LIMITS
    severity: float
    limit: LimitKind


@dataclass(frozen=True, slots=True)
class CloseToLimit:
    """A limit is passed or nearly so: `used` of `value`, fractions of the equity or numbers of orders."""

    kind: ClassVar[CheckKind] = CheckKind.LIMITS
    severity: float
    limit: LimitKind
    used: float
    value: float
    symbol: Symbol | None = None


@dataclass(frozen=True, slots=True)
class NoLimits:
    """Coins are held and no limit is set."""

    kind: ClassVar[CheckKind] = CheckKind.LIMITS
    severity: float = 0.0


@dataclass(frozen=True, slots=True)
class WithoutStop:
    """Coins that no stop would sell, the largest first, and their unprotected part of the equity."""

    kind: ClassVar[CheckKind] = CheckKind.STOPS
    severity: float
    symbols: tuple[Symbol, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Concentrated:
    """One coin is a large part of the equity, and `risk_share` of the risk if that is known."""

    kind: ClassVar[CheckKind] = CheckKind.CONCENTRATION
    severity: float
    symbol: Symbol
    share: float
    risk_share: float | None


@dataclass(frozen=True, slots=True)
class Correlated:
    """Coins that move together with the first one, the largest first, and their part of the equity. `lowest` is the
    lowest correlation with it.
    """

    kind: ClassVar[CheckKind] = CheckKind.CORRELATION
    severity: float
    symbols: tuple[Symbol, ...]
    share: float
    lowest: float


@dataclass(frozen=True, slots=True)
class CostlySale:
    """Coin whose sale at once would lose the most: `cost` as a fraction of its value."""

    kind: ClassVar[CheckKind] = CheckKind.LIQUIDITY
    severity: float
    symbol: Symbol
    cost: float


@dataclass(frozen=True, slots=True)
class HighFees:
    """Fees as a fraction of the mean equity."""

    kind: ClassVar[CheckKind] = CheckKind.FEES
    severity: float
    share: float


@dataclass(frozen=True, slots=True)
class ManyTrades:
    """Executions, and the turnover as a multiple of the mean equity."""

    kind: ClassVar[CheckKind] = CheckKind.TRADES
    severity: float
    executions: int
    turnover: float | None


@dataclass(frozen=True, slots=True)
class KeepsLosers:
    """Gains are realised sooner than losses: the proportions of both. `symbol` is the largest position in loss without
    a stop.
    """

    kind: ClassVar[CheckKind] = CheckKind.DISPOSITION
    severity: float
    gains_realised: float
    losses_realised: float
    symbol: Symbol | None


@dataclass(frozen=True, slots=True)
class SmallBalances:
    """Balances below the exchange's minimum."""

    kind: ClassVar[CheckKind] = CheckKind.DUST
    count: int
    severity: float = 0.0


Finding = (
    PausedPurchases
    | CloseToLimit
    | NoLimits
    | WithoutStop
    | Concentrated
    | Correlated
    | CostlySale
    | HighFees
    | ManyTrades
    | KeepsLosers
    | SmallBalances
)


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A check that cannot be made: it has `known` of the `least` that it needs of `missing`."""

    kind: CheckKind
    missing: Missing
    known: int = 0
    least: int = 0


@dataclass(frozen=True, slots=True)
class Checkup:
    """Result of all checks: findings, the most serious first, checks that found nothing, and those that cannot be
    made.
    """

    findings: tuple[Finding, ...]
    passed: tuple[CheckKind, ...]
    unknown: tuple[Unmeasured, ...]
