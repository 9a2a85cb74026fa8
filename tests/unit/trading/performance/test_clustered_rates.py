"""Rates of clustered events: an interval that counts clusters, and covers as often as it says."""

import numpy as np
import pytest

from pipeline.candles import Floats
from trading.performance.clustered_rates import MIN_CLUSTERS, clustered_rate


def world(seed: int, *, shared: float) -> tuple[Floats, Floats]:
    """Returns 25 outcomes in each of 200 clusters that share a part, and events among them in half of the clusters."""
    random = np.random.default_rng(seed)
    pull = shared * random.standard_normal((200, 1))
    hits = (pull + random.standard_normal((200, 25)) > 0).astype(float)
    chosen = (random.uniform(size=(200, 1)) < 0.5) & (random.uniform(size=(200, 25)) < 0.3)
    return (
        np.stack([(hits * chosen).sum(axis=1), chosen.sum(axis=1).astype(float)]),
        np.stack([hits.sum(axis=1), np.full(200, 25.0)]),
    )


@pytest.mark.parametrize("shared", [0.0, 1.0])
def test_the_interval_covers_the_base_as_often_as_it_says(shared: float) -> None:
    found = [clustered_rate(*world(seed, shared=shared)) for seed in range(300)]
    covered = np.mean([each.low <= each.base <= each.high for each in found])
    assert 0.92 <= covered <= 0.985
    assert np.mean([each.p_value < 0.05 for each in found]) == pytest.approx(1 - covered)


def test_the_same_outcomes_ten_times_in_a_cluster_prove_no_more() -> None:
    events, everything = world(3, shared=1.0)
    once, often = clustered_rate(events, everything), clustered_rate(10 * events, everything)
    assert often.count == 10 * once.count
    assert (often.low, often.high, often.p_value) == pytest.approx((once.low, once.high, once.p_value))


def test_a_difference_is_found() -> None:
    events, everything = world(3, shared=0.5)
    events[0] = np.minimum(events[1], events[0] + 0.4 * events[1])
    found = clustered_rate(events, everything)
    assert found.low > found.base
    assert found.p_value < 1e-6


def test_neighbours_that_move_together_widen_the_interval() -> None:
    random = np.random.default_rng(1)
    slow = np.repeat(random.integers(0, 2, 100), 2).astype(float)
    events = np.stack([slow * (np.arange(200) % 4 < 2), (np.arange(200) % 4 < 2).astype(float)])
    everything = np.stack([slow, np.ones(200)])
    alone, both = (clustered_rate(events, everything, lags=lags) for lags in (0, 1))
    assert both.high - both.low > 1.2 * (alone.high - alone.low)


def test_few_clusters_have_a_rate_and_no_interval() -> None:
    events, everything = world(3, shared=0.0)
    place = np.flatnonzero(events[1])[: MIN_CLUSTERS - 1]
    few = np.zeros_like(events)
    few[:, place] = events[:, place]
    found = clustered_rate(few, everything)
    assert found.clusters == MIN_CLUSTERS - 1
    assert 0 <= found.rate <= 1
    assert np.isnan(found.low)
    assert np.isnan(found.p_value)
    none = clustered_rate(np.zeros((2, 200)), everything)
    assert np.isnan(none.rate)
    assert none.base == pytest.approx(everything[0].sum() / everything[1].sum())
