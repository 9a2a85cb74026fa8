"""Worth of a back-test, as blocks of a reply: the verdict in a sentence, random rules, trials, overfitting, the
hold-out, and the best rules of a grid.
"""

import math
from datetime import UTC, datetime
from decimal import Decimal

from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Align, Block, Column, Fields, Table, Text, Tone
from bot.ui.charts.ports import ParameterGrid
from bot.ui.format import UNKNOWN
from bot.views.performance import percent, ratio
from pipeline.market import Symbol
from trading.backtest.hold_out import SHARE
from trading.backtest.honesty import HonestTest, Verified
from trading.backtest.verdict import MIN_TRADES, BacktestVerdict, Doubt
from trading.rules.grids import RuleGrid
from trading.rules.text import number_text

BEST_ROWS = 5
"""Rules of a grid that the card lists."""

_VALUES_OF_AXES = 3
"""Parameters of a grid that have a column of their own."""


def verdict_text(test: HonestTest, verified: Verified, ctx: Context) -> Text:
    """Returns the verdict in a sentence."""
    verdict, report = verified.conclusion.verdict, test.report
    doubts = [_doubt(each, test, verified, ctx) for each in verified.conclusion.doubts]
    peek = UNKNOWN if test.peek is None else ctx.format.moment(test.peek)
    words = ctx.text(
        f"backtest-verdict-{verdict}",
        time=peek,
        gross=_return(report.costs[0].net_return, ctx),
        net=_return(report.result.net_return, ctx),
        trades=len(report.result.all_trades),
        least=MIN_TRADES,
        unseen=_return(test.unseen.net_return, ctx) if test.unseen else UNKNOWN,
        reasons=ctx.text("backtest-doubt-joint").join(doubts),
    )
    return Text(words, Tone.WARNING if verdict is BacktestVerdict.PEEKS else Tone.PLAIN)


def honesty_blocks(test: HonestTest, verified: Verified, symbol: Symbol, ctx: Context) -> tuple[Block, ...]:
    """Returns the figures behind the verdict, and the hold-out apart."""
    worth: tuple[Block, ...] = ()
    if verified.conclusion.verdict is not BacktestVerdict.IDLE:
        worth = (
            Text(ctx.text("backtest-honesty-title"), Tone.TITLE),
            Fields(_rows(test, verified, symbol, ctx)),
            Text(_about(test, verified, ctx), Tone.NOTE),
        )
    return (*worth, *_hold_out(test, ctx))


def grid_blocks(test: HonestTest, grid: RuleGrid, ctx: Context) -> tuple[Block, ...]:
    """Returns the best rules of a grid; nothing for a rule without ranges."""
    if test.grid is None:
        return ()
    shown, sample = grid.axes[:_VALUES_OF_AXES], test.sample
    columns = [Column(f"{place}", Align.RIGHT) for place in range(1, len(shown) + 1)]
    labels = ("label-backtest-return", "label-backtest-sharpe", "label-backtest-trades")
    table = Table(
        (*columns, *(Column(ctx.text(each), Align.RIGHT) for each in labels)),
        tuple(
            (
                *values_of(grid, place)[: len(shown)],
                _return(test.grid.rows[place].net_return, ctx),
                ratio(sample.annual(test.grid.rows[place].score), ctx),
                ctx.format.count(test.grid.rows[place].trades),
            )
            for place in test.grid.ranked()[:BEST_ROWS]
        ),
    )
    names = (f"{place} {axis_name(grid, place - 1)}" for place in range(1, len(shown) + 1))
    title = ctx.text("backtest-grid-title", count=ctx.format.count(len(grid.rules)))
    about = ctx.text("backtest-grid-about", names=" · ".join(names))
    return (Text(title, Tone.TITLE), table, Text(about, Tone.NOTE))


def grid_picture(test: HonestTest, grid: RuleGrid) -> ParameterGrid | None:
    """Returns the picture of the first two parameters, the others as in the best rule. None without a grid."""
    if test.grid is None:
        return None
    sample = test.sample
    found = [sample.annual(row.score) if row.trades else None for row in test.grid.rows]
    names = [axis_name(grid, number) for number in range(len(grid.axes))]
    numbers = [tuple(number_text(each) for each in axis.values) for axis in grid.axes]
    if len(grid.axes) == 1:
        return ParameterGrid("", names[0], ("",), numbers[0], (tuple(found),), (0, test.grid.best))
    rows, columns, *rest = grid.shape
    size = math.prod(rest)
    place, others = divmod(test.grid.best, size)
    shown = found[others::size]
    lines = tuple(tuple(shown[line * columns : (line + 1) * columns]) for line in range(rows))
    return ParameterGrid(names[0], names[1], numbers[0], numbers[1], lines, divmod(place, columns))


