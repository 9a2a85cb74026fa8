"""Signals of the scan and their record, as blocks of a reply, and the daily digest of them."""

from collections.abc import Sequence

from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Align, Block, Button, Column, Reply, Table, Text, Tone
from bot.ui.format import UNKNOWN
from bot.views.buttons import ROW, button, rows
from bot.views.prices import source_note
from core.errors import DeskError
from pipeline.market import Interval, Symbol
from trading.scan.notices import ScanTold, ToldSignal
from trading.scan.outcomes import HORIZONS
from trading.scan.record import SignalEdge, SignalRecord
from trading.scan.report import RankedFinding, ScanRecord, ScanReport
from trading.scan.signals import SignalKind

SHOWN = 12

ENTRY_RULES = {
    SignalKind.BREAKOUT: "when close > donchian buy max trail 5%",
    SignalKind.MOMENTUM: "when roc(24)>200*rv(24) buy max trail 5%",
    SignalKind.REVERSION: "when rsi<30 and bb.z_score<-2 buy max trail 5%",
    SignalKind.VOLUME: "when rvol>3 and close>open buy max trail 5%",
}
"""Rules for /backtest that enter where a signal fires, short enough for a button. A squeeze has no direction."""


def scan_blocks(
    report: ScanReport, found: Sequence[RankedFinding], record: ScanRecord | None, kind: SignalKind | None, ctx: Context
) -> tuple[Block, ...]:
    """Returns the findings, best first, and the record of the kinds, or of one."""
    now = ctx.market.now()
    about = ctx.text(
        "scan-about", coins=report.coins, hour=ctx.format.brief_moment(report.hour, now), day=_day(report.day, ctx)
    )
    return (
        Text(ctx.text("scan-title"), Tone.TITLE),
        *_findings(found, report.coins, ctx),
        Text(about, Tone.NOTE),
        *_record(record, kind, ctx),
    )


def finding_buttons(found: Sequence[RankedFinding], ctx: Context) -> tuple[list[Button | None], list[Button | None]]:
    """Returns buttons for the charts of the first coins, and for alerts on them."""
    first: dict[Symbol, Interval] = {}
    for each in found:
        first.setdefault(each.finding.symbol, each.finding.interval)
    names = [(short_name(symbol, ctx), interval) for symbol, interval in list(first.items())[:ROW]]
    charts = [button(ctx.text("button-scan-chart", coin=name), "chart", name, interval) for name, interval in names]
    return charts, [button(ctx.text("button-scan-alert", coin=name), "alert", name) for name, _ in names]


def backtest_button(found: Sequence[RankedFinding], ctx: Context) -> Button | None:
    """Returns the button that tests the rule of the first finding that has one; None if there is no /backtest."""
    if all(command.name != "backtest" for command in ctx.commands):
        return None
    own = next((each.finding for each in found if each.finding.kind in ENTRY_RULES), None)
    if own is None:
        return None
    coin = short_name(own.symbol, ctx)
    label = ctx.text("button-scan-backtest", coin=coin, signal=ctx.text(f"scan-kind-{own.kind}"))
    return button(label, "backtest", coin, own.interval, ENTRY_RULES[own.kind])


def _findings(found: Sequence[RankedFinding], coins: int, ctx: Context) -> tuple[Block, ...]:
    if not found:
        return (Text(ctx.text("scan-nothing", coins=coins)),)
    columns = (
        Column(ctx.text("label-asset")),
        Column(ctx.text("label-scan-signal")),
        Column(ctx.text("label-scan-rank"), Align.RIGHT),
        Column(ctx.text("label-scan-rate"), Align.RIGHT),
    )
    table = Table(columns, tuple(_finding(each, ctx) for each in found[:SHOWN]))
    more = (Text(ctx.text("scan-more", count=len(found) - SHOWN), Tone.NOTE),) if len(found) > SHOWN else ()
    return (table, *more)


def _finding(each: RankedFinding, ctx: Context) -> tuple[str, ...]:
    own, record = each.finding, each.record
    return (
        short_name(own.symbol, ctx),
        _name(own.kind, own.interval, ctx),
        UNKNOWN if each.rank is None else f"{round(100 * each.rank)}%",
        UNKNOWN if record is None else _beside(record.rate, record.base),
    )


