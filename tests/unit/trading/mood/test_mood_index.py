"""The index: known on its day, in any unit, from what moves like a coin, with missing parts reweighted."""

from math import sqrt

import numpy as np
import pytest

from pipeline.candles import Floats
from tests.unit.trading.mood.markets import days_of, random_days, until
from trading.mood.components import WEIGHTS, Component, between, rank_in_past, scored
from trading.mood.index import MoodBand, band_of, mood_index
from trading.mood.market_days import MarketDays
from trading.mood.regime import Course, Pace, regime_of
from trading.mood.report import mood_report

DAYS = 500


@pytest.fixture(scope="module")
def market() -> MarketDays:
    return random_days(1, DAYS)


def test_the_index_of_a_day_knows_no_later_day(market: MarketDays) -> None:
    whole = mood_index(scored(market)).values
    for count in range(95, DAYS, 45):
        part = mood_index(scored(until(market, count))).values
        np.testing.assert_allclose(part, whole[:count], rtol=1e-9)


def test_a_price_that_changes_later_changes_nothing_before(market: MarketDays) -> None:
    changed = days_of(np.vstack([market.closes[:400], 3.0 * market.closes[400:]]), market.values)
    before, after = (mood_index(scored(each)).values[:400] for each in (market, changed))
    np.testing.assert_allclose(before, after, rtol=1e-9)


def test_the_unit_of_prices_changes_nothing(market: MarketDays) -> None:
    tiny = days_of(market.closes, market.values, unit=1e-9)
    found, other = mood_report(market), mood_report(tiny)
    assert other.index == pytest.approx(found.index)
    assert [each.score for each in other.components] == pytest.approx([each.score for each in found.components])
    assert other.regime.pace is found.regime.pace


def test_every_score_and_index_is_from_0_to_100(market: MarketDays) -> None:
    found = scored(market)
    for scores in (*(each.scores for each in found.values()), mood_index(found).values):
        known = scores[np.isfinite(scores)]
        assert known.size
        assert known.min() >= 0
        assert known.max() <= 100


def test_a_coin_that_is_pegged_to_a_currency_does_not_count(market: MarketDays) -> None:
    chance = np.random.default_rng(5)
    pegged = 1.0 + 0.0005 * chance.standard_normal((DAYS, 1))
    more = np.full((DAYS, 1), 1e9)
    with_it = days_of(np.hstack([market.closes, pegged]), np.hstack([market.values, more]))
    assert with_it.counted[-1].tolist() == [*[True] * 8, False]
    np.testing.assert_allclose(with_it.line, market.line)
    assert mood_report(with_it).index == pytest.approx(mood_report(market).index)


def test_a_peg_that_breaks_counts_from_the_next_day(market: MarketDays) -> None:
    pegged = 1.0 + 0.0005 * np.random.default_rng(5).standard_normal((DAYS, 1))
    pegged[400:] *= 0.5
    broken = days_of(np.hstack([market.closes, pegged]), np.hstack([market.values, np.full((DAYS, 1), 1e9)]))
    assert broken.counted[399:402, -1].tolist() == [False, False, True]
    np.testing.assert_allclose(broken.line[:401], market.line[:401])


def test_the_line_weighs_by_the_value_traded_before() -> None:
    moves = np.array([[0.04, -0.02]] * 40) * np.where(np.arange(40) % 2, 1, -1)[:, None]
    closes = 100 * np.cumprod(1 + moves, axis=0)
    values = np.vstack([np.tile([3.0, 1.0], (39, 1)), [[1e9, 1.0]]])
    line = days_of(closes, values).line
    assert line[-1] / line[-2] - 1 == pytest.approx((3 * 0.04 - 0.02) / 4)


def naive_rank(values: Floats, most: int, least: int) -> list[float]:
    ranks = []
    for place, value in enumerate(values):
        past = [each for each in values[max(0, place - most) : place] if np.isfinite(each)]
        if len(past) < least or not np.isfinite(value):
            ranks.append(np.nan)
        else:
            ranks.append(100 * sum((each < value) + 0.5 * (each == value) for each in past) / len(past))
    return ranks


def test_the_rank_is_that_of_a_naive_count() -> None:
    values = np.random.default_rng(2).integers(0, 9, 80).astype(float)
    values[[3, 20, 21]] = np.nan
    np.testing.assert_allclose(rank_in_past(values, 30, 5), naive_rank(values, 30, 5))


def test_components_by_hand() -> None:
    waves = 100 + 10 * np.sin(np.arange(300)[:, None] / 9 + np.arange(6))
    market = days_of(waves)
    found, line = scored(market), market.line
    fall = line[-1] / line[-90:].max() - 1
    assert found[Component.DRAWDOWN].figures[-1] == pytest.approx(fall)
    assert found[Component.DRAWDOWN].scores[-1] == pytest.approx(100 * (1 + 2 * fall))
    away = (line[-1] / line[-30:].mean() + line[-1] / line[-90:].mean()) / 2 - 1
    assert found[Component.MOMENTUM].figures[-1] == pytest.approx(away)
    above = (waves[-1] > waves[-50:].mean(axis=0)).mean()
    assert found[Component.BREADTH].figures[-1] == pytest.approx(above)
    rising = np.diff(waves, axis=0)[-10:] > 0
    score = (100 * above + between(np.array([rising.mean()]), 0.3, 0.7)[0]) / 2
    assert found[Component.BREADTH].scores[-1] == pytest.approx(score)
    assert found[Component.VOLUME].figures[-1] == pytest.approx(rising.mean())
    assert found[Component.DOMINANCE].figures[-1] == pytest.approx(1 / 6)
    logs = np.diff(np.log(line))
    weeks = [sqrt((logs[end - 7 : end] ** 2).sum()) for end in range(len(logs) - 89, len(logs) + 1)]
    ratio = weeks[-1] / ((np.mean(weeks[-30:]) + np.mean(weeks)) / 2)
    assert found[Component.VOLATILITY].figures[-1] == pytest.approx(ratio)


