"""Probabilities of all outcomes: what stays is counted, and blocks of time decide how sure a direction is."""

import numpy as np
import pytest

from ml.calibration.probability import ProbabilityCalibration, reliability_curve
from ml.data.panel import Floats


def _market(share: Floats, seed: int) -> Floats:
    """Outcomes of which the given share stays, and the rest rises or falls by chance."""
    chance = np.random.default_rng(seed)
    moved = np.where(chance.random(len(share)) < 0.5, 0.01, -0.01)
    return np.where(chance.random(len(share)) < share, 0.0, moved)


def test_the_chance_of_a_rise_counts_what_stays() -> None:
    still = np.random.default_rng(1).choice([0.02, 0.1, 0.4], 60_000)
    outcomes = _market(still, 2)
    blocks = np.arange(60_000) // 60
    fitted = ProbabilityCalibration.fit(np.zeros(60_000), still, outcomes, blocks)
    for share in (0.02, 0.1, 0.4):
        assert fitted.prob_unchanged(np.array([share])) == pytest.approx(share, rel=0.15)
        assert fitted.prob_up(np.zeros(1), np.array([share])) == pytest.approx((1 - share) / 2, abs=0.01)
    found = reliability_curve(fitted.prob_up(np.zeros(60_000), still), outcomes)
    assert found is not None
    assert found.error < 0.01
    assert len(found.count) == 3, "the same probability has one bin"
    given_moves = reliability_curve(np.full(60_000, 0.5), outcomes)
    assert given_moves is not None
    assert given_moves.error > 0.07, "the chance given that the price moves is not the chance of a rise"


def test_the_mean_said_is_the_mean_seen_however_rare_it_is() -> None:
    still = 0.05 * np.random.default_rng(3).random(40_000)
    outcomes = _market(still**1.3, 4)
    fitted = ProbabilityCalibration.fit(np.zeros(40_000), still, outcomes, np.arange(40_000) // 60)
    assert fitted.prob_unchanged(still).mean() == pytest.approx((outcomes == 0).mean(), rel=1e-4)


def test_the_same_hour_of_many_symbols_is_one_observation() -> None:
    """In a world of thirty hours without a signal, a slope that counts symbols is sure of one by chance."""
    slopes, alone = [], []
    for world in range(30):
        chance = np.random.default_rng(world)
        scaled = np.repeat(chance.standard_normal(30), 200) + 0.1 * chance.standard_normal(6000)
        rises = np.repeat(chance.standard_normal(30), 200) + 0.3 * chance.standard_normal(6000)
        still, blocks = np.zeros(6000), np.repeat(np.arange(30), 200)
        slopes.append(ProbabilityCalibration.fit(scaled, still, rises, blocks).slope)
        alone.append(ProbabilityCalibration.fit(scaled, still, rises, np.arange(6000)).slope)
    assert np.mean(np.array(slopes) == 0) > 0.7
    assert np.mean(slopes) < 0.6 * np.mean(alone)


def test_too_few_blocks_say_nothing_of_a_direction() -> None:
    scaled = np.random.default_rng(5).standard_normal(7000)
    still, outcomes = np.zeros(7000), np.sign(scaled)
    assert ProbabilityCalibration.fit(scaled, still, outcomes, np.repeat(np.arange(7), 1000)).slope == 0
    assert ProbabilityCalibration.fit(scaled, still, outcomes, np.repeat(np.arange(8), 875)).slope > 1


def test_the_few_largest_expectations_are_not_believed_more_than_the_others() -> None:
    """Trees say most where they have seen least: a twentieth of the expectations is far out and not better for it."""
    chance = np.random.default_rng(9)
    scaled = chance.standard_normal(40_000)
    rises = np.where(chance.random(40_000) < 1 / (1 + np.exp(-0.3 * np.clip(scaled, -1.6, 1.6))), 0.01, -0.01)
    far = np.where(np.abs(scaled) > 1.96, 10 * scaled, scaled)
    still, blocks = np.zeros(40_000), np.arange(40_000) // 60
    fitted = ProbabilityCalibration.fit(far[:20_000], still[:20_000], rises[:20_000], blocks[:20_000])
    found = reliability_curve(fitted.prob_up(far[20_000:], still[20_000:]), rises[20_000:])
    assert found is not None
    assert found.error < 0.015
    assert fitted.largest == pytest.approx(1.64, abs=0.05)


def test_a_market_where_nothing_ever_stays_is_no_trouble() -> None:
    outcomes = np.sign(np.random.default_rng(6).standard_normal(5000))
    fitted = ProbabilityCalibration.fit(np.zeros(5000), np.zeros(5000), outcomes, np.arange(5000) // 60)
    assert fitted.prob_unchanged(np.zeros(1)) == pytest.approx(0, abs=1e-9)
    fitted = ProbabilityCalibration.fit(np.zeros(5000), np.ones(5000), np.zeros(5000), np.arange(5000) // 60)
    assert 0 <= fitted.prob_up(np.zeros(1), np.ones(1)) <= 1


def test_it_comes_back_and_reads_what_an_earlier_version_stored() -> None:
    fitted = ProbabilityCalibration(0.8, (-1.0, 1.2), 0.3)
    assert ProbabilityCalibration.from_state(fitted.state()) == fitted
    before = ProbabilityCalibration.from_state({"odds": 0.8})
    assert before.prob_up(np.array([0.0]), np.array([0.3])) == pytest.approx(0.5)
    assert before.prob_up(np.array([2.0]), np.array([0.3])) == pytest.approx(1 / (1 + np.exp(-1.6)))
    for state in (
        {"odds": -1.0},
        {"odds": 0.8, "unchanged": [float("nan"), 0.0]},
        {"odds": 0.8, "unchanged": [1.0]},
        {"odds": 0.8, "largest_expectation": -1.0},
    ):
        with pytest.raises((ValueError, TypeError)):
            ProbabilityCalibration.from_state(state)
