"""How far a price may jump."""

import math

import pytest

from pipeline.quality.outlier_limit import CEILING, FEWEST, FLOOR, centre_and_limit, distance, widening

MINUTE = 60_000
DAY = 1440 * MINUTE


def walk(step: float, count: int = 60) -> list[float]:
    """Half the log prices lie `step` from the middle, so the MAD is `step`."""
    return [100 * math.exp(step * (-1) ** number) for number in range(count)]


def test_in_a_calm_market_the_floor_is_the_limit() -> None:
    found = centre_and_limit([100.0] * 59 + [1e9], 1.0)
    assert found is not None
    assert found == (pytest.approx(math.log(100)), FLOOR)


def test_in_a_wild_market_the_spread_is_the_limit() -> None:
    found = centre_and_limit(walk(0.02), 1.0)
    assert found is not None
    assert found[1] == pytest.approx(8 * 1.4826 * 0.02)


def test_no_spread_makes_more_than_the_ceiling_believable() -> None:
    found = centre_and_limit(walk(1.0), 1.0)
    assert found is not None
    assert found[1] == CEILING


def test_too_few_prices_say_nothing() -> None:
    assert centre_and_limit([100.0] * (FEWEST - 1), 1.0) is None
    assert centre_and_limit([100.0] * FEWEST, 1.0) is not None


def test_floor_and_ceiling_widen_with_the_time_between_two_prices() -> None:
    assert [widening(time, DAY) for time in (0, 1000, MINUTE)] == [1, 1, 1]
    assert widening(16 * MINUTE, DAY) == pytest.approx(2)
    assert widening(100 * DAY, DAY) == widening(DAY, DAY)
    for prices, limit in (([100.0] * 9, FLOOR), (walk(1.0), CEILING)):
        found = centre_and_limit(prices, 2.0)
        assert found is not None
        assert found[1] == pytest.approx(2 * limit)


def test_distance_knows_no_direction() -> None:
    assert [distance(100, 110), distance(110, 100)] == pytest.approx([FLOOR, FLOOR])
