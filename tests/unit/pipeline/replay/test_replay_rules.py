"""Exchange rules inferred from recorded names and prices."""

from decimal import Decimal

import numpy as np
import pytest

from pipeline.market import Symbol
from pipeline.replay.inferred_rules import inferred_rules, price_decimals, step_decimals


@pytest.mark.parametrize(
    ("prices", "decimals"),
    [([100.0, 7.0], 0), ([58_000.12, 58_000.1], 2), ([0.1, 0.21414], 5), ([0.00001234], 8), ([1 / 3], 12)],
)
def test_the_tick_has_as_many_decimals_as_the_prices(prices: list[float], decimals: int) -> None:
    assert price_decimals(np.array(prices)) == decimals


@pytest.mark.parametrize(
    ("price", "quote", "decimals"),
    [
        (60_000, "USDT", 5),
        (2_000, "USDT", 4),
        (600, "USDT", 3),
        (20, "USDT", 2),
        (1.2, "USDT", 1),
        (1.0, "USDT", 0),
        (0.3, "USDT", 0),
        (0.00001, "USDT", 0),
        (0.03, "BTC", 4),
        (1e12, "USDT", 8),
    ],
)
def test_a_step_is_worth_between_a_tenth_of_a_dollar_and_a_dollar(price: float, quote: str, decimals: int) -> None:
    assert step_decimals(price, quote) == decimals


def test_rules_of_a_recorded_symbol() -> None:
    rules = inferred_rules(Symbol("BTCUSDT"), "BTC", "USDT", np.array([58_000.12, 59_000.5]))
    assert (rules.base, rules.quote, rules.status) == ("BTC", "USDT", "TRADING")
    assert rules.tick_size == Decimal("0.01")
    assert rules.step == Decimal("0.00001")
    assert rules.notional is not None
    assert rules.notional.minimum == 5
    assert inferred_rules(Symbol("BTCTRY"), "BTC", "TRY", np.array([2e6])).notional is None
