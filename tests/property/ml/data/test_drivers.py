"""Whatever is expected, the drivers are all of it."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.features import Features, features_of
from ml.models.forecast_model import ForecastModel
from tests.fakes.candles import walk_panel
from tests.fakes.models import trained_on


@cache
def made() -> tuple[ForecastModel, Features]:
    panel = walk_panel(2400, 3, seed=4, echo=-0.3)
    return trained_on(panel), features_of(panel)


@given(
    row=st.integers(240, 2399),
    place=st.integers(0, 2),
    weights=st.tuples(*[st.floats(0, 1)] * 3),
    holes=st.sets(st.integers(0, 40), max_size=8),
    wild=st.dictionaries(st.integers(0, 40), st.floats(-1e3, 1e3, width=32), max_size=5),
)
def test_the_sum_of_drivers_is_what_is_expected(
    row: int, place: int, weights: tuple[float, float, float], holes: set[int], wild: dict[int, float]
) -> None:
    model, features = made()
    table = features.table[:, row : row + 1].copy()
    for column in holes:
        table[column, 0, place] = np.nan
    for column, value in wild.items():
        table[column, 0, place] = value
    one = replace(
        features,
        table=table,
        volatility=features.volatility[row : row + 1],
        log_close=features.log_close[row : row + 1],
        ready=features.ready[row : row + 1],
        own=features.own[:, row : row + 1],
        shared=features.shared[:, row : row + 1],
    )
    served = replace(model, weights=weights)
    outlook, drivers = served.outlook(one), served.drivers(one, place)
    size = float(outlook.high[place] - outlook.low[place])
    assert sum(driver.share for driver in drivers) == pytest.approx(outlook.expected[place], rel=1e-5, abs=1e-6 * size)
