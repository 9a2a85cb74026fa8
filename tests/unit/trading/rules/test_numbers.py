"""Numbers of rules: those that could be others are refused, shortened ones are read."""

import pytest

from trading.rules.errors import RuleProblem, RuleSyntaxError
from trading.rules.rule import parse_condition, parse_rule
from trading.rules.text import condition_text


@pytest.mark.parametrize(
    ("number", "meant"),
    [
        ("57.000", ("57000", "57")),
        ("57,000", ("57000",)),
        ("0,5", ("0.5",)),
        ("1.234.567", ("1234567",)),
        ("1_000", ("1000",)),
        ("1'000", ("1000",)),
        ("1,234,567.5", ("1234567.5",)),
    ],
)
def test_numbers_that_could_be_others(number: str, meant: tuple[str, ...]) -> None:
    for read, text in ((parse_condition, f"close < {number}"), (parse_rule, f"when close < 5 buy {number}%")):
        with pytest.raises(RuleSyntaxError) as refused:
            read(text)
        assert (refused.value.problem, refused.value.word) == (RuleProblem.NUMBER, number)
        assert refused.value.allowed == meant


@pytest.mark.parametrize("number", ["57k", "57K", "5.7만", "57천", "５７０００"])
def test_shortened_numbers(number: str) -> None:
    assert condition_text(parse_condition(f"close < {number}")) == "close < 57000"
    assert condition_text(parse_condition(f"종가가 {number} 미만")) == "close < 57000"


def test_arguments_are_no_decimals() -> None:
    assert condition_text(parse_condition("close < bollinger(20,2).lower")) == "close < bollinger(20, 2).lower"
