"""Hit rate of the tone beside the base rate, with intervals that days bound."""

import numpy as np
import pytest

from ml.news.record import MIN_DAYS, MIN_EVENTS, USUAL_SCORE, hit_record, independent, tone_record
from pipeline.market import DAY_MS, MINUTE_MS
from pipeline.news.records import NewsEvent

HORIZON = 240 * MINUTE_MS


def event(at: int, tone: float, returned: float, asset: str = "BTC") -> NewsEvent:
    return NewsEvent(at, asset, "title", tone, at, returned)


def days(count: int, *, right: bool) -> list[NewsEvent]:
    """Two coins a day, up on one and down on the next; the tone is right or wrong."""
    found = []
    for number in range(count):
        move = 0.01 if number % 2 else -0.01
        found += [event(number * DAY_MS + 1, move * (50 if right else -50), move, coin) for coin in ("BTC", "ETH")]
    return found


def test_only_the_first_headline_within_a_horizon_counts() -> None:
    told = [
        event(0, 1, 0.1),
        event(HORIZON - 1, 1, 0.1),
        event(HORIZON, 1, 0.1),
        event(1, 1, 0.1, "ETH"),
        event(2, 1, 0, "X"),
    ]
    assert [(each.asset, each.seen) for each in independent(told, HORIZON)] == [
        ("BTC", 0),
        ("ETH", 1),
        ("BTC", HORIZON),
    ]


def test_nothing_is_said_below_the_minimum() -> None:
    few = tone_record(days(MIN_DAYS - 1, right=True), HORIZON)
    assert (few.events, few.days, few.enough, few.beats_base) == (2 * MIN_DAYS - 2, MIN_DAYS - 1, False, False)
    assert np.isnan(few.hit_rate)
    assert tone_record([], HORIZON).events == 0


def test_a_tone_that_is_right_beats_the_base_rate() -> None:
    found = tone_record(days(40, right=True), HORIZON)
    assert (found.hit_rate, found.base_rate) == (1.0, 0.5)
    assert found.beats_base


def test_a_tone_that_is_wrong_does_not() -> None:
    found = tone_record(days(40, right=False), HORIZON)
    assert found.hit_rate == 0
    assert not found.beats_base


def test_saying_what_always_happens_is_no_skill() -> None:
    rising = [event(number * DAY_MS, 0.9, 0.01) for number in range(MIN_EVENTS)]
    found = tone_record(rising, HORIZON)
    assert (found.hit_rate, found.base_rate, found.beats_base) == (1.0, 1.0, False)


def test_neutral_headlines_do_not_count() -> None:
    assert tone_record([event(number * DAY_MS, 0.1, 0.01) for number in range(50)], HORIZON).events == 0


def test_a_day_is_one_observation() -> None:
    """Ten events a day that all are alike say no more than one: the interval is as wide."""
    rng = np.random.default_rng(7)
    said, rose = rng.random(60) < 0.5, rng.random(60) < 0.5
    once = hit_record(said, rose, np.arange(60), USUAL_SCORE)
    often = hit_record(np.repeat(said, 10), np.repeat(rose, 10), np.repeat(np.arange(60), 10), USUAL_SCORE)
    assert (once.low, once.high) == pytest.approx((often.low, often.high))
    edge = (said == rose).astype(float) - (rose == (2 * rose.sum() >= 60))
    naive = edge.std(ddof=1) / np.sqrt(60)
    assert once.high - once.low == pytest.approx(2 * USUAL_SCORE * naive, rel=1e-9)
