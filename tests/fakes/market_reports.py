"""Reports on a market in memory."""

from math import sin

from pipeline.market import DAY_MS, Interval, Symbol
from tests.fakes.bot_market import NOW
from trading.mood.components import WEIGHTS, Component
from trading.mood.index import MoodBand
from trading.mood.record import BandFigure, BandRecord, Edge, MoodRecord
from trading.mood.regime import Course, Pace, Regime
from trading.mood.report import ComponentReading, CorrelationMap, MoodReport
from trading.scan.outcomes import HORIZONS
from trading.scan.record import SignalEdge, SignalRecord
from trading.scan.report import ScanRecord, ScanReport, SignalFinding
from trading.scan.signals import SignalKind

BTC, ETH, SOL = (Symbol(f"{base}USDC") for base in ("BTC", "ETH", "SOL"))
MIDNIGHT, HOUR = NOW // DAY_MS * DAY_MS, NOW // Interval.H1.ms * Interval.H1.ms
UNKNOWN = BandFigure(None, None, None)


def sample_mood() -> MoodReport:
    """Returns a market in fear, of which one band has an edge."""
    bands = (
        BandRecord(MoodBand.EXTREME_FEAR, 4, BandFigure(0.021, None, None), BandFigure(0.75, None, None), Edge.FEW),
        BandRecord(MoodBand.FEAR, 40, BandFigure(0.034, 0.012, 0.056), BandFigure(0.65, 0.48, 0.82), Edge.HIGHER),
        BandRecord(MoodBand.NEUTRAL, 52, BandFigure(-0.004, -0.03, 0.022), BandFigure(0.5, 0.35, 0.65), Edge.NONE),
        BandRecord(MoodBand.GREED, 30, BandFigure(0.011, -0.02, 0.042), BandFigure(0.57, 0.38, 0.76), Edge.NONE),
        BandRecord(MoodBand.EXTREME_GREED, 0, UNKNOWN, UNKNOWN, Edge.FEW),
    )
    figures = {
        Component.VOLATILITY: (1.284, 22.4),
        Component.MOMENTUM: (-0.0412, 31.8),
        Component.DRAWDOWN: (-0.2134, 57.3),
        Component.BREADTH: (0.25, 29.0),
        Component.VOLUME: (0.4312, 35.5),
        Component.DOMINANCE: (0.512, 12.1),
        Component.EXTREMES: (None, None),
    }
    readings = tuple(
        ComponentReading(each, figure, score, 0.0 if score is None else WEIGHTS[each] / 0.9)
        for each, (figure, score) in figures.items()
    )
    return MoodReport(
        end=MIDNIGHT,
        days=420,
        coins=5,
        history=(*(None if day == 3 else 50 + 20 * sin(day / 9) for day in range(119)), 32.6),
        components=readings,
        record=MoodRecord(126, 0.009, 0.563, bands),
        regime=Regime(Pace.USUAL, Course.RANGE, 61.0, 18.2),
        correlation=CorrelationMap((BTC, ETH, SOL), ((1.0, 0.83, 0.61), (0.83, 1.0, 0.72), (0.61, 0.72, 1.0)), 90),
    )


def sample_scan() -> ScanReport:
    """Returns three signals of two coins."""
    findings = (
        SignalFinding(BTC, Interval.H1, SignalKind.BREAKOUT, 0.61),
        SignalFinding(ETH, Interval.D1, SignalKind.VOLUME, 4.2),
        SignalFinding(ETH, Interval.H1, SignalKind.REVERSION, 2.3),
    )
    return ScanReport(HOUR, MIDNIGHT, 5, findings)


def sample_record() -> ScanRecord:
    """Returns the records of all kinds: one is better, one worse, one has too few signals."""
    edges = {SignalKind.REVERSION: SignalEdge.BETTER, SignalKind.MOMENTUM: SignalEdge.WORSE}
    return ScanRecord(HOUR - Interval.H1.ms, 5, (*(_record(kind, edges) for kind in SignalKind), _few()))


def _record(kind: SignalKind, edges: dict[SignalKind, SignalEdge]) -> SignalRecord:
    edge = edges.get(kind, SignalEdge.NONE)
    rate = {SignalEdge.BETTER: 0.61, SignalEdge.WORSE: 0.4}.get(edge, 0.51)
    low, high = rate - 0.05, rate + 0.05
    strengths = tuple(0.1 * step for step in range(20))
    hours = HORIZONS[Interval.H1]
    return SignalRecord(kind, Interval.H1, hours, 1_204, 130, rate, 0.493, low, high, 0.004, edge, strengths)


def _few() -> SignalRecord:
    kind, interval = SignalKind.VOLUME, Interval.D1
    strengths = (3.1, 3.4, 4.0, 5.0)
    edge = SignalEdge.FEW
    return SignalRecord(kind, interval, HORIZONS[interval], 9, 7, 0.444, 0.512, None, None, None, edge, strengths)


class MemoryMarketReports:
    """The same reports of every market, until the lists are changed."""

    def __init__(self) -> None:
        self.moods = [sample_mood()]
        self.scans = [sample_scan()]
        self.records = [sample_record()]

    async def mood(self, market: str, quote_asset: str) -> MoodReport | None:
        return self.moods[-1] if self.moods else None

    async def scan(self, market: str, quote_asset: str) -> ScanReport | None:
        return self.scans[-1] if self.scans else None

    async def scan_record(self, market: str, quote_asset: str) -> ScanRecord | None:
        return self.records[-1] if self.records else None
