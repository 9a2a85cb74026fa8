"""Streams take every finite figure: what is no number is infinite or NaN, never an error."""

import math

import pytest

from tests.unit.trading.indicators.test_forms import EVERY
from trading.indicators.averages import sma, total
from trading.indicators.definitions import Value
from trading.indicators.registry import INDICATORS
from trading.indicators.series import Bars
from trading.indicators.streaming import Stream

EXTREMES = (100.0, 1.7e308, 5e-324, 1e160, 1.0, 1.7e308, 1.7e308, 1e-300, 0.0)


@pytest.mark.parametrize(("name", "values"), EVERY)
def test_no_finite_figure_makes_a_stream_raise(name: str, values: dict[str, Value]) -> None:
    stream = INDICATORS[name].stream(**values)
    for at in range(180):
        price, volume = EXTREMES[at // 20 % 8], EXTREMES[at % 9]
        high = EXTREMES[at % 8] if at % 3 else price
        stream.take(
            open_time=60_000.0 * at,
            open=price,
            high=max(price, high),
            low=min(price, EXTREMES[at % 7]),
            close=price,
            volume=volume,
        )


def test_a_sum_beyond_all_numbers_is_infinite_until_it_is_past() -> None:
    stream = Stream({"total": total(Bars().volume, 2), "mean": sma(Bars().volume, 2)})
    found = [stream.take(volume=each)["total"] for each in (1.0, 1.7e308, 1.7e308, 1.0, 2.0)]
    assert found == [None, 1.7e308, math.inf, 1.7e308, 3.0]
