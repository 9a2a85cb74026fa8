"""GARCH(1,1) against published arithmetic, a plain recursion and processes of which everything is known."""

import numpy as np
import pytest
from scipy.optimize import check_grad

from ml.evaluation import garch
from ml.evaluation.garch import Garch


def _drawn(model: Garch, count: int, seed: int) -> np.ndarray:
    """Squared returns of the process."""
    chance = np.random.default_rng(seed)
    squares, variance = np.empty(count), model.long_run
    for row in range(count):
        squares[row] = variance * chance.standard_normal() ** 2
        variance = model.long_run * (1 - model.persistence) + model.alpha * squares[row] + model.beta * variance
    return squares


def test_the_next_variance_is_that_of_the_textbook() -> None:
    """The example of Hull, Options, Futures, and Other Derivatives: omega 2e-6, alpha 0.13, beta 0.86."""
    model = Garch.of(2e-6, 0.13, 0.86)
    assert np.sqrt(model.long_run) == pytest.approx(0.01414213562373095)
    following = model.next_variances(np.array([0.01**2]), before=0.016**2)
    assert np.sqrt(following) == pytest.approx([0.015334927453366056])


def test_the_variance_of_a_longer_move_is_the_sum_of_expected_variances() -> None:
    model = Garch.of(2e-6, 0.13, 0.86)
    steps, expected = [0.0004], []
    for _ in range(240):
        expected.append(sum(steps))
        steps.append(2e-6 + (0.13 + 0.86) * steps[-1])
    found = [float(model.mean_variances(np.array([0.0004]), horizon)[0]) for horizon in range(1, 241)]
    assert found == pytest.approx(expected)


def test_a_missing_return_counts_as_a_usual_one() -> None:
    model = Garch(2.0, 0.9, 0.2)
    known = model.next_variances(np.array([1.0, 2.0, 5.0]))
    np.testing.assert_allclose(model.next_variances(np.array([1.0, np.nan, 5.0])), known)


@pytest.mark.parametrize(("persistence", "share"), [(0.98, 0.1), (0.9, 0.3)])
def test_the_fit_recovers_the_process(persistence: float, share: float) -> None:
    true = Garch(4e-6, persistence, share)
    found = Garch.fit(_drawn(true, 20_000, seed=5))
    assert found.long_run == pytest.approx(true.long_run, rel=0.2)
    assert found.alpha == pytest.approx(true.alpha, abs=0.02)
    assert found.beta == pytest.approx(true.beta, abs=0.04)


def test_the_gradient_is_that_of_the_likelihood() -> None:
    squares = _drawn(Garch(1.0, 0.95, 0.2), 400, seed=6)
    error = check_grad(
        lambda at: garch._loss(at, squares)[0], lambda at: garch._loss(at, squares)[1], np.array([0.8, 0.9, 0.15])
    )
    assert error < 1e-5


def test_few_returns_or_none_leave_a_usual_model() -> None:
    assert Garch.fit(np.full(50, 9.0)) == Garch(9.0, 0.97, 0.1)
    assert Garch.fit(np.zeros(0)).long_run > 0
    assert Garch.fit(np.zeros(5000)).long_run > 0
