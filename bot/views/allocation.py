"""Allocation beside equal weight, and its walk-forward test, as blocks of a reply."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Align, Block, Column, Table, Text, Tone
from bot.views.performance import percent, ratio
from pipeline.market import Symbol
from trading.allocation.report import AllocationReport, RivalComparison
from trading.allocation.rules import Objective
from trading.allocation.walk_forward import EVERY, MIN_RETURNS, WINDOW, OutOfSample
from trading.risk.gaps import MIN_COMMON

Values = Mapping[Symbol, Decimal]


def allocation_blocks(report: AllocationReport, values: Values, ctx: Context) -> tuple[Block, ...]:
    """Returns the weights beside equal and current ones (by the `values` held), the test, and what it says about equal
    weight.
    """
    name = ctx.text(f"choice-optimize-{report.objective}")
    return (
        Text(ctx.text("optimize-title", objective=name), Tone.TITLE),
        _weights(report, values, ctx),
        Text(ctx.text("optimize-test-title"), Tone.TITLE),
        _tests(report, ctx),
        Text(_verdict(report, name, ctx)),
        *(Text(note, Tone.NOTE) for note in _notes(report, ctx)),
    )


def _weights(report: AllocationReport, values: Values, ctx: Context) -> Table:
    total = sum((values.get(symbol, Decimal(0)) for symbol in report.symbols), Decimal(0))
    held = total > 0
    labels = ("label-optimize-weight", "label-optimize-equal", *(("label-optimize-now",) if held else ()))
    columns = (Column(ctx.text("label-asset")), *(Column(ctx.text(label), Align.RIGHT) for label in labels))
    rows = []
    for place in np.argsort(-report.weights, kind="stable"):
        symbol = report.symbols[place]
        now = (ctx.format.percent(round(values.get(symbol, Decimal(0)) / total, 4)),) if held else ()
        both = (_weight(float(each[place]), ctx) for each in (report.weights, report.equal))
        rows.append((short_name(symbol, ctx), *both, *now))
    return Table(columns, tuple(rows))


def _tests(report: AllocationReport, ctx: Context) -> Table:
    labels = ("return", "volatility", "sharpe", "drawdown", "turnover")
    columns = (
        Column(ctx.text("label-optimize-method")),
        *(Column(ctx.text(f"label-optimize-{label}"), Align.RIGHT) for label in labels),
    )
    tested = [(ctx.text(f"choice-optimize-{each}"), report.tests[each]) for each in Objective]
    equal = (ctx.text("performance-equal-weight"), report.rival)
    return Table(columns, tuple((name, *_figures(test, ctx)) for name, test in (equal, *tested)))


def _figures(test: OutOfSample, ctx: Context) -> tuple[str, ...]:
    return (
        percent(test.annual_return, ctx, signed=True),
        percent(test.volatility, ctx),
        ratio(test.sharpe, ctx),
        percent(test.drawdown, ctx),
        ratio(test.turnover, ctx),
    )


def _verdict(report: AllocationReport, name: str, ctx: Context) -> str:
    own, other = report.tests[report.objective], report.rival
    if report.verdict is RivalComparison.UNKNOWN:
        return ctx.text("optimize-unknown", days=own.days, least=MIN_RETURNS, window=WINDOW)
    figures = {"own": ratio(own.sharpe, ctx), "other": ratio(other.sharpe, ctx), "days": own.days}
    return ctx.text(f"optimize-verdict-{report.verdict}", objective=name, **figures)


def _notes(report: AllocationReport, ctx: Context) -> list[str]:
    notes = [ctx.text("optimize-about", days=report.days, window=WINDOW, every=EVERY)]
    refused = {each: test.refused for each, test in report.tests.items() if test.refused}
    if refused:
        names = ", ".join(f"{ctx.text(f'choice-optimize-{each}')} ({count})" for each, count in refused.items())
        notes.append(ctx.text("optimize-refused", methods=names, count=report.rival.estimations))
    if report.left_out:
        notes.append(ctx.text("optimize-left-out", coins=_names(report.left_out, ctx), days=MIN_COMMON))
    return notes


def _names(symbols: Sequence[Symbol], ctx: Context) -> str:
    return ", ".join(short_name(symbol, ctx) for symbol in symbols)


def _weight(value: float, ctx: Context) -> str:
    return ctx.format.percent(Decimal(f"{value:.4f}"))
