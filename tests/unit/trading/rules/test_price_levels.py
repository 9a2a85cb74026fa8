"""Prices that a condition compares with."""

from decimal import Decimal

import pytest

from trading.rules.price_levels import price_levels
from trading.rules.rule import parse_condition


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("price < 57", [57]),
        ("close > 100 and rsi(14) < 30", [100]),
        ("sma(20) > 57 or 12 < ema(50)", [57, 12]),
        ("close crosses above 60000 within 3 bars", [60000]),
        ("not (close < 57)", [57]),
        ("rsi(14) > 70", []),
        ("volume > 1000000", []),
        ("sma(volume, 20) > 5", []),
        ("close > sma(200)", []),
        ("bollinger(20, 2).upper > 70", [70]),
        ("macd().histogram > 0", []),
        ("price < 3만5천", [35000]),
    ],
)
def test_levels_beside_prices(text: str, levels: list[int]) -> None:
    assert list(price_levels(parse_condition(text))) == [Decimal(level) for level in levels]
