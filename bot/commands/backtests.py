"""/backtest: a rule over past candles on the desk's own matching, its picture, and its trades as CSV."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

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
from bot.views.buttons import button, rows
from bot.views.errors import sentence
from bot.views.prices import chart_button, source_note
from core.errors import DeskError
from pipeline.candles import CandleColumns
from pipeline.market import DAY_MS, MINUTE_MS, Interval, Symbol
from trading.backtest.errors import TooFewCandles
from trading.backtest.report import BacktestReport, backtest_report
from trading.backtest.terms import BacktestTerms
from trading.backtest.trades_csv import trades_csv
from trading.rules.rule import Rule, parse_rule
from trading.rules.signals import warm_up

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

_THREAD = ThreadPoolExecutor(1, thread_name_prefix="backtest")
"""One thread for the back-tests of all users, one after another: several at once would slow all other answers."""

_RUNNING: set[int] = set()
"""Users whose back-test runs or waits for the thread."""


async def backtest(ctx: Context, test: BacktestRequest) -> Reply:
    """Tests a rule over past candles and shows what it would have made of the money; or saves the rule."""
    asked = await _asked(test, ctx)
    if test.action is BacktestAction.SAVE:
        return await _save(test, asked, ctx)
    handle = ctx.services.backtests.remember(ctx.person.person_id, asked)
    report = await _measured(asked, ctx)
    if test.action is BacktestAction.TRADES:
        return await _trades(report, asked, ctx)
    blocks = backtest_blocks(report, asked, ctx)
    picture = await _picture(report, asked, ctx)
    return Reply((*blocks, *source_note(ctx), *picture, *_buttons(asked, handle, ctx)))


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
    return AskedBacktest(symbol, interval, rule.text, max(0, since // interval.ms * interval.ms), until)


async def _rule(test: BacktestRequest, ctx: Context) -> tuple[Symbol, Interval, Rule]:
    """Returns coin, interval and rule, those of a saved strategy if a name was typed."""
    if test.symbol is not None:
        return test.symbol, test.interval or Interval.H1, parse_rule(test.rule)
    person, market = ctx.person.person_id, ctx.market.info().market
    found = await ctx.services.strategies.find(person, market, test.name)
    return found.symbol, found.interval, found.rule


async def _save(test: BacktestRequest, asked: AskedBacktest, ctx: Context) -> Reply:
    """Saves the rule as a strategy, or asks for its name."""
    if not test.name:
        line = f"backtest {BacktestAction.SAVE} {test.handle}"
        return Reply((Text(ctx.text("backtest-name")),), asks=line)
    name, rule = new_name(test.name), parse_rule(asked.rule)
    return await strategy(ctx, StrategyRequest(StrategyAction.SAVE, name, asked.symbol, asked.interval, rule))


async def _measured(asked: AskedBacktest, ctx: Context) -> BacktestReport:
    """Returns the report. Raises BacktestRunning while the user's last one is not finished, and the errors of
    `backtest_report`.
    """
    person = ctx.person.person_id
    if person in _RUNNING:
        raise BacktestRunning
    _RUNNING.add(person)
    stop = threading.Event()
    try:
        rule = parse_rule(asked.rule)
        candles = await _candles(asked, warm_up(rule, asked.interval), ctx)
        terms = await _terms(asked.symbol, ctx)
        work = partial(backtest_report, asked.symbol, rule, candles, asked.interval, terms)
        work = partial(work, since=asked.since, stopped=stop.is_set)
        return await asyncio.get_running_loop().run_in_executor(_THREAD, work)
    except TooFewCandles as error:
        raise _too_short(error, asked, candles) from error
    finally:
        stop.set()  # a command that takes too long ends: so does the thread
        _RUNNING.discard(person)


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


def _buttons(asked: AskedBacktest, handle: str, ctx: Context) -> tuple[Block, ...]:
    others = [
        button(each.value, "backtest", BacktestAction.AGAIN.value, handle, each.value)
        for each in Interval
        if each is not asked.interval
    ]
    trades = button(ctx.text("button-backtest-trades"), "backtest", BacktestAction.TRADES.value, handle)
    save = button(ctx.text("button-backtest-save"), "backtest", BacktestAction.SAVE.value, handle)
    return rows([save, trades, chart_button(asked.symbol, ctx)], others)
