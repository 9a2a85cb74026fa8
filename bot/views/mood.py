"""Mood of the market, its components and its record, and the regime, as blocks of a reply."""

from collections.abc import Callable
from decimal import Decimal

from bot.context import Context
from bot.reply import Align, Block, Column, Fields, Table, Text, Tone
from bot.ui.format import UNKNOWN
from trading.mood.components import Component
from trading.mood.index import band_of
from trading.mood.record import AHEAD, BandFigure, BandRecord, Edge, MoodRecord
from trading.mood.regime import Regime
from trading.mood.report import ComponentReading, MoodReport
from trading.performance.clustered_rates import MIN_CLUSTERS
from trading.reports.performance_figures import day_of

_WEEK, _MONTH = 7, 30
_MULTIPLES = (Component.VOLATILITY,)
_TONES = (Component.EXTREMES, Component.NEWS)


def mood_blocks(report: MoodReport, ctx: Context) -> tuple[Block, ...]:
    """Returns the index with its components and its record; without an index, what is known and what it lacks."""
    title = Text(ctx.text("mood-title"), Tone.TITLE)
    short = () if report.index is not None else (Text(ctx.text("mood-short", days=report.days)),)
    missing = [ctx.text(f"mood-component-{each.component}") for each in report.components if each.score is None]
    notes = [ctx.text("mood-missing", names=", ".join(missing))] if missing and report.index is not None else []
    return (
        title,
        *short,
        Fields(_figures(report, ctx)),
        Text(ctx.text("mood-components-title"), Tone.TITLE),
        _components(report, ctx),
        *(Text(note, Tone.NOTE) for note in notes),
        *_record(report.record, ctx),
        Text(ctx.text("mood-about", coins=report.coins), Tone.NOTE),
    )


def mood_alt(report: MoodReport, ctx: Context) -> str:
    """Returns the words for the picture of a report with an index."""
    known = [value for value in report.history if value is not None]
    return ctx.text(
        "mood-alt", days=len(report.history), low=_whole(min(known)), high=_whole(max(known)), last=_whole(known[-1])
    )


def regime_text(regime: Regime, ctx: Context) -> str:
    """Returns the regime in words; '' if nothing of it is known."""
    words = [
        *([] if regime.pace is None else [ctx.text(f"mood-pace-{regime.pace}")]),
        *([] if regime.course is None else [ctx.text(f"mood-course-{regime.course}")]),
    ]
    return ", ".join(words)


def _figures(report: MoodReport, ctx: Context) -> tuple[tuple[str, str], ...]:
    regime = regime_text(report.regime, ctx)
    return (
        (ctx.text("label-mood-day"), ctx.format.days(day_of(report.end))),
        (ctx.text("label-mood-index"), _index(report, 0, ctx)),
        (ctx.text("label-mood-week"), _index(report, _WEEK, ctx)),
        (ctx.text("label-mood-month"), _index(report, _MONTH, ctx)),
        *(((ctx.text("label-mood-regime"), regime),) if regime else ()),
    )


def _index(report: MoodReport, days: int, ctx: Context) -> str:
    value = report.history[-1 - days] if len(report.history) > days else None
    return UNKNOWN if value is None else f"{_whole(value)} · {ctx.text(f'mood-band-{band_of(value)}')}"


def _components(report: MoodReport, ctx: Context) -> Table:
    columns = (
        Column(ctx.text("label-mood-component")),
        Column(ctx.text("label-mood-score"), Align.RIGHT),
        Column(ctx.text("label-mood-weight"), Align.RIGHT),
        Column(ctx.text("label-mood-figure"), Align.RIGHT),
    )
    shown = (each for each in report.components if each.component is not Component.NEWS or each.score is not None)
    return Table(columns, tuple(_component(each, ctx) for each in shown))


def _component(each: ComponentReading, ctx: Context) -> tuple[str, ...]:
    return (
        ctx.text(f"mood-component-{each.component}"),
        UNKNOWN if each.score is None else _whole(each.score),
        f"{_whole(each.weight)}%",
        UNKNOWN if each.figure is None else _figure(each.component, each.figure, ctx),
    )


def _figure(component: Component, figure: float, ctx: Context) -> str:
    if component in _MULTIPLES:
        return f"{ctx.format.money(Decimal(f'{figure:.2f}'))}×"
    if component in _TONES:
        return ctx.format.money(Decimal(f"{figure:.2f}"), signed=True)
    return f"{ctx.format.tenths(100 * figure)}%"


def _record(record: MoodRecord, ctx: Context) -> tuple[Block, ...]:
    if record.mean is None or record.up is None:
        return ()
    columns = (
        Column(ctx.text("label-mood-band")),
        Column(ctx.text("label-mood-weeks"), Align.RIGHT),
        Column(ctx.text("label-mood-mean"), Align.RIGHT),
        Column(ctx.text("label-mood-up"), Align.RIGHT),
    )
    every = (
        ctx.text("mood-all-weeks"),
        str(record.weeks),
        ctx.format.tenths(100 * record.mean),
        _whole(100 * record.up),
    )
    bands = tuple(_band(each, ctx) for each in record.bands)
    return (
        Text(ctx.text("mood-record-title", days=AHEAD), Tone.TITLE),
        Table(columns, (*bands, every)),
        Text(_verdict(record, ctx)),
        Text(ctx.text("mood-record-about", least=MIN_CLUSTERS), Tone.NOTE),
    )


def _band(each: BandRecord, ctx: Context) -> tuple[str, ...]:
    mean = _between(each.mean, ctx.format.tenths)
    return ctx.text(f"mood-band-{each.band}"), str(each.weeks), mean, _between(each.up, _whole)


def _between(figure: BandFigure, write: Callable[[float], str]) -> str:
    if figure.value is None:
        return UNKNOWN
    if figure.low is None or figure.high is None:
        return write(100 * figure.value)
    return f"{write(100 * figure.value)} [{write(100 * figure.low)}, {write(100 * figure.high)}]"


def _verdict(record: MoodRecord, ctx: Context) -> str:
    found = [each for each in record.bands if each.edge in (Edge.HIGHER, Edge.LOWER)]
    if not found:
        few = all(each.edge is Edge.FEW for each in record.bands)
        return ctx.text("mood-edge-few" if few else "mood-edge-none", weeks=record.weeks)
    return " ".join(ctx.text(f"mood-edge-{each.edge}", band=ctx.text(f"mood-band-{each.band}")) for each in found)


def _whole(value: float) -> str:
    return str(round(value))
