"""BacktestVerdict on a back-test: one sentence from its figures. The first that applies is told, the gravest first.

A rule that passes all of them has survived so far, which is no promise: the thresholds are those of a usual test, and a
user who tries long enough passes each of them by chance.
"""

from dataclasses import dataclass
from enum import StrEnum

MIN_TRADES = 30
"""Fewest trades of which anything is said: below, the mean of them is uncertain by a fifth of their spread and more."""

MIN_PERCENTILE = 0.95
"""Share of random rules that a rule must be above, with the whole interval."""

MIN_DEFLATED = 0.95
"""Least deflated Sharpe ratio."""

MAX_OVERFITTING = 0.2
"""Highest probability of overfitting of a grid: noise has 0.5."""


class BacktestVerdict(StrEnum):
    """Verdicts, the gravest first."""

    PEEKS = "peeks"
    """Decisions depend on candles after them."""
    IDLE = "idle"
    """No trade."""
    COSTS = "costs"
    """Money is made without costs and lost with them."""
    LOSES = "loses"
    """Money is lost even without costs."""
    FEW = "few"
    """Fewer than MIN_TRADES trades."""
    LUCK = "luck"
    """The result is within the reach of chance; `Doubt` says by which measure."""
    FADES = "fades"
    """Money was lost in the hold-out."""
    SURVIVES = "survives"
    """None of the above."""


class Doubt(StrEnum):
    """Measures by which a result is within the reach of chance."""

    RANDOM = "random"
    """Random rules that traded as much did as well."""
    TRIALS = "trials"
    """The best of so many trials without skill would look as good."""
    OVERFITTING = "overfitting"
    """The best rule of the grid is often below the median on other data."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Figures that the verdict is made of, in sample but for `unseen`; None where one could not be computed.

    Returns are fractions after costs, `gross` is before them. `above_random` is the lower end of the interval of the
    percentile among random rules. `unseen` is the return of the hold-out, `unseen_trades` the number of trades in it.
    """

    peeks: bool
    trades: int
    net: float
    gross: float
    above_random: float | None
    deflated: float | None
    overfitting: float | None = None
    unseen: float | None = None
    unseen_trades: int = 0


@dataclass(frozen=True, slots=True)
class Conclusion:
    """BacktestVerdict, with the doubts of LUCK."""

    verdict: BacktestVerdict
    doubts: tuple[Doubt, ...] = ()


def conclude(evidence: Evidence) -> Conclusion:
    """Returns the gravest verdict that applies."""
    doubts = tuple(_doubts(evidence))
    faded = evidence.unseen is not None and evidence.unseen_trades > 0 and evidence.unseen < 0
    lost = evidence.net <= 0
    checks = (
        (evidence.peeks, BacktestVerdict.PEEKS),
        (not evidence.trades, BacktestVerdict.IDLE),
        (lost and evidence.gross > 0, BacktestVerdict.COSTS),
        (lost, BacktestVerdict.LOSES),
        (evidence.trades < MIN_TRADES, BacktestVerdict.FEW),
        (bool(doubts), BacktestVerdict.LUCK),
        (faded, BacktestVerdict.FADES),
    )
    verdict = next((each for applies, each in checks if applies), BacktestVerdict.SURVIVES)
    return Conclusion(verdict, doubts if verdict is BacktestVerdict.LUCK else ())


def _doubts(evidence: Evidence) -> list[Doubt]:
    """Returns the doubts. What could not be computed is a doubt, but for the overfitting of a rule without a grid."""
    found = []
    if evidence.above_random is None or evidence.above_random < MIN_PERCENTILE:
        found.append(Doubt.RANDOM)
    if evidence.deflated is None or evidence.deflated < MIN_DEFLATED:
        found.append(Doubt.TRIALS)
    if evidence.overfitting is not None and evidence.overfitting > MAX_OVERFITTING:
        found.append(Doubt.OVERFITTING)
    return found