def _record(record: ScanRecord | None, kind: SignalKind | None, ctx: Context) -> tuple[Block, ...]:
    if record is None:
        return (Text(ctx.text("scan-unmeasured"), Tone.NOTE),)
    shown = [each for each in record.signals if kind in (None, each.kind)]
    columns = (
        Column(ctx.text("label-scan-signal")),
        Column(ctx.text("label-scan-count"), Align.RIGHT),
        Column(ctx.text("label-scan-right"), Align.RIGHT),
        Column(ctx.text("label-scan-base"), Align.RIGHT),
        Column(ctx.text("label-scan-edge")),
    )
    hours, days = HORIZONS[Interval.H1], HORIZONS[Interval.D1]
    when = ctx.format.brief_moment(record.made, ctx.market.now())
    return (
        Text(ctx.text("scan-record-title"), Tone.TITLE),
        Table(columns, tuple(_measured(each, ctx) for each in shown)),
        Text(_verdict(shown, ctx)),
        Text(ctx.text("scan-record-about", coins=record.coins, hours=hours, days=days, when=when), Tone.NOTE),
    )


def _measured(each: SignalRecord, ctx: Context) -> tuple[str, ...]:
    rate = UNKNOWN if each.rate is None else _percent(each.rate)
    if each.low is not None and each.high is not None:
        rate = f"{rate} [{round(100 * each.low)}, {round(100 * each.high)}]"
    return (
        _name(each.kind, each.interval, ctx),
        ctx.format.count(each.count),
        rate,
        UNKNOWN if each.base is None else _percent(each.base),
        ctx.text(f"scan-edge-{each.edge}"),
    )


def _verdict(shown: Sequence[SignalRecord], ctx: Context) -> str:
    better = [_name(each.kind, each.interval, ctx) for each in shown if each.edge is SignalEdge.BETTER]
    if better:
        return ctx.text("scan-verdict-better", names=", ".join(better))
    few = all(each.edge is SignalEdge.FEW for each in shown)
    return ctx.text("scan-verdict-few" if few else "scan-verdict-none")


def _name(kind: SignalKind, interval: Interval, ctx: Context) -> str:
    return f"{ctx.text(f'scan-kind-{kind}')} {interval.value}"


def _beside(rate: float | None, base: float | None) -> str:
    return UNKNOWN if rate is None or base is None else f"{_percent(rate)} / {_percent(base)}"


def _percent(share: float) -> str:
    return f"{round(100 * share)}%"


def _day(midnight: int, ctx: Context) -> str:
    return ctx.format.brief_moment(midnight, ctx.market.now())


# -- digest ------------------------------------------------------------------------------------


def scan_told(notice: ScanTold, ctx: Context) -> Reply:
    """Returns the daily digest."""
    title = Text(ctx.text("push-scan-title"), Tone.TITLE)
    ways = [
        button(ctx.text("button-scan"), "scan"),
        button(ctx.text("button-mood"), "mood"),
        button(ctx.text("button-scan-digest-off"), "notifications", "scan", "off"),
    ]
    if not notice.signals:
        nothing = Text(ctx.text("scan-nothing", coins=notice.coins))
        return Reply((title, nothing, *_source(notice, ctx), *rows(ways)))
    columns = (
        Column(ctx.text("label-asset")),
        Column(ctx.text("label-scan-signal")),
        Column(ctx.text("label-scan-rate"), Align.RIGHT),
        Column(ctx.text("label-scan-edge")),
    )
    table = Table(columns, tuple(_told(each, ctx) for each in notice.signals))
    rest = notice.total - len(notice.signals)
    more = (Text(ctx.text("scan-more", count=rest), Tone.NOTE),) if rest > 0 else ()
    chances = Text(ctx.text("push-scan-about"), Tone.NOTE)
    return Reply((title, table, *more, chances, *_source(notice, ctx), *rows(ways)))


def _told(each: ToldSignal, ctx: Context) -> tuple[str, ...]:
    return (
        short_name(each.symbol, ctx),
        _name(each.signal, each.interval, ctx),
        _beside(each.rate, each.base),
        UNKNOWN if each.edge is None else ctx.text(f"scan-edge-{each.edge}"),
    )


def _source(notice: ScanTold, ctx: Context) -> tuple[Text, ...]:
    """Returns the note about the source, if it is still the one that was scanned."""
    try:
        return source_note(ctx) if ctx.market.info().market == notice.market else ()
    except DeskError:
        return ()
