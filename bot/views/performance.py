"""Performance report as blocks of a reply. Every figure bears the name under which /explain explains it."""

from datetime import timedelta
from decimal import Decimal

from bot.arguments.performance_terms import Term
from bot.arguments.symbols import pair_of, short_name
from bot.context import Context
from bot.reply import Align, Block, Column, Fields, Table, Text, Tone
from bot.ui.format import UNKNOWN
from pipeline.market import Symbol
from trading.reports.performance import (
    MIN_RETURNS,
    BenchmarkFigures,
    ClosedTrade,
    DrawdownFigures,
    PerformanceReport,
    RatioFigures,
    SharpeUncertainty,
)
from trading.reports.performance_figures import day_of

COINS_SHOWN = 6
_BENCHMARK_ROWS = 5
"""Figures against a benchmark that the card has; the tear sheet has all."""

_TYPES = {
    "MARKET": "performance-market",
    "LIMIT": "order-kind-limit",
    "LIMIT_MAKER": "order-kind-maker",
    "STOP_LOSS": "order-kind-stop",
    "STOP_LOSS_LIMIT": "order-kind-stop-limit",
    "TAKE_PROFIT": "order-kind-take-profit",
    "TAKE_PROFIT_LIMIT": "order-kind-take-profit-limit",
}

Row = tuple[Term, str]


def performance_blocks(report: PerformanceReport, ctx: Context) -> tuple[Block, ...]:
    """Returns the card: returns, risk, trades, benchmarks, coins and order types, and what is uncertain about them."""
    title = Text(ctx.text("performance-title", period=period_text(report, ctx)), Tone.TITLE)
    return (
        title,
        Fields(labelled(return_rows(report, ctx), ctx)),
        *_notes(report, ctx),
        Fields(labelled(risk_rows(report, ctx), ctx)),
        Fields(labelled(trade_rows(report, ctx), ctx)),
        *_benchmarks(report, ctx),
        *_coins(report, ctx),
        *_types(report, ctx),
        *_extremes(report, ctx),
    )


