"""Card of a back-test: what the rule made of the money after costs, beside buying and holding, and how sure that is."""

from datetime import UTC, datetime
from decimal import Decimal

from bot.arguments.performance_terms import Term
from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.recent_backtests import AskedBacktest
from bot.reply import Align, Block, Column, Fields, Table, Text, Tone
from bot.ui.format import UNKNOWN
from bot.views.performance import percent, ratio, sharpe_text
from pipeline.market import DAY_MS
from trading.backtest.report import BacktestReport
from trading.performance.drawdowns import drawdown_series
from trading.reports.performance import MIN_RETURNS
from trading.reports.performance_figures import day_of

Row = tuple[str, str]


def backtest_blocks(
    report: BacktestReport, verdict: Text, asked: AskedBacktest, ctx: Context, *, end: int
) -> tuple[Block, ...]:
    """Returns the card of what the report has seen, with the verdict on it; `end` is the close of the last candle that
    is known (UTC ms).
    """
    title = ctx.text("backtest-title", pair=pair_of(asked.symbol, ctx), interval=report.interval.value)
    return (
        Text(title, Tone.TITLE),
        Text(report.rule.text),
        verdict,
        Fields((*return_rows(report, ctx), *trade_rows(report, ctx))),
        cost_table(report, ctx),
        *beside_hold(report, ctx),
        *(Text(line, Tone.NOTE) for line in note_lines(report, asked, end, ctx)),
    )


def period_text(report: BacktestReport, ctx: Context) -> str:
    """Returns the dates of the test: `Nov 1 – 30, 2026`."""
    first, last = datetime.fromtimestamp(report.start / 1000, UTC).date(), day_of(report.end)
    return ctx.format.days(last, (last - first).days + 1)


def backtest_names(report: BacktestReport, ctx: Context) -> tuple[str, str]:
    """Returns the names of the rule and of buying and holding with their returns."""
    own, held = (percent(round(each.net_return, 6), ctx, signed=True) for each in (report.result, report.hold))
    return f"{ctx.text('backtest-rule')} {own}", f"{ctx.text('backtest-hold')} {held}"


def return_rows(report: BacktestReport, ctx: Context) -> tuple[Row, ...]:
    """Returns returns and risk beside those of buying and holding."""
    hold = report.hold
    falls = drawdown_series([float(hold.terms.cash), *hold.equity.tolist()])
    yearly = report.annual_return
    rows = [
        (ctx.text("label-backtest-period"), _period(report, ctx)),
        (ctx.text("label-backtest-return"), percent(round(report.result.net_return, 6), ctx, signed=True)),
        (ctx.text("backtest-hold"), percent(round(hold.net_return, 6), ctx, signed=True)),
    ]
    if yearly is not None:
        rows.append((ctx.text(f"term-{Term.ANNUAL}"), percent(round(yearly, 6), ctx, signed=True)))
    if report.ratios.count >= MIN_RETURNS:
        rows.append((ctx.text(f"term-{Term.SHARPE}"), sharpe_text(report.ratios, report.uncertainty, ctx)))
    depths = (percent(round(each, 6), ctx) for each in (report.max_drawdown, float(falls.min())))
    both = ctx.text("backtest-beside-hold", **dict(zip(("own", "hold"), depths, strict=True)))
    return (*rows, (ctx.text(f"term-{Term.DRAWDOWN}"), both))


def trade_rows(report: BacktestReport, ctx: Context) -> tuple[Row, ...]:
    """Returns trades and costs."""
    trades, result, asset = report.trades, report.result, report.result.terms.rules.quote
    counted = (ctx.text("label-backtest-trades"), ctx.format.count(len(result.all_trades)))
    if not result.all_trades:
        return (counted,)
    rows = [counted]
    if trades.count:
        won = ctx.text("win-rate-of", rate=percent(trades.win_rate, ctx), wins=trades.wins, count=trades.count)
        rows += [
            (ctx.text(f"term-{Term.WIN_RATE}"), won),
            (ctx.text(f"term-{Term.PROFIT_FACTOR}"), ratio(trades.profit_factor, ctx)),
        ]
    even = UNKNOWN if report.break_even is None else _break_even(report, ctx)
    return (
        *rows,
        (ctx.text("label-backtest-exposure"), percent(round(result.exposure, 4), ctx)),
        (ctx.text(f"term-{Term.FEES}"), ctx.format.money(result.fees, asset)),
        (ctx.text(f"term-{Term.SLIPPAGE}"), ctx.format.money(result.slippage, asset)),
        (ctx.text("label-backtest-break-even"), even),
    )