def test_new_highs_count_against_new_lows() -> None:
    random = np.random.default_rng(3).standard_normal((200, 8)) * 0.02
    closes = 100 * np.exp(np.cumsum(random, axis=0))
    closes[-1, :3] = closes[:, :3].max(axis=0) * 1.1
    closes[-1, 3:4] = closes[:, 3:4].min(axis=0) * 0.9
    balance = scored(days_of(closes))[Component.EXTREMES].figures[-1]
    highs = lows = 0
    for day in range(190, 200):
        highs += (closes[day] > closes[day - 90 : day].max(axis=0)).sum()
        lows += (closes[day] < closes[day - 90 : day].min(axis=0)).sum()
    assert balance == pytest.approx((highs - lows) / (highs + lows))


def test_what_is_missing_is_reweighted_and_said() -> None:
    report = mood_report(until(random_days(1), 130))
    missing = [each.component for each in report.components if each.score is None]
    assert Component.VOLATILITY in missing
    assert sum(each.weight for each in report.components) == pytest.approx(100)
    known = [each for each in report.components if each.score is not None]
    assert report.index == pytest.approx(sum(each.weight * each.score for each in known if each.score) / 100)


def test_one_coin_has_no_breadth_and_no_index_by_half_of_the_weight() -> None:
    market = random_days(1)
    alone = MarketDays(
        market.ends,
        market.symbols[:1],
        *(each[:, :1] for each in (market.closes, market.highs, market.lows)),
        market.values[:, :1],
        0,
    )
    found = {each.component: each.score for each in mood_report(alone).components}
    assert found[Component.BREADTH] is found[Component.DOMINANCE] is found[Component.EXTREMES] is None
    assert found[Component.MOMENTUM] is not None


@pytest.mark.parametrize("days", [1, 2, 30, 89])
def test_a_short_history_has_no_index(days: int) -> None:
    report = mood_report(until(random_days(1), days))
    assert report.index is None
    assert report.days <= days
    assert report.record.weeks == 0


def test_news_are_one_more_component() -> None:
    market = random_days(1)
    silent, glad = mood_report(market), mood_report(market, np.full(DAYS, 1.0))
    assert glad.index is not None
    assert silent.index is not None
    assert glad.index == pytest.approx((100 * silent.index + WEIGHTS[Component.NEWS] * 100) / 110)


def test_bands_have_their_bounds() -> None:
    values = (0, 19.4, 19.6, 59.4, 59.6, 80, 100)
    names = ("extreme-fear", "extreme-fear", "fear", "neutral", "greed", "extreme-greed", "extreme-greed")
    assert [band_of(value) for value in values] == [MoodBand(name) for name in names]


def test_a_gap_of_one_coin_leaves_the_index(market: MarketDays) -> None:
    closes = market.closes.copy()
    closes[300:303, 2] = np.nan
    report = mood_report(days_of(closes, market.values))
    assert report.index is not None
    assert sum(each.score is None for each in report.components) == 0


def test_the_regime_by_rule() -> None:
    random = np.random.default_rng(4)
    calm = 0.04 * random.standard_normal((300, 6))
    calm[-10:] *= 0.1
    wild = calm.copy()
    wild[-10:] *= 60
    rising = calm.copy()
    rising[-40:] = np.abs(rising[-40:]) + 0.01
    found = [regime_of(days_of(100 * np.exp(np.cumsum(each, axis=0)))) for each in (calm, wild, rising, -rising)]
    assert [each.pace for each in found[:2]] == [Pace.CALM, Pace.WILD]
    assert [each.course for each in found[2:]] == [Course.UP, Course.DOWN]
    flat = days_of(np.tile(100 + np.arange(300)[:, None] % 2, (1, 6)).astype(float))
    assert regime_of(flat).course is Course.RANGE


def test_correlations_put_similar_coins_side_by_side() -> None:
    random = np.random.default_rng(6)
    shared = 0.03 * random.standard_normal((200, 2))
    own = 0.005 * random.standard_normal((200, 6))
    closes = 100 * np.exp(np.cumsum(shared[:, [0, 1, 0, 1, 0, 1]] + own, axis=0))
    found = mood_report(days_of(closes)).correlation
    assert found is not None
    groups = ["odd" if name in ("C1USDC", "C3USDC", "C5USDC") else "even" for name in found.symbols]
    assert groups in (["odd"] * 3 + ["even"] * 3, ["even"] * 3 + ["odd"] * 3)
    assert found.values[0][1] > 0.8
    assert found.days == 90
