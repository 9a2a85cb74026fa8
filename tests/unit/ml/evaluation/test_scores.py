import numpy as np
import pytest

from ml.data.time_blocks import blocks_of
from ml.evaluation.metrics import by_symbol, pinball, score, trades


def test_a_perfect_forecast_has_all_the_skill_and_the_naive_one_none() -> None:
    outcomes = np.random.default_rng(1).standard_normal(3000)
    rows = np.arange(3000)
    perfect = score(outcomes, outcomes, rows, 1, seed=1)
    assert perfect.rmse_skill.value == perfect.mae_skill == 1.0
    assert perfect.hits is not None
    assert perfect.hits.value == 1.0
    assert perfect.skill_p == perfect.hits_p == 1 / 5000
    naive = score(np.zeros(3000), outcomes, rows, 1, seed=1)
    assert naive.rmse_skill.value == naive.mae_skill == 0.0
    assert naive.hits is None
    assert naive.skill_p == naive.hits_p == 1.0


def test_skill_is_counted_as_by_hand() -> None:
    found = score(np.array([1.0, 1.0, -1.0, 0.0]), np.array([2.0, -1.0, 0.0, 2.0]), np.arange(4), 1, seed=1)
    assert found.rmse_skill.value == pytest.approx(1 - np.sqrt((1 + 4 + 1 + 4) / (4 + 1 + 0 + 4)))
    assert found.mae_skill == pytest.approx(1 - (1 + 2 + 1 + 2) / (2 + 1 + 0 + 2))
    assert found.hits is not None
    assert found.hits.value == 0.5


def test_a_forecast_of_the_wrong_sign_is_worse_than_naive() -> None:
    outcomes = np.random.default_rng(2).standard_normal(3000)
    found = score(-0.1 * outcomes, outcomes, np.arange(3000), 1, seed=1)
    assert found.rmse_skill.high < 0
    assert found.skill_p == found.hits_p == 1.0


def test_with_few_blocks_of_time_nothing_is_claimed() -> None:
    outcomes = np.random.default_rng(3).standard_normal(300)
    assert score(outcomes, outcomes, np.arange(300), 1, seed=1).skill_p == 1.0


def test_a_block_is_as_long_as_four_horizons() -> None:
    rows = np.arange(1000)
    assert blocks_of(rows, 1).max() == 999 // 60
    assert blocks_of(rows, 60).max() == 999 // 240


def test_intervals_cover_the_truth_where_entries_of_one_time_move_together() -> None:
    """Of 60 worlds without skill about 95 % of intervals hold it; counting entries as independent would give 62 %."""
    held = 0
    rows = np.repeat(np.arange(1800), 5)
    for world in range(60):
        chance = np.random.default_rng(world)
        shared = np.repeat(chance.standard_normal(1800), 5)
        outcomes = shared + 0.3 * chance.standard_normal(9000)
        guess = np.repeat(chance.standard_normal(1800), 5)
        found = score(guess, outcomes, rows, 1, seed=world)
        assert found.hits is not None
        held += found.hits.low <= 0.5 <= found.hits.high
    assert 52 <= held <= 60


def test_pinball_loss_is_counted_as_by_hand() -> None:
    low, high = np.array([-1.0, -1.0]), np.array([1.0, 1.0])
    assert pinball(low, high, np.array([0.0, 3.0]), coverage=0.8) == pytest.approx((0.1 + 0.1 + 0.4 + 1.8) / 4)


def test_a_trade_pays_the_fee_twice() -> None:
    expected, outcomes = np.array([0.02, -0.02, 0.001]), np.log(np.array([1.01, 1.01, 2.0]))
    found = trades(expected, outcomes, threshold=0.01, fee=0.001)
    assert found.count == 2
    assert found.gross == pytest.approx(0.0)
    assert found.net == pytest.approx(-0.002)
    assert trades(expected, outcomes, threshold=1.0, fee=0.001).count == 0


def test_skill_by_symbol_is_unknown_where_there_were_few_forecasts() -> None:
    outcomes = np.random.default_rng(4).standard_normal(1000)
    places = np.where(np.arange(1000) < 900, 0, 1)
    found = by_symbol(outcomes / 2, outcomes, places, 3)
    assert found[0] == pytest.approx(0.5)
    assert np.isnan(found[1:]).all()
