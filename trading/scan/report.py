"""Findings of a scan at the last closed candles, in the order in which they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.candles import Floats
from pipeline.market import Interval, Symbol
from trading.scan.record import SignalEdge, SignalRecord
from trading.scan.signals import SignalKind, signal_runs


@dataclass(frozen=True, slots=True)
class SignalFinding:
    """Signal of a coin at the last closed candle of an interval."""

    symbol: Symbol
    interval: Interval
    kind: SignalKind
    strength: float


@dataclass(frozen=True, slots=True)
class ScanReport:
    """Signals at the candles that closed at `hour` and at `day` (UTC ms of the market's clock), of so many coins."""

    hour: int
    day: int
    coins: int
    findings: tuple[SignalFinding, ...]


@dataclass(frozen=True, slots=True)
class ScanRecord:
    """Records of all kinds of signals, measured at `made` (UTC ms of the market's clock) on so many coins."""

    made: int
    coins: int
    signals: tuple[SignalRecord, ...]

    def of(self, kind: SignalKind, interval: Interval) -> SignalRecord | None:
        """Returns the record of a kind on an interval; None if it has none."""
        return next((each for each in self.signals if (each.kind, each.interval) == (kind, interval)), None)


@dataclass(frozen=True, slots=True)
class RankedFinding:
    """Finding with the record of its kind, and the share of past signals that were weaker; None where unknown."""

    finding: SignalFinding
    record: SignalRecord | None
    rank: float | None


def findings_of(symbol: Symbol, interval: Interval, candles: Mapping[str, Floats]) -> list[SignalFinding]:
    """Returns the signals that a coin gives at the last candle."""
    return [
        SignalFinding(symbol, interval, kind, float(run.strengths[-1]))
        for kind, run in signal_runs(candles).items()
        if run.fired[-1]
    ]


def ranked(report: ScanReport, record: ScanRecord | None, kind: SignalKind | None = None) -> Sequence[RankedFinding]:
    """Returns the findings, those of kinds that did better than the base first, then the stronger ones."""
    found = []
    for each in report.findings:
        if kind in (None, each.kind):
            own = None if record is None else record.of(each.kind, each.interval)
            found.append(RankedFinding(each, own, None if own is None else own.rank(each.strength)))
    return sorted(found, key=_order)


def _order(each: RankedFinding) -> tuple[int, float, str, str]:
    edges = {SignalEdge.BETTER: 0, SignalEdge.WORSE: 2}
    place = 1 if each.record is None else edges.get(each.record.edge, 1)
    return place, -(each.rank or 0.0), each.finding.symbol, each.finding.kind