def period_text(report: PerformanceReport, ctx: Context) -> str:
    """Returns the dates of the report: `Nov 1 – 30, 2026`."""
    first, last = report.days[0].day, day_of(report.end)
    return ctx.format.days(last, (last - first) // timedelta(days=1) + 1)


def benchmark_names(report: PerformanceReport, ctx: Context) -> tuple[str, ...]:
    """Returns the names of the account and its benchmarks with their returns."""
    names = [(ctx.text("performance-account"), report.time_weighted)]
    names += [(benchmark_name(each, ctx), each.total) for each in report.benchmarks]
    return tuple(f"{name} {percent(total, ctx, signed=True)}" for name, total in names)


def benchmark_name(figures: BenchmarkFigures, ctx: Context) -> str:
    """Returns the name of a benchmark."""
    return figures.name or ctx.text("performance-equal-weight")


# -- figures -----------------------------------------------------------------------------------


def return_rows(report: PerformanceReport, ctx: Context) -> list[Row]:
    """Returns returns and money."""
    asset, money = report.quote_asset, report.money
    figures = [(Term.RETURN, percent(report.time_weighted, ctx, signed=True))]
    if money.flows:  # without flows both returns are the same
        figures.append((Term.MONEY_WEIGHTED, percent(report.money_weighted, ctx, signed=True)))
    figures += [
        (Term.PROFIT, ctx.format.money(money.profit, asset, signed=True)),
        (Term.REALISED, ctx.format.money(money.realised, asset, signed=True)),
        (Term.UNREALISED, ctx.format.money(money.unrealised, asset, signed=True)),
    ]
    if money.flows:
        figures.append((Term.FLOWS, ctx.format.money(money.flows, asset, signed=True)))
    if report.ratios.annual_return is not None:
        figures.append((Term.ANNUAL, percent(report.ratios.annual_return, ctx, signed=True)))
    return figures


def risk_rows(report: PerformanceReport, ctx: Context) -> list[Row]:
    """Returns risk, and ratios if there are enough daily returns."""
    figures, sure = report.ratios, report.uncertainty
    falls = [(Term.DRAWDOWN, _drawdown(report.deepest, ctx))]
    if report.current is not None and report.current != report.deepest:
        falls.append((Term.DRAWDOWN, ctx.text("drawdown-now", drawdown=_drawdown(report.current, ctx))))
    if figures.count < MIN_RETURNS:
        return falls
    needed = UNKNOWN if sure.days_needed is None else _days(sure.days_needed, ctx)
    return [
        (Term.VOLATILITY, percent(figures.volatility, ctx)),
        (Term.SHARPE, sharpe_text(report.ratios, report.uncertainty, ctx)),
        (Term.PSR, percent(sure.probability, ctx)),
        *([(Term.DSR, ctx.text("dsr-of", chance=percent(sure.deflated, ctx), trials=sure.trials))] * (sure.trials > 1)),
        (Term.MINTRL, needed),
        (Term.SORTINO, ratio(figures.sortino, ctx)),
        (Term.CALMAR, ratio(figures.calmar, ctx)),
        (Term.OMEGA, ratio(figures.omega, ctx)),
        (Term.ULCER, percent(figures.ulcer, ctx)),
        *falls,
    ]


def further_rows(report: PerformanceReport, ctx: Context) -> list[Row]:
    """Returns figures that only the tear sheet has room for; none if there are too few daily returns."""
    figures = report.ratios
    if figures.count < MIN_RETURNS:
        return []
    return [
        (Term.DOWNSIDE, percent(figures.downside_deviation, ctx)),
        (Term.SKEWNESS, ratio(figures.skewness, ctx)),
        (Term.KURTOSIS, ratio(figures.kurtosis, ctx)),
        (Term.MARTIN, ratio(figures.martin, ctx)),
        (Term.PAIN, percent(figures.pain, ctx)),
        (Term.ADJUSTED_SHARPE, ratio(figures.adjusted_sharpe, ctx)),
    ]


def trade_rows(report: PerformanceReport, ctx: Context) -> list[Row]:
    """Returns figures of trades, if there are closed ones, and the cost of trading."""
    asset, trades = report.quote_asset, report.trades
    cost = [
        (Term.TURNOVER, percent(report.turnover, ctx)),
        (Term.EXPOSURE, percent(report.exposure, ctx)),
        (Term.FEES, ctx.format.money(report.money.fees, asset)),
        (Term.SLIPPAGE, ctx.format.money(report.money.slippage, asset)),
    ]
    if not trades.count:
        return cost
    wins = ctx.text("win-rate-of", rate=percent(trades.win_rate, ctx), wins=trades.wins, count=trades.count)
    return [
        (Term.WIN_RATE, wins),
        (Term.PAYOFF, ratio(trades.payoff, ctx)),
        (Term.PROFIT_FACTOR, ratio(trades.profit_factor, ctx)),
        (Term.EXPECTANCY, ctx.format.money(trades.expectancy, asset, signed=True)),
        (Term.HOLDING, UNKNOWN if report.holding_ms is None else ctx.format.age(round(report.holding_ms))),
        *cost,
    ]


def benchmark_rows(figures: BenchmarkFigures, ctx: Context) -> list[Row]:
    """Returns figures against a benchmark."""
    return [
        (Term.RETURN, percent(figures.total, ctx, signed=True)),
        (Term.BETA, ratio(figures.beta, ctx)),
        (Term.ALPHA, percent(figures.alpha, ctx, signed=True)),
        (Term.INFORMATION_RATIO, ratio(figures.information_ratio, ctx)),
        (Term.TRACKING_ERROR, percent(figures.tracking_error, ctx)),
        (Term.CAPTURE, f"{percent(figures.up_capture, ctx)} / {percent(figures.down_capture, ctx)}"),
    ]


def labelled(figures: list[Row], ctx: Context) -> tuple[tuple[str, str], ...]:
    """Returns the figures with their names."""
    return tuple((ctx.text(f"term-{term}"), value) for term, value in figures)


def percent(value: float | None, ctx: Context, *, signed: bool = False) -> str:
    """Formats a fraction as a percentage."""
    return ctx.format.percent(None if value is None else Decimal(f"{value:.6g}"), signed=signed)


def ratio(value: float | None, ctx: Context) -> str:
    """Formats a ratio with two decimals."""
    return UNKNOWN if value is None else ctx.format.money(Decimal(f"{value:.2f}"))


def sharpe_text(figures: RatioFigures, uncertainty: SharpeUncertainty, ctx: Context) -> str:
    """Formats a Sharpe ratio, with its interval if there is one."""
    shown = ratio(figures.sharpe, ctx)
    if uncertainty.interval is None:
        return shown
    low, high = (ratio(each, ctx) for each in uncertainty.interval)
    return ctx.text("sharpe-between", sharpe=shown, low=low, high=high)


def _drawdown(fall: DrawdownFigures | None, ctx: Context) -> str:
    if fall is None:
        return ctx.format.percent(Decimal(0))
    span = ctx.format.days(fall.trough, (fall.trough - fall.peak) // timedelta(days=1) + 1)
    depth = percent(fall.depth, ctx)
    if fall.recovered is None:
        return ctx.text("drawdown-open", depth=depth, span=span)
    return ctx.text("drawdown-over", depth=depth, span=span, recovered=ctx.format.days(fall.recovered))


def _days(count: float, ctx: Context) -> str:
    return ctx.text("day-count", count=round(min(count, 1e9)))


# -- notes and tables --------------------------------------------------------------------------


def _notes(report: PerformanceReport, ctx: Context) -> tuple[Text, ...]:
    return tuple(Text(line, Tone.NOTE) for line in note_lines(report, ctx))


def note_lines(report: PerformanceReport, ctx: Context) -> list[str]:
    """Returns what a reader must know about the figures: too few days, gaps, old prices, resets."""
    count, lines = report.ratios.count, []
    if count < MIN_RETURNS:
        lines.append(ctx.text("performance-too-few", count=count, needed=MIN_RETURNS))
    if not report.trades.count:
        lines.append(ctx.text("performance-no-sales"))
    if report.gaps:
        lines.append(ctx.text("performance-gaps", count=report.gaps))
    if report.stale:
        lines.append(ctx.text("performance-stale", count=report.stale))
    if report.resets:
        lines.append(ctx.text("performance-resets", count=report.resets))
    return lines


def _benchmarks(report: PerformanceReport, ctx: Context) -> tuple[Block, ...]:
    if all(each.total is None for each in report.benchmarks):
        return ()
    shown = 1 if report.ratios.count < MIN_RETURNS else _BENCHMARK_ROWS
    by_name = [(benchmark_name(each, ctx), benchmark_rows(each, ctx)[:shown]) for each in report.benchmarks]
    columns = (Column(ctx.text("performance-against")), *(Column(name, Align.RIGHT) for name, _ in by_name))
    terms = [term for term, _ in by_name[0][1]]
    table = tuple(
        (
            ctx.text("performance-return" if term is Term.RETURN else f"term-{term}"),
            *(figures[place][1] for _, figures in by_name),
        )
        for place, term in enumerate(terms)
    )
    return (Table(columns, table),)


def coin_table(report: PerformanceReport, ctx: Context, shown: int) -> Table:
    """Returns profit and contribution by coin; the smallest are one row."""
    coins = list(report.coins)
    rest = coins[shown:]
    lines = [(_coin(each.symbol, ctx), each.profit, each.contribution) for each in coins[:shown]]
    if rest:
        others = ctx.text("performance-others", count=len(rest))
        lines.append((others, sum(each.profit for each in rest), sum(each.contribution for each in rest)))
    columns = (
        Column(ctx.text("label-asset")),
        Column(ctx.text("term-profit"), Align.RIGHT),
        Column(ctx.text("term-contribution"), Align.RIGHT),
    )
    return Table(
        columns,
        tuple(
            (name, ctx.format.money(Decimal(f"{profit:.2f}"), signed=True), percent(round(part, 4), ctx, signed=True))
            for name, profit, part in lines
        ),
    )


def type_table(report: PerformanceReport, ctx: Context, *, brief: bool = False) -> Table:
    """Returns executions, realised profit and cost by order type; `brief` leaves out the cost."""
    names = ("performance-executions", "term-realised", *(() if brief else ("term-fees", "term-slippage")))
    columns = (
        Column(ctx.text("performance-type")),
        *(Column(ctx.text(name), Align.RIGHT) for name in names),
    )
    write = ctx.format
    return Table(
        columns,
        tuple(
            (
                ctx.text(_TYPES[each.type]),
                write.count(each.count),
                write.money(each.realised, signed=True),
                *(() if brief else (write.money(each.fees), write.money(each.slippage))),
            )
            for each in report.types
        ),
    )


def extreme_table(report: PerformanceReport, ctx: Context, *, brief: bool = False) -> Table:
    """Returns the best and the worst closed trades; `brief` leaves out their times."""
    columns = (
        Column(ctx.text("performance-extremes")),
        Column(ctx.text("label-asset" if brief else "label-symbol")),
        *(() if brief else (Column(ctx.text("label-time")),)),
        Column(ctx.text("label-order"), Align.RIGHT),
    )
    trades = (*report.best, *reversed(report.worst))
    return Table(columns, tuple(_trade(each, report, ctx, brief=brief) for each in trades))


def _trade(trade: ClosedTrade, report: PerformanceReport, ctx: Context, *, brief: bool) -> tuple[str, ...]:
    symbol = Symbol(trade.symbol)
    return (
        ctx.format.money(trade.profit, signed=True),
        short_name(symbol, ctx) if brief else pair_of(symbol, ctx),
        *(() if brief else (ctx.format.brief_moment(trade.time, report.end),)),
        str(trade.order_id),
    )


def _coin(symbol: str, ctx: Context) -> str:
    return short_name(Symbol(symbol), ctx) if symbol else ctx.text("performance-unexplained")


def _coins(report: PerformanceReport, ctx: Context) -> tuple[Block, ...]:
    return (coin_table(report, ctx, COINS_SHOWN),) if report.coins else ()


def _types(report: PerformanceReport, ctx: Context) -> tuple[Block, ...]:
    return (type_table(report, ctx, brief=True),) if len(report.types) > 1 else ()


def _extremes(report: PerformanceReport, ctx: Context) -> tuple[Block, ...]:
    return (extreme_table(report, ctx, brief=True),) if report.best or report.worst else ()
