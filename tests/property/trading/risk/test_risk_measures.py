"""What holds for the measures of risk of any portfolio."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.candles import Floats
from trading.risk.contributions import (
    gaussian_es_contributions,
    gaussian_var_contributions,
    historical_es_contributions,
    modified_var_contributions,
    volatility_contributions,
)
from trading.risk.cornish_fisher import is_valid, moments
from trading.risk.covariance import sample_covariance, shrunk_covariance
from trading.risk.expected_shortfall import cornish_fisher_es, filtered_es, gaussian_es, historical_es
from trading.risk.value_at_risk import cornish_fisher_var, filtered_var, gaussian_var, historical_var

RETURN = st.floats(-1.0, 3.0, allow_subnormal=False).map(lambda value: round(value, 6))
SERIES = arrays(np.float64, st.integers(2, 60), elements=RETURN)
MATRIX = st.tuples(st.integers(2, 40), st.integers(1, 8)).flatmap(
    lambda shape: st.tuples(
        arrays(np.float64, shape, elements=RETURN),
        arrays(np.float64, shape[1], elements=st.floats(0, 1).map(lambda w: round(w, 6))),
    )
)
CONFIDENCES = st.tuples(st.floats(0.51, 0.999), st.floats(0.51, 0.999)).map(sorted)
PAIRS: list[tuple[Callable[..., Floats], Callable[..., Floats]]] = [
    (historical_var, historical_es),
    (gaussian_var, gaussian_es),
    (filtered_var, filtered_es),
    (cornish_fisher_var, cornish_fisher_es),
]
ROUNDING = 1e-9


@given(SERIES, CONFIDENCES)
def test_var_and_shortfall_grow_with_confidence(returns: Floats, confidences: list[float]) -> None:
    low, high = confidences
    shape = moments(returns)
    for var, shortfall in PAIRS:
        if var is cornish_fisher_var and not is_valid(shape.skewness, shape.kurtosis):
            continue
        assert var(returns, low) <= var(returns, high) + ROUNDING
        if var is not cornish_fisher_var:
            assert shortfall(returns, low) <= shortfall(returns, high) + ROUNDING


@given(SERIES, st.floats(0.51, 0.999), st.floats(0.1, 30))
def test_the_shortfall_is_at_least_the_var(returns: Floats, confidence: float, horizon: float) -> None:
    for var, shortfall in PAIRS:
        assert shortfall(returns, confidence, horizon) >= var(returns, confidence, horizon) - ROUNDING


@given(MATRIX, st.floats(0.51, 0.999), st.floats(0.1, 30))
def test_contributions_sum_to_the_whole(drawn: tuple[Floats, Floats], confidence: float, horizon: float) -> None:
    returns, weights = drawn
    portfolio, mean, covariance = returns @ weights, returns.mean(axis=0), sample_covariance(returns)
    parts = [
        (volatility_contributions(weights, covariance), portfolio.std(ddof=1)),
        (
            gaussian_var_contributions(weights, mean, covariance, confidence, horizon),
            gaussian_var(portfolio, confidence, horizon),
        ),
        (
            gaussian_es_contributions(weights, mean, covariance, confidence, horizon),
            gaussian_es(portfolio, confidence, horizon),
        ),
        (
            historical_es_contributions(weights, returns, confidence, horizon),
            historical_es(portfolio, confidence, horizon),
        ),
        (
            modified_var_contributions(weights, returns, confidence, horizon),
            cornish_fisher_var(portfolio, confidence, horizon),
        ),
    ]
    for each, whole in parts:
        assert each.sum() == pytest.approx(float(whole), abs=1e-6, rel=1e-6)


@given(MATRIX)
def test_a_shrunk_covariance_is_one(drawn: tuple[Floats, Floats]) -> None:
    returns, weights = drawn
    covariance, weight = shrunk_covariance(returns)
    assert 0 <= weight <= 1
    assert np.allclose(covariance, covariance.T)
    assert weights @ covariance @ weights >= -ROUNDING
