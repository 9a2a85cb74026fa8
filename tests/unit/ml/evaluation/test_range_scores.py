"""Scores of ranges against published figures, closed forms and the integrals that define them."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import ndtri

from ml.calibration.intervals import COVERAGE
from ml.evaluation.metrics import pinball
from ml.evaluation.range_scores import interval_scores, laplace_crps, normal_crps, score_ranges

LAPLACE_REACH = np.log(5)
"""Distance from the centre to the 90 % quantile at a scale of one."""

NORMAL_REACH = float(ndtri(0.9))


def test_the_crps_of_a_standard_normal_is_the_published_one() -> None:
    """At its mean (sqrt(2) - 1) / sqrt(pi), by Gneiting and Raftery (2007)."""
    found = normal_crps(np.array([0.0]), np.array([NORMAL_REACH]), np.array([0.0]))
    assert found == pytest.approx([0.23369497725510913], rel=1e-12)


def test_the_crps_of_a_laplace_distribution_is_the_published_one() -> None:
    """Value of the tests of R's scoringRules: crps_lapl(-3) = 2.29978707, and its shifts and scales."""
    center, scale = np.array([0.0, 0.1, 0.0]), np.array([1.0, 1.0, 0.9])
    found = laplace_crps(center, LAPLACE_REACH * scale, np.array([-3.0, -2.9, -2.7]))
    assert found == pytest.approx([2.29978707, 2.29978707, 0.9 * 2.29978707], rel=1e-8)


@pytest.mark.parametrize(
    ("crps", "shape", "reach"),
    [(laplace_crps, stats.laplace, LAPLACE_REACH), (normal_crps, stats.norm, NORMAL_REACH)],
)
@pytest.mark.parametrize("outcome", [-4.0, -0.3, 0.0, 1.7])
def test_the_closed_forms_are_the_integral(
    crps: Callable[..., np.ndarray], shape: stats.rv_continuous, reach: float, outcome: float
) -> None:
    below, _ = integrate.quad(lambda x: shape.cdf(x, 0.2, 1.5) ** 2, -60, outcome, limit=200)
    above, _ = integrate.quad(lambda x: shape.sf(x, 0.2, 1.5) ** 2, outcome, 60, limit=200)
    found = crps(np.array([0.2]), np.array([1.5 * reach]), np.array([outcome]))
    assert found == pytest.approx([below + above], rel=1e-6)


def test_the_interval_score_is_counted_as_by_hand() -> None:
    low, high = np.array([-1.0, -1.0, -1.0]), np.array([1.0, 1.0, 1.0])
    found = interval_scores(low, high, np.array([0.5, 1.5, -3.0]), coverage=0.8)
    assert found == pytest.approx([2, 2 + 10 * 0.5, 2 + 10 * 2.0])


def test_the_interval_score_is_the_pinball_loss_in_another_unit() -> None:
    chance = np.random.default_rng(3)
    low, high = np.sort(chance.standard_normal((2, 500)), axis=0)
    outcomes = 2 * chance.standard_normal(500)
    for coverage in (0.5, 0.8, 0.95):
        loss = pinball(low, high, outcomes, coverage=coverage)
        assert interval_scores(low, high, outcomes, coverage=coverage).mean() == pytest.approx(
            loss * 4 / (1 - coverage)
        )


@pytest.mark.parametrize(("crps", "drawn"), [(laplace_crps, "laplace"), (normal_crps, "standard_normal")])
def test_the_true_range_has_the_best_scores(crps: Callable[..., np.ndarray], drawn: str) -> None:
    chance = np.random.default_rng(4)
    outcomes = chance.laplace(size=40_000) if drawn == "laplace" else chance.standard_normal(40_000)
    reach = LAPLACE_REACH if drawn == "laplace" else NORMAL_REACH
    true, shifted = np.zeros(40_000), np.full(40_000, 0.3)
    for score in (crps, lambda c, r, y: interval_scores(c - r, c + r, y)):
        best = score(true, reach + true, outcomes).mean()
        assert all(score(true, factor * reach + true, outcomes).mean() > best for factor in (0.7, 1.4))
        assert score(shifted, reach + true, outcomes).mean() > best


def test_scores_are_those_of_each_regime() -> None:
    center, reach = np.zeros(6), np.array([1.0, 1.0, 2.0, 2.0, 2.0, 2.0])
    outcomes = np.array([0.5, 3.0, 1.0, -1.0, 1.5, 9.0])
    rows, regimes = np.array([0, 1, 4, 5, 9, 10]), np.array([0, 0, 2, 2, 2, 2])
    every, calm, usual, wild = score_ranges(center, reach, outcomes, regimes=regimes, rows=rows, horizon=5)
    assert (every.count, calm.count, usual.count, wild.count) == (6, 2, 0, 4)
    assert (every.spans, calm.spans, usual.spans, wild.spans) == (3, 1, 0, 3)
    assert [every.coverage, calm.coverage, wild.coverage] == pytest.approx([4 / 6, 0.5, 0.75])
    assert np.isnan([usual.coverage, usual.crps, usual.normal_crps, usual.interval_score]).all()
    assert calm.interval_score == pytest.approx((2 + 2 + 20) / 2)
    assert every.crps == pytest.approx(laplace_crps(center, reach, outcomes, coverage=COVERAGE).mean())
    assert wild.normal_crps == pytest.approx(normal_crps(center[2:], reach[2:], outcomes[2:]).mean())
