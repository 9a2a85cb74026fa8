"""Reading of rules: forms that traders type, what is refused and where, bounds, and the canonical text."""

import random
from decimal import Decimal

import pytest

from pipeline.market import Interval
from tests.support.rule_fuzz import random_line, random_rule, try_line
from trading.rules.conditions import And, Comparator, Comparison, Crossing, NamedFigure, Not, Number, Within
from trading.rules.errors import RuleProblem, RuleSyntaxError
from trading.rules.grids import parse_grid
from trading.rules.limits import MAX_RULES
from trading.rules.rule import EVERYTHING, Size, SizeKind, parse_condition, parse_rule
from trading.rules.text import condition_text

RSI = NamedFigure("rsi", "rsi", (14,))
PLAIN = "when rsi(14) < 30 buy 25% when rsi(14) > 55 sell max stop 5% tp 10% trail 3%"


def refused(text: str, read: object = parse_rule) -> RuleSyntaxError:
    with pytest.raises(RuleSyntaxError) as caught:
        read(text)  # type: ignore[operator]
    return caught.value


def test_a_rule_has_its_parts() -> None:
    rule = parse_rule(PLAIN)
    assert rule.entry == Comparison(Comparator.BELOW, RSI, Number(Decimal(30)))
    assert rule.entry_size == Size(SizeKind.SHARE, Decimal("0.25"))
    assert rule.exit == Comparison(Comparator.ABOVE, RSI, Number(Decimal(55)))
    assert rule.exit_size == EVERYTHING
    assert (rule.stop, rule.take_profit, rule.trailing) == (Decimal("0.05"), Decimal("0.1"), Decimal("0.03"))
    assert rule.text == PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "WHEN RSI(14) < 30 BUY 25% WHEN RSI(14) > 55 SELL MAX STOP 5% TP 10% TRAIL 3%",
        "if rsi is below 30 buy 25% of equity, if rsi above 55 then sell all; stop loss 5% take profit 10% trail 3%",
        "buy 25% when rsi < 30 sell max when rsi > 55 sl 5% tp 10% ts 3%",
        "rsi less than 30 buy 25% rsi greater than 55 sell stop -5% target +10% trail at 3%",
        "trail 3% tp 10% stop 5% when rsi(length=14) > 55 exit when rsi < 30 long 25%",
        "rsi(14) < 30 이면 25% 매수 rsi(14) > 55 이면 전량 매도 손절 5% 익절 10% 추적손절 3%",
        "rsi(14)가 30 미만이면 25% 매수, rsi(14)가 55 초과일 때 전부 매도, 손절 5%, 익절 10%, 트레일링 3%",
        "rsi（14）＜30 buy 25％ when rsi(14)>55 sell stop 5 % tp 10.0% trail 3.00%",
    ],
)
def test_obvious_forms_mean_the_same(text: str) -> None:
    assert parse_rule(text).text == PLAIN


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("bb.upper > price", "bollinger(20, 2).upper > close"),
        ("bb(20, 2.5).top > 1", "bollinger(20, 2.5).upper > 1"),
        ("macd > macd.signal", "macd(12, 26, 9).line > macd(12, 26, 9).signal"),
        ("macd.hist(5, 10) > 0", "macd(5, 10, 9).histogram > 0"),
        ("stoch(14, 3, 5, smma).d > 20", "stochastic(14, 3, 5, 3, 2, smma).d > 20"),
        ("stoch > 20", "stochastic(14).k > 20"),
        ("vwap(week) < close", "vwap(week) < close"),
        ("pivots(day, camarilla).r4 < close", "pivot_points(day, camarilla).r4 < close"),
        ("rsi(14, 4h) < 30", "rsi(14)@4h < 30"),
        ("rsi(14)[2]@4H < 30", "rsi(14)@4h[2] < 30"),
        ("close[1] > close@1d", "close[1] > close@1d"),
        ("close[0] > volume * 2", "close > volume * 2"),
        ("sma(close, 20) > sma(vol, 20)", "sma(20) > sma(volume, 20)"),
        ("momentum(5) > 0", "roc(5).momentum > 0"),
        ("close at least 5 or close at most 3", "close >= 5 or close <= 3"),
        ("rsi greater than or equal to 70", "rsi(14) >= 70"),
        ("20 < rsi < 30", "20 < rsi(14) and rsi(14) < 30"),
        ("rsi between 20 and 30 and close > 5", "rsi(14) >= 20 and rsi(14) <= 30 and close > 5"),
        ("close crosses over 5 & ! close crosses under 6", "close crosses above 5 and not close crosses below 6"),
        ("close crossover ema(9)", "close crosses above ema(9)"),
        ("(close > 5 in the last 3 candles)", "close > 5 within 3 bars"),
        ("not (close > 5 within 3 bars)", "not close > 5 within 3 bars"),
        ("(not close > 5) within 3 bars", "(not close > 5) within 3 bars"),
        ("close > 5 and (close > 6 and close > 7)", "close > 5 and close > 6 and close > 7"),
        ("close > 5 and (close > 6 or close > 7)", "close > 5 and (close > 6 or close > 7)"),
        ("close - (open - low) > (high + low) / 2", "close - (open - low) > (high + low) / 2"),
        ("(close - open) - low > -(high)", "close - open - low > -high"),
        ("close > 3% * sma(200) + 2%", "close > sma(200) * 3% + 2%"),
        ("--close > - 5", "close > -5"),
        ("close > 0.50", "close > 0.5"),
        ("종가가 이동평균선(20)을 상향 돌파", "close crosses above sma(20)"),
        ("거래량 > 2 * sma(거래량, 20) 그리고 종가 > 시가", "volume > 2 * sma(volume, 20) and close > open"),
        ("rsi(14)이 30 이하 5봉 이내", "rsi(14) <= 30 within 5 bars"),
        ("rsi(14, 4시간)가 70 이상이고 종가 볼린저밴드.상단 위", "rsi(14)@4h >= 70 and close > bollinger(20, 2).upper"),
    ],
)
def test_conditions_have_a_canonical_text(text: str, canonical: str) -> None:
    condition = parse_condition(text)
    assert condition_text(condition) == canonical
    assert parse_condition(canonical) == condition


