"""Back-test: when orders fill, at which prices, and what the market or the exchange does not fill."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from pipeline.market import Interval
from pipeline.rules import LotSize, Notional
from tests.support.backtest_markets import RULES, START, TERMS, columns, flat_candles
from tests.support.naive_backtest import PlainRule, RuleSizes
from trading.backtest.account import Cause
from trading.backtest.engine import MAX_STEPS, Signal, backtest
from trading.backtest.errors import OtherCandles, TooFewCandles, TooManyTrades, UnexplainedJump
from trading.backtest.history import history_of
from trading.backtest.result import BacktestResult
from trading.backtest.terms import BacktestTerms

D = Decimal
FREE = replace(TERMS, cost_multiple=D(0))
PLAIN = PlainRule()


def signal(count: int, *places: int) -> Signal:
    found = np.zeros(count, bool)
    found[list(places)] = True
    return found


def played(
    opens: list[float], closes: list[float], entry: tuple[int, ...], exit_: tuple[int, ...] = (), *,
    rule: PlainRule = PLAIN, terms: BacktestTerms = FREE, highs: list[float] | None = None,
    lows: list[float] | None = None, volumes: list[float] | None = None,
) -> BacktestResult:  # fmt: skip
    top = np.maximum(opens, closes) if highs is None else np.array(highs)
    low = np.minimum(opens, closes) if lows is None else np.array(lows)
    made = columns(np.array(opens), top, low, np.array(closes), None if volumes is None else np.array(volumes))
    history = history_of("BTCUSDC", made, Interval.M1)
    return backtest(rule, signal(len(opens), *entry), signal(len(opens), *exit_), history, terms)


def test_a_signal_trades_at_the_next_open() -> None:
    result = played([10, 20, 30, 40, 50], [11, 21, 31, 41, 51], (1,), (2,))
    trade = result.trades[0]
    assert (trade.entry_index, trade.entry_price, trade.exit_index, trade.exit_price) == (2, 30, 3, 40)
    assert trade.entry_time == START + 2 * 60_000
    assert float(trade.gain) == pytest.approx(1 / 3, abs=1e-4)
    assert result.held.tolist() == [False, False, True, True, False]


def test_nothing_can_trade_on_the_candle_that_signals() -> None:
    """The same-bar trap: signals from the close, traded at that close or earlier. A peeking rule, which knows the
    candle that it signals at, gains on each of its candles; here it has to trade on the next one.
    """
    random = np.random.default_rng(7)
    moves = random.choice([-0.01, 0.01], 4000)
    close = 100 * np.exp(np.cumsum(moves))
    opened = np.concatenate([[100.0], close[:-1]])
    rises = close > opened
    made = columns(opened, np.maximum(opened, close), np.minimum(opened, close), close)
    result = backtest(PlainRule(), rises, ~rises, history_of("BTCUSDC", made, Interval.M1), FREE)
    assert abs(result.net_return) < abs(np.prod(np.where(rises, close / opened, 1.0)) - 1) / 1e6
    signals = np.flatnonzero(rises)
    for done in result.executions:
        assert not np.isin(done.index, signals[:1])
        assert done.time == made.open_time[done.index]
        assert float(done.execution.average_price) == pytest.approx(opened[done.index], rel=1e-3)
        assert (rises if done.cause is Cause.ENTRY else ~rises)[done.index - 1]


def test_the_last_signal_has_no_candle_to_trade_in() -> None:
    result = played([10, 20, 30], [11, 21, 31], (2,))
    assert result.waiting
    assert not result.executions
    held = played([10, 20, 30], [11, 21, 31], (0,), (2,))
    assert held.waiting
    assert held.open_trade is not None
    assert held.equity[-1] == pytest.approx(float(held.terms.cash) * 31 / 20, rel=1e-3)


def test_nothing_fills_while_the_market_is_frozen() -> None:
    volumes = [5e4, 5e4, 0, 0, 5e4, 5e4]
    result = played([10, 20, 20, 20, 25, 26], [20, 20, 20, 20, 26, 27], (1,), volumes=volumes)
    assert [done.index for done in result.executions] == [4]
    assert result.executions[0].execution.average_price == 25
    dropped = played([10, 20, 20, 20, 25, 26], [20, 20, 20, 20, 26, 27], (1,), (2,), volumes=volumes)
    assert not dropped.executions
    sold = played([10, 20, 20, 20, 25, 26], [20, 20, 20, 20, 26, 27], (0,), (1,), volumes=volumes)
    assert [done.index for done in sold.executions] == [1, 4]
    assert sold.history.frozen == 2


def test_a_gap_trades_at_the_open_behind_it() -> None:
    made = flat_candles(10, 11, 12, 13, 14, 15).take(np.array([0, 1, 4, 5]))
    history = history_of("BTCUSDC", made, Interval.M1)
    result = backtest(PlainRule(), signal(4, 1), signal(4), history, FREE)
    assert history.missing == 2
    assert result.executions[0].time == START + 4 * 60_000
    assert result.executions[0].execution.average_price == 13


def test_costs_are_the_fee_the_spread_and_the_size_impact() -> None:
    terms = replace(TERMS, half_spread=D("0.001"))
    volumes = [10.0] * 4  # 10 a minute on display: 100 coins take ten levels
    rule = PlainRule(RuleSizes("base", D(50)))
    result = played([100, 100, 100, 100], [100, 100, 100, 100], (0,), (2,), rule=rule, terms=terms, volumes=volumes)
    bought, sold = (done.execution for done in result.executions)
    prices = [D("100.1") * (1 + D("0.0002") * level) for level in range(5)]
    assert [fill.price for fill in bought.fills] == [price.quantize(D("0.01"), "ROUND_CEILING") for price in prices]
    assert [fill.quantity for fill in bought.fills] == [10] * 5
    assert bought.fee == D("0.05")
    assert sold.fills[0].price == D("99.9")
    assert result.fees == pytest.approx(D("0.05") * bought.average_price + sold.fee)
    assert result.slippage == pytest.approx(
        (bought.average_price - 100) * 50 + (100 - sold.average_price) * sold.quantity
    )
    twice = played(
        [100, 100, 100, 100],
        [100] * 4,
        (0,),
        (2,),
        rule=rule,
        terms=replace(terms, cost_multiple=D(2)),
        volumes=volumes,
    )
    assert twice.executions[0].execution.fills[0].price == D("100.2")
    assert twice.executions[0].execution.fills[0].quantity == 5


def test_the_rules_of_the_exchange_hold() -> None:
    small = played([100] * 3, [100] * 3, (0,), rule=PlainRule(RuleSizes("quote", D(4))))
    assert small.refused == {"ExchangeFilterViolation": 1}
    lots = replace(RULES, lot=LotSize(D(1), D(0), D(1)), notional=Notional(D(5), D(0)))
    whole = played([300] * 3, [300] * 3, (0,), terms=replace(FREE, rules=lots))
    assert whole.executions[0].execution.quantity == 33
    nothing = played([300] * 3, [300] * 3, (0,), volumes=[0, 5, 5], terms=TERMS)
    assert nothing.refused == {"NoLiquidity": 1}
    thin = played([100] * 3, [100] * 3, (0,), volumes=[0.5, 5, 5], terms=TERMS)
    assert thin.executions[0].execution.quantity == 10  # twenty levels
    assert thin.partial == 1


def test_a_stop_fills_at_its_price_and_behind_a_gap_at_the_open() -> None:
    rule = PlainRule(stop=D("0.05"), take_profit=D("0.1"))
    through = played([100, 100, 100, 96], [100, 100, 96, 96], (0,), rule=rule, lows=[100, 100, 90, 96])
    assert (through.trades[0].cause, through.trades[0].exit_price, through.trades[0].exit_index) == (Cause.STOP, 95, 2)
    gap = played([100, 100, 90, 96], [100, 100, 96, 96], (0,), rule=rule)
    assert (gap.trades[0].cause, gap.trades[0].exit_price) == (Cause.STOP, 90)
    at_once = played([100, 100, 96, 96], [100, 96, 96, 96], (0,), rule=rule, lows=[100, 94, 96, 96])
    assert (at_once.trades[0].exit_index, at_once.trades[0].exit_price) == (1, 95)


def test_a_take_profit_needs_a_price_beyond_it_and_fills_at_its_limit() -> None:
    rule = PlainRule(stop=D("0.05"), take_profit=D("0.1"))
    touched = played([100] * 4, [100] * 4, (0,), rule=rule, highs=[100, 100, 110, 100])
    assert not touched.trades
    beyond = played([100] * 4, [100] * 4, (0,), rule=rule, highs=[100, 100, 111, 100])
    assert (beyond.trades[0].cause, beyond.trades[0].exit_price) == (Cause.TAKE_PROFIT, 110)
    assert beyond.executions[-1].execution.maker


def test_a_close_beyond_a_take_profit_fills_what_it_displays() -> None:
    rule, volumes = PlainRule(take_profit=D("0.1")), [1e4, 1e4, 40, 40]
    terms = replace(TERMS, fee_rate=D(0))
    result = played(
        [100] * 4, [100, 100, 112, 112], (0,), rule=rule, highs=[100, 100, 112, 112], terms=terms, volumes=volumes
    )
    sold = [(done.time - START, done.execution.quantity) for done in result.executions[1:]]
    minute = 60_000
    assert sold == [(2 * minute + 40_000, 20), (3 * minute, 40), (3 * minute + 40_000, 20), (4 * minute, 20)]
    assert {done.execution.average_price for done in result.executions[1:]} == {110}


def test_a_display_that_was_away_is_new() -> None:
    """The candle between is left out by the engine, and the price comes back to where the display was used."""
    rule, volumes = PlainRule(take_profit=D("0.1")), [1e4, 1e4, 20, 20, 20]
    closes = [100.0, 100, 112, 100, 112]
    result = played([100, 100, 100, 100, 112], closes, (0,), rule=rule, highs=closes,
                    terms=replace(TERMS, fee_rate=D(0)), volumes=volumes)  # fmt: skip
    sold = [(done.time - START, done.execution.quantity) for done in result.executions[1:]]
    assert sold == [(160_000, 10), (180_000, 20), (240_000, 5), (260_000, 15), (300_000, 20)]


def test_an_exit_finds_what_the_take_profit_left_of_the_display() -> None:
    rule, volumes = PlainRule(take_profit=D("0.1")), [1e4, 1e4, 40, 40]
    result = played([100, 100, 100, 112], [100, 100, 112, 112], (0,), (2,), rule=rule, highs=[100, 100, 112, 112],
                    terms=replace(TERMS, fee_rate=D(0)), volumes=volumes)  # fmt: skip
    assert result.executions[-1].cause is Cause.EXIT
    assert result.executions[-1].execution.fills[0].price < 112


def test_a_purchase_of_coins_that_became_dearer_is_made_for_all_of_the_cash() -> None:
    rule = PlainRule(RuleSizes("base", D(95)))
    result = played([100, 100, 120], [100, 105, 120], (0, 1), rule=rule, terms=replace(FREE, cash=D(9_975)))
    assert not result.refused
    dear = played([100, 110, 120], [100, 105, 120], (0,), rule=rule, terms=replace(FREE, cash=D(9_975)))
    assert dear.executions[0].execution.quantity == D("90.681")
    assert not dear.refused


def test_of_both_in_one_candle_the_stop_counts() -> None:
    rule = PlainRule(stop=D("0.05"), take_profit=D("0.1"))
    both = played([100] * 4, [100] * 4, (0,), rule=rule, highs=[100, 100, 120, 100], lows=[100, 100, 90, 100])
    assert [trade.cause for trade in both.trades] == [Cause.STOP]


def test_a_trailing_stop_follows_the_highest_price() -> None:
    rule = PlainRule(trailing=D("0.1"))
    opens, closes = [100, 100, 110, 130, 125], [100, 110, 130, 125, 110]
    result = played(opens, closes, (0,), rule=rule, highs=[100, 110, 130, 130, 125])
    assert (result.trades[0].cause, result.trades[0].exit_price, result.trades[0].exit_index) == (
        Cause.TRAILING,
        117,
        4,
    )


def test_an_exit_signal_takes_the_protection_away() -> None:
    rule = PlainRule(stop=D("0.05"))
    result = played([100, 100, 100, 90], [100, 100, 100, 90], (0,), (2,), rule=rule)
    assert [(trade.cause, trade.exit_price) for trade in result.trades] == [(Cause.EXIT, 90)]


def test_candles_that_are_no_history_are_refused() -> None:
    good = flat_candles(10, 11, 12)
    with pytest.raises(TooFewCandles) as few:
        history_of("BTCUSDC", good, Interval.M1, warm_up=10)
    assert (few.value.needed, few.value.found) == (11, 3)
    with pytest.raises(TooFewCandles):
        history_of("BTCUSDC", good.rows(0, 0), Interval.M1)
    with pytest.raises(OtherCandles):
        history_of("BTCUSDC", good, Interval.H1)
    with pytest.raises(OtherCandles):
        history_of("BTCUSDC", good.take(np.array([0, 2, 1])), Interval.M1)
    with pytest.raises(OtherCandles):
        history_of("BTCUSDC", replace(good, low=good.low * np.nan), Interval.M1)


@pytest.mark.parametrize(("after", "jumps"), [(300.0, True), (299.0, False), (34.0, False), (33.0, True)])
def test_a_jump_like_that_of_a_split_stops_the_test(after: float, jumps: bool) -> None:  # noqa: FBT001
    made = columns(*(np.array([100, 100, after, after]) for _ in range(4)))
    if not jumps:
        history_of("BTCUSDC", made, Interval.M1)
        return
    with pytest.raises(UnexplainedJump) as found:
        history_of("BTCUSDC", made, Interval.M1)
    assert found.value.at.timestamp() * 1000 == START + 2 * 60_000
    assert (found.value.before, found.value.after) == (100, D(repr(after)))


def test_a_test_is_of_bounded_work() -> None:
    count = 2 * MAX_STEPS + 10
    made = columns(*(np.full(count, 100.0) for _ in range(4)))
    history, turns = history_of("BTCUSDC", made, Interval.M1), np.arange(count) % 2 == 0
    with pytest.raises(TooManyTrades):
        backtest(PLAIN, turns, ~turns, history, FREE)


def test_signals_have_the_length_of_the_candles() -> None:
    history = history_of("BTCUSDC", flat_candles(10, 11, 12), Interval.M1)
    with pytest.raises(ValueError, match="signals"):
        backtest(PlainRule(), signal(2), signal(3), history, TERMS)
