"""The work of a rule is known before it is done: it grows with lengths, and dear rules are refused."""

import pytest

from pipeline.market import Interval, Symbol
from trading.alerts.condition_alerts import rule_condition
from trading.backtest import costs
from trading.backtest.costs import check_cost
from trading.backtest.errors import BacktestTooCostly
from trading.indicators.registry import INDICATORS
from trading.rules.costs import RULE_SECONDS, load_of, rule_load
from trading.rules.errors import RuleTooCostly
from trading.rules.grids import parse_grid
from trading.rules.rule import Rule, parse_rule
from trading.strategies.errors import RobotsTooCostly
from trading.strategies.read_rules import USER_SECONDS, check_robots, read_rule, robot_rule

M1, YEAR = Interval.M1, 576_000
ROBOT = "when connors_rsi(900, 900, 900) > 1000 or kama(999) + hma(998) < 0 or kama(997) + hma(996) < 0 buy 50%"


def rule(condition: str) -> Rule:
    return parse_rule(f"when {condition} buy max when close < 0 sell max")


def pairs(name: str, longest: int, count: int) -> str:
    return " or ".join(f"{name}({longest - 2 * at})<{name}({longest - 1 - 2 * at})" for at in range(count))


@pytest.mark.parametrize("name", ["epma", "alma", "cci", "hma"])
def test_the_estimate_grows_with_the_length(name: str) -> None:
    indicator = INDICATORS[name]
    length = indicator.parameters[0].name
    loads = [load_of(indicator.series(**{length: size}).values()) for size in (10, 100, 1_000)]
    assert [each.stream for each in loads] == sorted({each.stream for each in loads})
    assert [each.batch for each in loads] == sorted({each.batch for each in loads})


def test_what_is_computed_once_counts_once() -> None:
    assert rule_load(rule("sma(9) > 1"), M1).batch > rule_load(rule("close > 1"), M1).batch
    twice = rule_load(rule("sma(9) > 1 or sma(9) > 1"), M1)
    assert twice.stream < 2 * rule_load(rule("sma(9) > 1"), M1).stream
    narrow, wide = (rule_load(rule(text), M1) for text in ("epma(300) > 0", "epma(300)@1h > 0"))
    assert wide.batch < narrow.batch / 10


@pytest.mark.parametrize(
    "condition",
    ["close crosses above sma(20)", "rsi(14) < 30", "macd.histogram > ema(200)", "close > supertrend"],
)
def test_usual_rules_may_be_tested_over_a_year_of_minutes(condition: str) -> None:
    assert check_cost([rule(condition)], M1, YEAR) >= 0
    assert robot_rule(rule(condition).text, M1).seconds < RULE_SECONDS / 2


@pytest.mark.parametrize("condition", [pairs("kama", 999, 7), pairs("t3", 60, 12), "epma(900) > close"])
def test_dear_rules_are_refused_over_a_year_of_minutes_and_not_over_a_day(condition: str) -> None:
    with pytest.raises(BacktestTooCostly) as refused:
        check_cost([rule(condition)], M1, YEAR)
    assert refused.value.percent > 100
    check_cost([rule(condition)], M1, 1_440)


def test_a_grid_costs_the_sum_of_its_rules() -> None:
    grid = parse_grid("when rsi(2..101) < 30 buy max when close < 0 sell max")
    check_cost(grid.rules[:1], M1, YEAR)
    check_cost(grid.rules, M1, 40_000)
    with pytest.raises(BacktestTooCostly):
        check_cost(grid.rules * 2, M1, YEAR)


def test_the_memory_of_a_test_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    check_cost([rule("sma(9) > 1")], M1, 1_000)
    monkeypatch.setattr(costs, "SERIES_BYTES", 1_000 * 8 * 2)
    with pytest.raises(BacktestTooCostly):
        check_cost([rule("sma(9) > 1")], M1, 1_000)


def test_dear_rules_of_robots_and_alerts_are_refused() -> None:
    with pytest.raises(RuleTooCostly):
        robot_rule(ROBOT, M1)
    assert read_rule(ROBOT, M1).seconds > RULE_SECONDS  # a robot that runs already goes on
    with pytest.raises(RuleTooCostly):
        rule_condition(pairs("hma", 400, 8), M1)
    assert rule_condition("rsi(14) < 30 and close > sma(200)", M1).length > 100


def test_the_robots_of_a_user_cost_the_sum_of_their_rules() -> None:
    symbol, texts = Symbol("BTCUSDC"), [f"when ema({900 + at}) > hma({400 + at}) buy 50%" for at in range(10)]
    seconds = read_rule(texts[0], M1).seconds
    assert USER_SECONDS / 10 < seconds < RULE_SECONDS
    check_robots([(symbol, M1, texts[0])] * 10)  # computed once
    with pytest.raises(RobotsTooCostly) as refused:
        check_robots([(symbol, M1, text) for text in texts])
    assert refused.value.percent == pytest.approx(1000 * seconds / USER_SECONDS, rel=0.1)
    check_robots([(symbol, M1, "when nothing known buy")])
