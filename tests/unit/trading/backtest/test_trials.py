"""Trials have scores that do not depend on the length of a history, and deflate the best of many."""

import numpy as np
import pytest

from pipeline.candles import Floats
from pipeline.market import DAY_MS
from tests.published import needs_published, published
from trading.backtest.trials import (
    MAX_SCORE,
    MAX_TRIALS,
    TrialCount,
    deflated,
    period_returns,
    score,
    trial,
)
from trading.performance.significance import expected_max_sharpe

START = 1_700_000_000_000 // DAY_MS * DAY_MS


def returns_with(sharpe: float, count: int) -> Floats:
    """Returns with this Sharpe ratio, no skewness and a kurtosis of 1: as many up as down."""
    signs = np.tile([1.0, -1.0], count // 2)
    return np.asarray(signs / signs.std(ddof=1) + sharpe)


@needs_published
def test_the_threshold_is_that_of_the_paper() -> None:
    """100 trials whose annual Sharpe ratios have a variance of 1/2, 1,250 days."""
    figures = published("sharpe_inference")["dsr_2014"]
    count, days = figures["T"], figures["days"]
    of_scores = figures["V_annual"] / days * count
    threshold = expected_max_sharpe(figures["N"], of_scores / count)
    assert threshold == pytest.approx(figures["SR0_daily"], rel=1e-12)
    assert deflated(returns_with(threshold, count), TrialCount(figures["N"], of_scores)) == pytest.approx(0.5)


def test_scores_without_skill_have_a_variance_of_one_at_any_length() -> None:
    generator = np.random.default_rng(2)
    for count in (50, 2000):
        scores = [score(generator.normal(0, 0.01, count)) for _ in range(2000)]
        assert np.var(scores) == pytest.approx(1, abs=0.1)
    assert score(np.zeros(9)) == score([0.01]) == 0
    assert score([1.0, 1.0 + 1e-15, 1.0]) == 0
    assert score(np.concatenate([np.full(10**4, 1e-3), [1.0001e-3]])) <= MAX_SCORE


def test_the_best_of_a_thousand_tries_is_deflated() -> None:
    generator = np.random.default_rng(5)
    tries = generator.normal(0, 0.01, (1000, 500))
    scores = np.array([score(each) for each in tries])
    best = tries[scores.argmax()]
    alone = deflated(best, TrialCount(1, 0.0))
    among = deflated(best, TrialCount(1000, float(scores.var(ddof=1))))
    assert alone is not None
    assert among is not None
    assert alone > 0.99
    assert among < 0.9


def test_more_trials_ask_for_more() -> None:
    returns = np.random.default_rng(6).normal(0.001, 0.01, 400)
    found = [deflated(returns, TrialCount(count, 1.0)) for count in (1, 2, 10, 100, MAX_TRIALS)]
    assert found == sorted(found, reverse=True, key=lambda each: each or 0)
    assert len(set(found)) == 5
    assert deflated(np.zeros(10), TrialCount(3, 1.0)) is None
    assert TrialCount(MAX_TRIALS, 1.0).full


def test_the_same_rule_on_the_same_days_is_one_trial() -> None:
    first = trial("when rsi(14) < 30 buy max", "1h", START, START + 9 * DAY_MS, 1.5)
    assert len(first.digest) == 16
    assert first.score == 1.5
    again = trial("when rsi(14) < 30 buy max", "1h", START + 5, START + 9 * DAY_MS + 7, 0.5)
    assert again.digest == first.digest
    others = {
        trial(rule, interval, start, end, 1.5).digest
        for rule, interval, start, end in (
            ("when rsi(15) < 30 buy max", "1h", START, START + 9 * DAY_MS),
            ("when rsi(14) < 30 buy max", "4h", START, START + 9 * DAY_MS),
            ("when rsi(14) < 30 buy max", "1h", START + DAY_MS, START + 9 * DAY_MS),
            ("when rsi(14) < 30 buy max", "1h", START, START + 10 * DAY_MS),
        )
    }
    assert len(others | {first.digest}) == 5


def test_returns_of_long_curves_are_taken_in_equal_distances() -> None:
    curve = 1.01 ** np.arange(11)
    assert period_returns(curve) == pytest.approx(np.full(10, 0.01))
    assert period_returns(curve, 4) == pytest.approx(np.full(3, 1.01**3 - 1))
    assert np.prod(1 + period_returns(curve, 5)) == pytest.approx(curve[-1])
    assert period_returns([1.0, 0.0, 0.0]) == pytest.approx([-1.0, 0.0])
    assert len(period_returns([1.0])) == len(period_returns([])) == 0
