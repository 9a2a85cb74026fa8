"""Track records: silent while there is little, estimates that are those of the sums, and intervals that hold."""

import math
from dataclasses import replace

import numpy as np
import pytest

from ml.forecast import MIN_MOMENTS, TrackRecord
from ml.serving.track_record import GROUPS, T_QUANTILE, MomentScores, track_record

MOMENT = MomentScores(count=10, covered=8, expecting=10, moves=9, hits=5, squares=0.9, naive=1.0)


def test_the_quantile_is_that_of_students_t() -> None:
    stats = pytest.importorskip("scipy.stats")
    assert stats.t.ppf(0.975, GROUPS - 1) == pytest.approx(T_QUANTILE, abs=1e-6)


def test_below_the_minimum_nothing_is_claimed() -> None:
    assert track_record(7, []) is None
    assert track_record(7, [MOMENT] * (MIN_MOMENTS - 1)) == TrackRecord(7, MIN_MOMENTS - 1)
    assert track_record(7, [MOMENT] * MIN_MOMENTS).covered is not None


def test_a_model_without_weight_has_no_hits_and_no_skill() -> None:
    silent = replace(MOMENT, expecting=0, moves=0, hits=0, squares=0.0, naive=0.0)
    found = track_record(7, [silent] * 30)
    assert (found.hits, found.skill, found.unchanged) == (None, None, None)
    assert found.covered.value == 0.8


def test_a_market_that_never_moved_has_no_hits_and_no_skill_either() -> None:
    frozen = replace(MOMENT, moves=0, hits=0, squares=0.1, naive=0.0)
    found = track_record(7, [frozen] * 30)
    assert (found.hits, found.skill, found.unchanged) == (None, None, 1.0)


def test_unchanged_outcomes_are_neither_right_nor_wrong() -> None:
    found = track_record(7, [MOMENT] * 30)
    assert found.hits.value == pytest.approx(5 / 9)
    assert found.unchanged == pytest.approx(0.1)


def test_more_forecasts_of_the_same_moments_prove_nothing_more() -> None:
    """A hundred symbols that all say and do the same are one observation."""
    rng = np.random.default_rng(2)
    once = [MomentScores(1, int(rng.random() < 0.8), 1, 1, int(rng.random() < 0.5), 1.0, 1.0) for _ in range(60)]
    many = [MomentScores(*(100 * getattr(each, name) for name in MomentScores.__slots__)) for each in once]
    assert track_record(7, many).covered.low == pytest.approx(track_record(7, once).covered.low, abs=0.02)
    assert track_record(7, many).hits.high == pytest.approx(track_record(7, once).hits.high, abs=0.02)


def test_a_record_without_a_miss_is_not_certain() -> None:
    found = track_record(7, [replace(MOMENT, covered=10)] * 30).covered
    assert found.value == found.high == 1.0
    assert found.low == pytest.approx(1 / (1 + T_QUANTILE**2 / 30))  # Wilson's, of 30 of 30


def test_intervals_contain_the_truth_as_often_as_they_promise() -> None:
    """50 symbols that share nearly all of a moment's shock, over outcomes that reach into the next moment."""
    rng = np.random.default_rng(11)
    trials, inside, naive_inside = 400, 0, 0
    truth = math.erf(1.0 / math.sqrt(2))  # of a standard normal between -1 and 1
    for _ in range(trials):
        shocks = rng.normal(size=49)
        common = (shocks[:-1] + shocks[1:]) / math.sqrt(2)
        outcomes = 0.95 * common[:, None] + math.sqrt(1 - 0.95**2) * rng.normal(size=(48, 50))
        covered = (np.abs(outcomes) < 1).sum(axis=1)
        found = track_record(7, [MomentScores(50, int(each), 0, 0, 0, 0.0, 0.0) for each in covered]).covered
        inside += found.low <= truth <= found.high
        share = covered.sum() / outcomes.size
        naive_inside += abs(share - truth) < 1.96 * math.sqrt(share * (1 - share) / outcomes.size)
    assert inside / trials >= 0.92
    assert naive_inside / trials < 0.5


def test_skill_of_a_worthless_model_is_seldom_claimed() -> None:
    rng = np.random.default_rng(3)
    trials, claimed = 400, 0
    for _ in range(trials):
        scale = np.exp(rng.normal(0, 1, 48)) ** 2  # calm and wild moments
        naive = scale * rng.chisquare(5, 48)
        squares = naive + 0.3 * scale * rng.normal(size=48)
        found = track_record(7, [MomentScores(5, 4, 5, 5, 2, *each) for each in zip(squares, naive, strict=True)]).skill
        claimed += found.low > 0
    assert claimed / trials <= 0.05


def test_skill_is_that_of_the_groups() -> None:
    parts = [replace(MOMENT, squares=0.9 + 0.01 * (number // 4 % 3), naive=1.0) for number in range(48)]
    found = track_record(30, parts).skill
    assert found.value == pytest.approx(1 - math.sqrt(0.91))
    reach = T_QUANTILE * np.std([0.9, 0.91, 0.92] * 4, ddof=1) / math.sqrt(12)
    assert (found.low, found.high) == pytest.approx((1 - math.sqrt(0.91 + reach), 1 - math.sqrt(0.91 - reach)))
