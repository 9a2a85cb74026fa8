"""/backtest: a rule over past candles on the desk's own matching, its picture, and its trades as CSV."""

import asyncio
import threading
import time
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import TypeVar

from bot.arguments.backtest_words import BacktestAction, BacktestRequest
from bot.arguments.strategy_words import StrategyAction, StrategyRequest, new_name
from bot.arguments.symbols import pair_of
from bot.commands.strategies import strategy
from bot.context import Context
from bot.errors import (
    BacktestForgotten,
    BacktestRunning,
    BacktestTooLong,
    HistoryTooShort,
)
from bot.recent_backtests import AskedBacktest
from bot.reply import Block, Document, Picture, Reply, Text, Tone
from bot.views.backtest import backtest_blocks, backtest_names, period_text
from bot.views.backtest_honesty import grid_blocks, grid_picture, honesty_blocks, verdict_text
from bot.views.buttons import button, rows
from bot.views.errors import sentence
from bot.views.prices import chart_button, source_note
from core.errors import DeskError
from core.system.bounded_executor import BoundedExecutor
from pipeline.candles import CandleColumns
from pipeline.market import DAY_MS, MINUTE_MS, Interval, Symbol
from trading.backtest.costs import check_cost
from trading.backtest.errors import TooFewCandles
from trading.backtest.hold_out import RuleTester, split_history
from trading.backtest.honesty import HonestTest, honest_test, verify
from trading.backtest.report import BacktestReport
from trading.backtest.terms import BacktestTerms
from trading.backtest.trades_csv import trades_csv
from trading.backtest.trials import TrialCount
from trading.indicators.operators import Stopped
from trading.rules.grids import RuleGrid, parse_grid
from trading.rules.rule import parse_rule
from trading.rules.signals import signals

CASH = Decimal(10_000)
"""Money at the start of a test, in the quote asset."""

MAX_CANDLES = 600_000
"""Candles of the longest test: more than a year of minutes."""

MAX_MINUTES = 1_200_000
"""Minutes that are read for the longest test."""

DEFAULT_DAYS = {Interval.M1: 30, Interval.M5: 90, Interval.M15: 180, Interval.H1: 365, Interval.H4: 730}
"""Days of a test for which no period is named; of daily candles ten years."""

_LONGEST_DAYS = 3_650
_WIDEST_SPREAD = Decimal("0.01")
"""Half of a spread beyond which the present one says nothing about the past."""

_EXECUTOR = BoundedExecutor("backtest")
"""For the back-tests of all users."""

_RUNNING: set[int] = set()
"""Users whose back-test waits for its turn, or for whom the thread still computes."""


T = TypeVar("T")


async def backtest(ctx: Context, test: BacktestRequest) -> Reply:
    """Tests a rule over past candles and shows what it would have made of the money; or saves the rule."""
    asked = await _asked(test, ctx)
    if test.action is BacktestAction.SAVE:
        return await _save(test, asked, ctx)
    handle = ctx.services.backtests.remember(ctx.person.person_id, asked)
    grid, needed = await asyncio.to_thread(_read, asked)
    tested = await _measured(asked, grid, needed, ctx)
    if test.action is BacktestAction.TRADES:
        return await _trades(tested.report, asked, ctx)
    count = await _counted(tested, asked, ctx)
    verified = verify(tested, count)
    blocks = backtest_blocks(tested.report, verdict_text(tested, verified, ctx), asked, ctx, end=tested.end)
    worth = (*grid_blocks(tested, grid, ctx), *honesty_blocks(tested, verified, asked.symbol, ctx))
    pictures = (*await _grid_picture(tested, grid, ctx), *await _picture(tested.report, asked, ctx))
    best = replace(asked, rule=tested.report.rule.text)
    best_handle = ctx.services.backtests.remember(ctx.person.person_id, best)
    return Reply((*blocks, *worth, *source_note(ctx), *pictures, *_buttons(asked, handle, best_handle, ctx)))