def cost_table(report: BacktestReport, ctx: Context) -> Table:
    """Returns the return of the same rule at none, once and twice the costs."""
    columns = (
        Column(ctx.text("label-backtest-costs")),
        Column(ctx.text("label-backtest-return"), Align.RIGHT),
        Column(ctx.text("label-backtest-trades"), Align.RIGHT),
    )
    return Table(
        columns,
        tuple(
            (
                ctx.text(f"backtest-costs-{each.multiple}"),
                percent(round(each.net_return, 6), ctx, signed=True),
                ctx.format.count(each.trades),
            )
            for each in report.costs
        ),
    )


def beside_hold(report: BacktestReport, ctx: Context) -> tuple[Text, ...]:
    """Returns a sentence on buying and holding; nothing for a rule that gained nothing, of which the verdict tells."""
    own, held = report.result.net_return, report.hold.net_return
    return (Text(ctx.text("backtest-beats-hold" if own > held else "backtest-behind-hold")),) if own > 0 else ()


def note_lines(report: BacktestReport, asked: AskedBacktest, end: int, ctx: Context) -> list[str]:
    """Returns what a reader must know about the test."""
    result, history, lines = report.result, report.history, []
    if report.ratios.count < MIN_RETURNS:
        lines.append(ctx.text("performance-too-few", count=report.ratios.count, needed=MIN_RETURNS))
    lines += _history_lines(report, asked, end, ctx)
    if history.missing:
        lines.append(ctx.text("backtest-missing", count=history.missing))
    if history.frozen:
        lines.append(ctx.text("backtest-frozen", count=history.frozen))
    if result.open_trade is not None:
        lines.append(ctx.text("backtest-open"))
    if result.waiting:
        lines.append(ctx.text("backtest-waiting"))
    if result.refused:
        lines.append(ctx.text("backtest-refused", count=sum(result.refused.values())))
    if result.partial:
        lines.append(ctx.text("backtest-partial", count=result.partial))
    return [*lines, _about(report, ctx)]


def _history_lines(report: BacktestReport, asked: AskedBacktest, end: int, ctx: Context) -> list[str]:
    """Returns that the history begins later, or ends earlier, than was asked for."""
    wanted = (asked.until - asked.since) // report.interval.ms
    late = report.start - asked.since > (report.needed + 2) * report.interval.ms and wanted > len(report.history)
    begins = datetime.fromtimestamp(report.start / 1000, UTC).date()
    lines = [ctx.text("backtest-begins-late", begins=ctx.format.days(begins), interval=report.interval.value)] * late
    ended = asked.until - end > max(report.interval.ms, DAY_MS)
    return [*lines, *([ctx.text("backtest-ends-early", ends=ctx.format.days(day_of(end)))] * ended)]


def _about(report: BacktestReport, ctx: Context) -> str:
    terms = report.result.terms
    return ctx.text(
        "backtest-about",
        cash=ctx.format.money(terms.cash, terms.rules.quote),
        fee=ctx.format.percent(terms.fee_rate),
        spread=ctx.format.percent(2 * terms.half_spread),
        needed=report.needed,
    )


def _period(report: BacktestReport, ctx: Context) -> str:
    return ctx.text("backtest-period", period=period_text(report, ctx), count=ctx.format.count(len(report.history)))


def _break_even(report: BacktestReport, ctx: Context) -> str:
    even, paid = report.break_even or 0.0, report.cost_of_order or 0.0
    figures = {"even": Decimal(f"{even:.3g}"), "paid": Decimal(f"{paid:.3g}")}
    return ctx.text("backtest-break-even", **{name: ctx.format.percent(value) for name, value in figures.items()})
