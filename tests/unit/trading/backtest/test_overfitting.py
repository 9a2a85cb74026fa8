"""Cross-validation of rules: equal to a naive reference, and to the published behaviour of noise and of skill."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from pipeline.candles import Floats
from trading.backtest.overfitting import MAX_RULES, block_count, overfitting


def noise(seed: int, count: int = 480, rules: int = 20) -> Floats:
    return np.random.default_rng(seed).normal(0, 0.01, (count, rules))


def sharpe(values: Floats) -> float:
    spread = values.std(ddof=1)
    return float(values.mean() / spread) if spread > 0 else 0.0


def naive(returns: Floats, blocks: int) -> tuple[list[float], list[float], list[float]]:
    """The steps of the paper, one after another (section 3, CSCV)."""
    edges = np.linspace(0, len(returns), blocks + 1).astype(int)
    parts = [returns[first:last] for first, last in pairwise(edges)]
    logits, inside, outside = [], [], []
    for chosen in combinations(range(blocks), blocks // 2):
        training = np.concatenate([parts[each] for each in chosen])
        testing = np.concatenate([parts[each] for each in range(blocks) if each not in chosen])
        trained = [sharpe(column) for column in training.T]
        tested = [sharpe(column) for column in testing.T]
        best = int(np.argmax(trained))
        rank = sum(each < tested[best] for each in tested) + (sum(each == tested[best] for each in tested) + 1) / 2
        relative = rank / (len(tested) + 1)
        logits.append(np.log(relative / (1 - relative)))
        inside.append(trained[best])
        outside.append(tested[best])
    return logits, inside, outside


@pytest.mark.parametrize(("count", "rules", "blocks"), [(60, 5, 6), (61, 4, 8), (97, 2, 4), (40, 7, 10)])
def test_it_is_the_naive_reference(count: int, rules: int, blocks: int) -> None:
    returns = noise(count, count, rules) + 0.002
    returns[:, 1] = np.where(np.arange(count) < count // 3, returns[:, 1], 0.0)
    found = overfitting(returns, blocks=blocks)
    assert found is not None
    logits, inside, outside = naive(returns, blocks)
    assert found.logits == pytest.approx(logits)
    assert found.in_sample == pytest.approx(inside)
    assert found.out_of_sample == pytest.approx(outside)
    assert found.probability == np.mean(np.array(logits) <= 0)
    assert found.degradation == pytest.approx(np.polyfit(inside, outside, 1)[0])


def test_noise_is_overfitted_in_half_of_the_cases() -> None:
    found = [overfitting(noise(seed, 320), blocks=8) for seed in range(60)]
    mean = np.mean([each.probability for each in found if each])
    assert mean == pytest.approx(0.5, abs=0.07)


def test_one_truly_better_rule_is_found_again() -> None:
    returns = noise(3)
    returns[:, 7] += 0.004
    found = overfitting(returns)
    assert found is not None
    assert (found.rules, found.blocks, len(found.logits)) == (20, 16, 12_870)
    assert found.probability < 0.01
    assert found.loss < 0.01


def of_the_paper(seed: int, count: int, rules: int, sharpe_of_last: float) -> Floats:
    """Monte Carlo of the paper: Gaussian columns, each with mean 0 and deviation 1 over the whole history, the last
    with an annual Sharpe ratio over 260 days.
    """
    drawn: Floats = np.random.default_rng(seed).normal(size=(count, rules))
    drawn = (drawn - drawn.mean(axis=0)) / drawn.std(axis=0)
    drawn[:, -1] += sharpe_of_last / np.sqrt(260)
    return drawn


@pytest.mark.parametrize(("rules", "sharpe_of_last"), [(40, 2), (20, 1)])
def test_it_estimates_how_often_the_best_half_fails_in_the_other(rules: int, sharpe_of_last: float) -> None:
    """The paper's test of accuracy: the cross-validation of few histories against one split of each of many."""
    fails = []
    for seed in range(300):
        drawn = of_the_paper(seed, 500, rules, sharpe_of_last)
        training, testing = (half.mean(axis=0) / half.std(axis=0) for half in (drawn[:250], drawn[250:]))
        fails.append(testing[training.argmax()] <= np.median(testing))
    found = [overfitting(of_the_paper(seed, 500, rules, sharpe_of_last), blocks=8) for seed in range(30)]
    probability = np.mean([each.probability for each in found if each])
    assert 0.2 < probability < 0.9
    assert probability == pytest.approx(np.mean(fails), abs=0.07)


def test_what_is_best_by_noise_alone_does_worse_the_better_it_was() -> None:
    """Columns of equal sums: what one half gains, the other one loses (the paper's compensation effect)."""
    found = overfitting(of_the_paper(1, 400, 50, 0))
    assert found is not None
    assert found.probability == 1.0
    assert found.loss == 1.0
    assert found.degradation == pytest.approx(-1.0, abs=0.1)


def test_rules_that_never_trade_are_no_better_than_one_another() -> None:
    found = overfitting(np.zeros((200, 5)))
    assert found is not None
    assert found.probability == 1.0
    assert found.degradation is None
    same = np.repeat(noise(5, rules=1) + 0.001, 4, axis=1)
    assert (overfitting(same).logits == 0).all()  # type: ignore[union-attr]


def test_scale_and_order_of_rules_change_nothing() -> None:
    returns = noise(9, rules=12)
    found, scaled = overfitting(returns, blocks=8), overfitting(returns[:, ::-1] * 1e-9, blocks=8)
    assert found is not None
    assert scaled is not None
    assert scaled.logits == pytest.approx(found.logits)
    assert scaled.in_sample == pytest.approx(found.in_sample)


def test_bounds() -> None:
    assert [block_count(each) for each in (0, 19, 20, 29, 30, 79, 80, 10**6)] == [0, 0, 4, 4, 6, 14, 16, 16]
    assert overfitting(noise(1, 19)) is None
    assert overfitting(noise(1, rules=1)) is None
    for broken, blocks in (
        (noise(1, rules=MAX_RULES + 1), 4),
        (noise(1), 5),
        (noise(1), 18),
        (np.full((90, 3), np.nan), 4),
    ):
        with pytest.raises(ValueError):
            overfitting(broken, blocks=blocks)