def test_words_bind_as_in_logic() -> None:
    found = parse_condition("not close > 1 and close crosses below 2 within 4 bars")
    close = NamedFigure("close")
    crossing = Crossing(above=False, left=close, right=Number(Decimal(2)))
    assert found == And((Not(Comparison(Comparator.ABOVE, close, Number(Decimal(1)))), Within(crossing, 4)))
    assert parse_condition("when close@1d > 1 then") == Comparison(
        Comparator.ABOVE, NamedFigure("close", interval=Interval.D1), Number(Decimal(1))
    )


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("", EVERYTHING),
        ("all", EVERYTHING),
        ("100%", Size(SizeKind.SHARE, Decimal(1))),
        ("1000usdc", Size(SizeKind.QUOTE, Decimal(1000))),
        ("$250", Size(SizeKind.QUOTE, Decimal(250))),
        ("0.5 coins", Size(SizeKind.BASE, Decimal("0.5"))),
    ],
)
def test_sizes(size: str, expected: Size) -> None:
    assert parse_rule(f"when close > 1 buy {size}").entry_size == expected


@pytest.mark.parametrize(
    ("text", "word", "problem", "allowed"),
    [
        ("when rsi(14) = 30 buy", "=", "unexpected", "crosses above"),
        ("when rsj(14) < 30 buy", "rsj", "unknown", "rsi"),
        ("when bb.uper < 30 buy", "uper", "unknown", "upper"),
        ("when rsi(5000) < 30 buy", "5000", "bounds", "1000"),
        ("when rsi(14.5) < 30 buy", "14.5", "whole", ""),
        ("when rsi(14, 15) < 30 buy", "15", "unexpected", ")"),
        ("when rsi(foo=14) < 30 buy", "foo", "unknown", "length"),
        ("when rsi(length=14, length=5) < 30 buy", "length", "repeated", ""),
        ("when close(5) > 3 buy", "(", "unexpected", "<"),
        ("when close[1][2] > 3 buy", "[", "repeated", ""),
        ("when close[501] > 3 buy", "501", "bounds", "500"),
        ("when close@2h > 3 buy", "2", "unexpected", "4h"),
        ("when 1 < 2 buy", "1", "constant", ":figure"),
        ("when close > 5% buy", "5", "percent", ":figure"),
        ("when close > 5% * 2 buy", "5", "percent", ":figure"),
        ("when close / 5% > 2 buy", "5", "percent", ":figure"),
        ("when close buy 5%", "buy", "unexpected", "<"),
        ("when close + (close > 5) > 3 buy", "(", "unexpected", ":figure"),
        ("when close > 5 and rsi buy", "buy", "unexpected", "<"),
        ("when close crosses 20 buy", "20", "unexpected", "above"),
        ("when close > 5 within 3 buy", "buy", "unexpected", "bars"),
        ("when close > 5 within 501 bars buy", "501", "bounds", "500"),
        ("when (close > 5 buy", "buy", "unexpected", ")"),
        ("when close > 5", "", "missing", "buy"),
        ("when close > 5 buy 25", "", "missing", "%"),
        ("when close > 5 buy 101%", "101", "bounds", "100%"),
        ("when close > 5 buy 0%", "0", "bounds", "0"),
        ("when close > 5 buy stop 100%", "100", "bounds", "99%"),
        ("when close > 5 buy stop 0%", "0", "bounds", "0.01%"),
        ("when close > 5 buy tp 5", "", "missing", "%"),
        ("when close > 5 buy when close > 6 buy", "buy", "repeated", "sell"),
        ("when close > 5 buy stop 3% sl 4%", "sl", "repeated", "tp"),
        ("when close > 5 sell", "", "missing", "buy"),
        ("stop 5%", "", "missing", "buy"),
        ("", "", "missing", "when"),
        ("when close > 5 buy nonsense", "nonsense", "unexpected", "sell"),
        ("when close > 5 buy ≈", "≈", "unexpected", ""),
        ("when rsi(5..20) < 30 buy", "5", "range", ":number"),
        ("when close > 9999999999999 buy", "9999999999999", "bounds", "1000000000000"),
        ("when __import__(os) > 5 buy", "__import__", "unknown", ":figure"),
        ("rsi(14)가 30 미안이면 매수", "30", "unexpected", "<"),
    ],
)
def test_an_error_points_at_the_word(text: str, word: str, problem: str, allowed: str) -> None:
    error = refused(text)
    assert (error.word, error.problem.value) == (word, problem)
    assert text[error.position :].startswith(word)
    assert not allowed or allowed in error.allowed


