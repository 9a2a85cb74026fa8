"""Token buckets: never more than the burst and what flowed in since, never less."""

from hypothesis import given
from hypothesis import strategies as st

from bot.middleware.rate_limit import Buckets, Rate

RATES = st.builds(Rate, st.integers(1, 8), st.floats(0.1, 20))
PAUSES = st.lists(st.one_of(st.just(0.0), st.floats(0, 3), st.just(60.0)), max_size=120)


def granted(rate: Rate, pauses: list[float]) -> list[float]:
    """The moments at which a greedy asker is let through."""
    buckets, now, moments = Buckets(), 1000.0, []
    for pause in pauses:
        now += pause
        if not buckets.wait("me", rate, now):
            buckets.take("me", rate, now)
            moments.append(now)
    return moments


@given(RATES, PAUSES)
def test_no_stretch_of_time_sees_more_than_the_burst_and_what_flowed_in(rate: Rate, pauses: list[float]) -> None:
    moments = granted(rate, pauses)
    for first in range(len(moments)):
        for last in range(first, len(moments)):
            room = rate.burst + (moments[last] - moments[first]) * rate.per_second
            assert last - first + 1 <= room + 1e-6


@given(RATES, PAUSES)
def test_whoever_waits_as_long_as_told_is_let_through(rate: Rate, pauses: list[float]) -> None:
    buckets, now = Buckets(), 1000.0
    for pause in pauses:
        now += pause
        seconds = buckets.wait("me", rate, now)
        assert 0 <= seconds <= 1 / rate.per_second + 1e-6
        if seconds:
            assert buckets.wait("me", rate, now + seconds + 1e-6) == 0
            now += seconds + 1e-6
        else:
            buckets.take("me", rate, now)


@given(RATES, PAUSES)
def test_whoever_stays_below_the_rate_is_never_refused(rate: Rate, pauses: list[float]) -> None:
    slow = [max(pause, 1 / rate.per_second + 1e-6) for pause in pauses]
    assert len(granted(rate, slow)) == len(slow)


@given(RATES, st.lists(st.floats(-5, 5), max_size=100))
def test_a_clock_that_goes_back_and_forth_neither_gives_more_than_the_burst_nor_locks_out(
    rate: Rate, steps: list[float]
) -> None:
    buckets, now, ahead, count = Buckets(), 1000.0, 0.0, 0
    for step in steps:
        now += step
        ahead += max(0.0, step)
        if not buckets.wait("me", rate, now):
            buckets.take("me", rate, now)
            count += 1
    assert count <= rate.burst + ahead * rate.per_second + 1e-6
    assert buckets.wait("me", rate, now + 1 / rate.per_second + 1e-6) == 0


@given(st.lists(st.integers(0, 30), max_size=200), st.integers(1, 8))
def test_memory_is_bounded_and_the_others_are_not_touched(keys: list[int], most: int) -> None:
    buckets, rate = Buckets(most), Rate(2, 0.001)
    for key in keys:
        if not buckets.wait(key, rate, 0.0):
            buckets.take(key, rate, 0.0)
        assert len(buckets) <= most