def values_of(grid: RuleGrid, place: int) -> list[str]:
    """Returns the values of all parameters of the rule at a place; the last parameter changes fastest."""
    found: list[str] = []
    for axis in reversed(grid.axes):
        place, at = divmod(place, len(axis.values))
        found.append(number_text(axis.values[at]))
    return found[::-1]


def axis_name(grid: RuleGrid, number: int) -> str:
    """Returns the part of the rule around a range: `rsi(5..20)`, or `rsi(14) < 20..40`."""
    axis, text = grid.axes[number], grid.text
    start, end = axis.position, axis.position + len(axis.text)
    opened = text.rfind("(", 0, start)
    if opened > text.rfind(")", 0, start):
        closed = text.find(")", end)
        begin = opened
        while begin and (text[begin - 1].isalnum() or text[begin - 1] in "_."):
            begin -= 1
        return text[begin : closed + 1 if closed >= 0 else len(text)]
    before = text[:start].split()[-2:]
    return " ".join((*before, axis.text))


def _rows(test: HonestTest, verified: Verified, symbol: Symbol, ctx: Context) -> tuple[tuple[str, str], ...]:
    count = ctx.format.count(verified.trials.count)
    rows = [(ctx.text("label-backtest-trials", coin=short_name(symbol, ctx)), count)]
    if test.random is not None:
        low, high = (percent(round(each, 3), ctx) for each in (test.random.low, test.random.high))
        share = percent(round(test.random.percentile, 3), ctx)
        rows.append((ctx.text("label-backtest-random"), ctx.text("backtest-random", share=share, low=low, high=high)))
        rows.append((ctx.text("label-backtest-random-median"), _return(test.random.median, ctx)))
    rows.append((ctx.text("label-backtest-deflated"), _share(verified.deflated, ctx)))
    if test.grid is not None:
        found = test.grid.overfitting
        rows.append((ctx.text("label-backtest-overfitting"), _share(found.probability if found else None, ctx)))
    peeks = "backtest-peeks" if test.look_ahead.peeks else "backtest-no-peek"
    checks = ctx.format.count(test.look_ahead.cuts)
    return (*rows, (ctx.text("label-backtest-look-ahead"), ctx.text(peeks, count=checks)))


def _about(test: HonestTest, verified: Verified, ctx: Context) -> str:
    words = []
    if test.random is not None:
        words.append(ctx.text("backtest-about-random", count=ctx.format.count(test.random.count)))
    words.append(ctx.text("backtest-about-trials", full="yes" if verified.trials.full else "no"))
    if test.grid is not None and test.grid.overfitting is not None:
        count = ctx.format.count(len(test.grid.overfitting.logits))
        words.append(ctx.text("backtest-about-overfitting", count=count))
    return " ".join(words)


def _hold_out(test: HonestTest, ctx: Context) -> tuple[Block, ...]:
    unseen, hold = test.unseen, test.unseen_hold
    if unseen is None or hold is None:
        return (Text(ctx.text("backtest-no-hold-out"), Tone.NOTE),)
    first = datetime.fromtimestamp(int(unseen.history.candles.open_time[0]) / 1000, UTC).date()
    last = datetime.fromtimestamp((test.end - 1) / 1000, UTC).date()
    rows = (
        (ctx.text("label-backtest-period"), ctx.format.days(last, (last - first).days + 1)),
        (ctx.text("label-backtest-return"), _return(unseen.net_return, ctx)),
        (ctx.text("backtest-hold"), _return(hold.net_return, ctx)),
        (ctx.text("label-backtest-trades"), ctx.format.count(len(unseen.all_trades))),
    )
    title = ctx.text("backtest-hold-out-title", share=percent(SHARE, ctx))
    return (Text(title, Tone.TITLE), Fields(rows), Text(ctx.text("backtest-hold-out-about"), Tone.NOTE))


def _doubt(doubt: Doubt, test: HonestTest, verified: Verified, ctx: Context) -> str:
    found = test.grid.overfitting if test.grid else None
    return ctx.text(
        f"backtest-doubt-{doubt}",
        share=_share(None if test.random is None else 1.0 - test.random.percentile, ctx),
        count=verified.trials.count,
        deflated=_share(verified.deflated, ctx),
        overfitting=_share(found.probability if found else None, ctx),
    )


def _return(value: float, ctx: Context) -> str:
    return percent(round(value, 6), ctx, signed=True)


def _share(value: float | None, ctx: Context) -> str:
    return UNKNOWN if value is None else ctx.format.percent(Decimal(f"{value:.3f}"))