def test_what_is_typed_is_bounded() -> None:
    assert refused("close > 1 buy " * 50).problem is RuleProblem.LENGTH
    assert refused("not " * 17 + "close > 1 buy").problem is RuleProblem.DEPTH
    assert refused("(" * 17 + "close" + ")" * 17 + " > 1 buy").problem is RuleProblem.DEPTH
    assert refused("close + " * 40 + "close > 1 buy").problem is RuleProblem.NODES
    assert refused("bb > 1 and " * 19 + "bb > 1 buy").problem is RuleProblem.LENGTH
    assert parse_rule("not " * 16 + "close > 1 buy")


def test_what_needs_parentheses_written_out_counts_as_them() -> None:
    for depth in (15, 16):
        text = "not (" * (depth // 2) + "close between 1 and 2 within 3 bars" + ")" * (depth // 2) + " buy"
        assert try_line(text) is (depth < 16)


def test_ranges_make_a_grid() -> None:
    grid = parse_grid("when rsi(5..20 step 5) < 25..35 step 5 buy 25% stop 3%..5% step 1%")
    assert grid.shape == (4, 3, 3)
    assert [each.text for each in grid.axes] == ["5..20 step 5", "25..35 step 5", "3%..5% step 1"]
    assert grid.rules[0].text == "when rsi(5) < 25 buy 25% stop 3%"
    assert grid.rules[1].text == "when rsi(5) < 25 buy 25% stop 4%"
    assert grid.rules[-1].text == "when rsi(20) < 35 buy 25% stop 5%"
    assert len(set(grid.rules)) == 36


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("rsi(5..8)", "5 6 7 8"),
        ("rsi(5..8 by 2)", "5 7"),
        ("bb(20, 1.5..2)", "1.5 1.6 1.7 1.8 1.9 2.0"),
        ("rsi(length=5..6)", "5 6"),
        ("close[1..2]", "1 2"),
        ("rsi(5..5)", "5"),
    ],
)
def test_a_range_has_its_numbers(text: str, values: str) -> None:
    (axis,) = parse_grid(f"when {text} > 1 buy").axes
    assert axis.values == tuple(Decimal(each) for each in values.split())


def test_a_grid_is_bounded() -> None:
    assert parse_grid(PLAIN).rules == (parse_rule(PLAIN),)
    error = refused("when rsi(1..1000) < 30 buy", parse_grid)
    assert (error.problem, error.allowed, error.word) == (RuleProblem.RULES, (str(MAX_RULES),), "1..1000")
    assert refused("when rsi(1..40) < 1..40 buy", parse_grid).word == "1..40"
    assert refused("when close > 0..1 step 0.000000000001 buy", parse_grid).problem is RuleProblem.RULES
    assert refused("when close > 0..1 step 0 buy", parse_grid).problem is RuleProblem.BOUNDS
    assert refused("when rsi(9..5) < 30 buy", parse_grid).problem is RuleProblem.BOUNDS


@pytest.mark.parametrize("seed", range(6))
def test_any_line_is_a_rule_or_an_error_that_points_into_it(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - repeatable
    for _ in range(100):
        try_line(random_line(draw))
    assert sum(try_line(random_rule(draw)) for _ in range(20)) > 5