async def _asked(test: BacktestRequest, ctx: Context) -> AskedBacktest:
    """Returns what is tested. Raises BacktestForgotten, MissingArgument, RuleSyntaxError, UnknownStrategy."""
    if test.action is not BacktestAction.RUN:
        known = ctx.services.backtests.find(ctx.person.person_id, test.handle)
        if known is None:
            raise BacktestForgotten
        interval = test.interval or known.interval
        return replace(known, interval=interval, since=known.since // interval.ms * interval.ms)
    symbol, interval, rule = await _rule(test, ctx)
    until = (ctx.market.now() if test.until is None else test.until) // MINUTE_MS * MINUTE_MS
    days = DEFAULT_DAYS.get(interval, _LONGEST_DAYS)
    since = until - days * DAY_MS if test.since is None else test.since
    return AskedBacktest(symbol, interval, rule, max(0, since // interval.ms * interval.ms), until)


async def _rule(test: BacktestRequest, ctx: Context) -> tuple[Symbol, Interval, str]:
    """Returns coin, interval and rule or grid of rules, those of a saved strategy if a name was typed."""
    if test.symbol is not None:
        grid = await asyncio.to_thread(parse_grid, test.rule)
        rule = " ".join(grid.text.split()) if grid.axes else grid.rules[0].text
        return test.symbol, test.interval or Interval.H1, rule
    person, market = ctx.person.person_id, ctx.market.info().market
    found = await ctx.services.strategies.find(person, market, test.name)
    return found.symbol, found.interval, found.rule.text


async def _save(test: BacktestRequest, asked: AskedBacktest, ctx: Context) -> Reply:
    """Saves the rule as a strategy, or asks for its name."""
    if not test.name:
        line = f"backtest {BacktestAction.SAVE} {test.handle}"
        return Reply((Text(ctx.text("backtest-name")),), asks=line)
    name, rule = new_name(test.name), parse_rule(asked.rule)
    return await strategy(ctx, StrategyRequest(StrategyAction.SAVE, name, asked.symbol, asked.interval, rule))


def _read(asked: AskedBacktest) -> tuple[RuleGrid, int]:
    """Returns the rules, and the number of candles before the first signal of all of them: 400 take half a second.
    Raises BacktestTooCostly.
    """
    grid = parse_grid(asked.rule)
    candles = min((asked.until - asked.since) // asked.interval.ms, MAX_CANDLES)
    return grid, check_cost(grid.rules, asked.interval, candles)


async def _measured(asked: AskedBacktest, grid: RuleGrid, needed: int, ctx: Context) -> HonestTest:
    """Returns the test. Raises the errors of `in_turn`, GridTooSlow, and the errors of `split_history`."""
    candles = CandleColumns.of(())

    async def prepare(stopped: Stopped) -> Callable[[], HonestTest]:
        nonlocal candles
        candles = await _candles(asked, needed, ctx)
        terms = await _terms(asked.symbol, ctx)

        def measure() -> HonestTest:
            history = split_history(asked.symbol, grid.rules, candles, asked.interval, since=asked.since)
            tester = RuleTester(history, terms, partial(signals, stopped=stopped), stopped=stopped)
            return honest_test(grid.rules, tester, seed=zlib.crc32(asked.rule.encode()), clock=time.monotonic)

        return measure

    try:
        return await in_turn(ctx.person.person_id, prepare)
    except TooFewCandles as error:
        raise _too_short(error, asked, candles) from error


async def in_turn(person_id: int, prepare: Callable[[Stopped], Awaitable[Callable[[], T]]]) -> T:
    """Returns the result of a back-test of a user. `prepare` is awaited when it is its turn; it reads the candles and
    returns the work, which ends early once the function that `prepare` is given returns True.

    Raises BacktestRunning while the user's last one is not finished, Overloaded, and the errors of `prepare` and of the
    work.
    """
    if person_id in _RUNNING:
        raise BacktestRunning
    _RUNNING.add(person_id)
    stop, ended = threading.Event(), partial(_RUNNING.discard, person_id)
    computes = False
    try:
        async with _EXECUTOR.turn():
            work = await prepare(stop.is_set)
            computes = True
            return await _EXECUTOR.compute(work, ended=ended)
    finally:
        stop.set()  # a command that takes too long ends: so does the thread
        if not computes:
            ended()


async def _counted(tested: HonestTest, asked: AskedBacktest, ctx: Context) -> TrialCount:
    """Counts the rules of a test as tried, and returns all that the user tried on the coin."""
    market, at = ctx.market.info().market, datetime.fromtimestamp(ctx.services.clock() / 1000, UTC)
    return await ctx.services.trials.record(ctx.person.person_id, market, asked.symbol, tested.trials, at)


async def _candles(asked: AskedBacktest, needed: int, ctx: Context) -> CandleColumns:
    """Returns the candles of the period and those before it that warm up the rule. Raises BacktestTooLong, NoCandles,
    MarketUnavailable.
    """
    width = asked.interval.ms
    start = max(0, asked.since - needed * width)
    most = min(MAX_CANDLES, MAX_MINUTES * MINUTE_MS // width)
    count = (asked.until - start) // width
    if count > most and asked.interval is not Interval.D1:
        raise BacktestTooLong(count, most, asked.interval, most * width // DAY_MS)
    return await ctx.market.history(asked.symbol, asked.interval, start, asked.until)


async def _terms(symbol: Symbol, ctx: Context) -> BacktestTerms:
    """Returns the terms: the desk's fee, the exchange's rules, and half of the present spread."""
    spread = Decimal(0)
    try:
        quote = await ctx.market.quote(symbol)
        if 0 < quote.bid <= quote.ask:
            spread = (quote.ask - quote.bid) / (quote.ask + quote.bid)
    except DeskError:
        pass  # the test does without a spread, which its card states
    half = spread.quantize(Decimal("1e-8")) if spread <= _WIDEST_SPREAD else _WIDEST_SPREAD
    source = ctx.market.info().source
    return BacktestTerms(ctx.market.rules(symbol), CASH, ctx.services.fee_rate, half_spread=half, source=source)


def _too_short(error: TooFewCandles, asked: AskedBacktest, candles: CandleColumns) -> HistoryTooShort:
    since = datetime.fromtimestamp(int(candles.open_time[0]) / 1000, UTC).date() if len(candles) else None
    return HistoryTooShort(asked.symbol, error.found, error.needed, asked.interval, since)


async def _trades(report: BacktestReport, asked: AskedBacktest, ctx: Context) -> Reply:
    file = await asyncio.to_thread(trades_csv, report.result)
    alt = ctx.text("backtest-file", pair=pair_of(asked.symbol, ctx), rows=file.rows)
    day = f"{datetime.fromtimestamp(report.end / 1000, UTC):%Y-%m-%d}"
    return Reply((Document(file.data, alt, f"paperdesk-backtest-{day}.csv"),))


async def _picture(report: BacktestReport, asked: AskedBacktest, ctx: Context) -> tuple[Block, ...]:
    """Returns the picture, or a sentence if it cannot be drawn: the figures are useful alone."""
    names, pair, period = backtest_names(report, ctx), pair_of(asked.symbol, ctx), period_text(report, ctx)
    label = ctx.market.info().label
    try:
        png = await ctx.services.charts.backtest(report, pair, period, names, label=label, style=ctx.style)
    except DeskError as error:
        return (Text(sentence(error, ctx), Tone.NOTE),)
    alt = ctx.text("backtest-alt", pair=pair, period=period, names=", ".join(names))
    return (Picture(png, alt, "backtest"),)


async def _grid_picture(tested: HonestTest, grid: RuleGrid, ctx: Context) -> tuple[Block, ...]:
    """Returns the picture of a grid, or a sentence if it cannot be drawn; nothing for one rule."""
    shown = grid_picture(tested, grid)
    if shown is None:
        return ()
    try:
        png = await ctx.services.charts.parameter_grid(shown, label=ctx.market.info().label, style=ctx.style)
    except DeskError as error:
        return (Text(sentence(error, ctx), Tone.NOTE),)
    names = " · ".join(name for name in (shown.row_name, shown.column_name) if name)
    best, count = tested.report.rule.text, ctx.format.count(len(grid.rules))
    return (Picture(png, ctx.text("backtest-grid-alt", count=count, names=names, best=best), "backtest-grid"),)


def _buttons(asked: AskedBacktest, handle: str, best: str, ctx: Context) -> tuple[Block, ...]:
    """Returns the buttons: the rule, or the `best` of a grid, alone; and the same test of other candles."""
    others = [
        button(each.value, "backtest", BacktestAction.AGAIN.value, handle, each.value)
        for each in Interval
        if each is not asked.interval
    ]
    trades = button(ctx.text("button-backtest-trades"), "backtest", BacktestAction.TRADES.value, best)
    save = button(ctx.text("button-backtest-save"), "backtest", BacktestAction.SAVE.value, best)
    again = BacktestAction.AGAIN.value
    alone = [button(ctx.text("button-backtest-best"), "backtest", again, best, asked.interval.value)] * (best != handle)
    return rows([save, trades, *alone, chart_button(asked.symbol, ctx)], others)
