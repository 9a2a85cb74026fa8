"""/performance: the card with its picture, the CSV of the days, the tear sheet; and /explain."""

from datetime import UTC, datetime
from functools import partial

from bot.arguments.performance_periods import PerformanceForm, PerformanceRequest
from bot.arguments.performance_terms import TERM_GROUPS, Term
from bot.context import Context
from bot.reply import Block, Button, Document, Fields, Picture, Reply, Text, Tone
from bot.ui.format import UNKNOWN
from bot.views.buttons import ROW, button, rows
from bot.views.errors import sentence
from bot.views.performance import benchmark_names, performance_blocks, period_text
from bot.views.prices import enter, source_note
from bot.views.tear_sheet import tear_sheet
from core.errors import DeskError
from core.system.bounded_executor import BoundedExecutor
from trading.reports.performance import PerformanceReport
from trading.reports.performance_csv import performance_csv

_EXECUTOR = BoundedExecutor("performance-file")
"""For the files of all users' reports."""

_PERIODS = ("today", "7d", "30d", "reset", "all")
_FIRST = (Term.RETURN, Term.SHARPE, Term.DRAWDOWN, Term.PROFIT_FACTOR, Term.VAR)


async def performance(ctx: Context, period: PerformanceRequest | None = None) -> Reply:
    """Shows returns, risk, trades and benchmarks of a period; as a card with a picture, a CSV file, or a tear sheet."""
    request = period or PerformanceRequest()
    account, opened = await enter(ctx)
    report = await ctx.services.performance.report(account, request.period)
    day = f"{datetime.fromtimestamp(report.end / 1000, UTC):%Y-%m-%d}"
    match request.form:
        case PerformanceForm.CSV:
            file = await _EXECUTOR.run(partial(performance_csv, report))
            alt = ctx.text("performance-file", period=period_text(report, ctx), rows=file.rows)
            return Reply((*opened, Document(file.data, alt, f"paperdesk-performance-{day}.csv")))
        case PerformanceForm.REPORT:
            picture = await _picture(ctx, report)
            png = picture.png if isinstance(picture, Picture) else None
            html = await _EXECUTOR.run(partial(tear_sheet, report, png, ctx))
            alt = ctx.text("performance-sheet", period=period_text(report, ctx))
            return Reply((*opened, Document(html, alt, f"paperdesk-performance-{day}.html")))
        case PerformanceForm.CARD:
            blocks = performance_blocks(report, ctx)
            return Reply((*opened, *blocks, *source_note(ctx), await _picture(ctx, report), *_buttons(request, ctx)))


async def explain(ctx: Context, term: Term | None = None) -> Reply:
    """Explains a figure in one sentence, or lists the figures that it can explain."""
    if term is None:
        groups = tuple(
            (ctx.text(label), ", ".join(ctx.text(f"term-{each}") for each in terms))
            for label, terms in TERM_GROUPS.items()
        )
        listed = (
            Text(ctx.text("explain-title"), Tone.TITLE),
            Fields(groups),
            Text(ctx.text("explain-about"), Tone.NOTE),
        )
        return Reply((*listed, *_terms(ctx)), aside=True)
    title = Text(ctx.text(f"term-{term}"), Tone.TITLE)
    shown = Text(ctx.text(f"term-{term}.about"))
    source = "risk" if term in (Term.VAR, Term.SHORTFALL) else "performance"
    ways = rows([button(ctx.text(f"button-{source}"), source), button(ctx.text("button-terms"), "explain")])
    return Reply((title, shown, *ways), aside=True)


async def _picture(ctx: Context, report: PerformanceReport) -> Picture | Text:
    """Returns the picture, or a sentence if it cannot be drawn: the figures are useful alone."""
    names, when = benchmark_names(report, ctx), period_text(report, ctx)
    label = ctx.market.info().label
    try:
        png = await ctx.services.charts.performance(report, when, names, label=label, style=ctx.style)
    except DeskError as error:
        return Text(sentence(error, ctx), Tone.NOTE)
    known = ", ".join(name for name in names if not name.endswith(UNKNOWN))
    return Picture(png, ctx.text("performance-alt", period=when, names=known), "performance")


def _buttons(request: PerformanceRequest, ctx: Context) -> tuple[Block, ...]:
    shown = request.words
    periods = [button(ctx.text(f"choice-performance-{each}"), "performance", each) for each in _PERIODS]
    files = [
        button(ctx.text("choice-performance-report"), "performance", "report", *shown),
        button(ctx.text("choice-performance-csv"), "performance", "csv", *shown),
        button(ctx.text("button-explain"), "explain"),
        button(ctx.text("button-portfolio"), "portfolio"),
    ]
    return rows(periods, files)


def _terms(ctx: Context) -> tuple[Block, ...]:
    shown: list[Button | None] = [button(ctx.text(f"term-{each}"), "explain", each.value) for each in _FIRST]
    return rows(shown[:ROW])
