"""Which months of candles may go."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.partitions import Month, expired, month_before


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


NOW = at("2026-11-23T10:00")


def names(found: list[Month]) -> list[str]:
    return [month.name for month in found]


def test_a_month_knows_its_name_and_where_it_ends() -> None:
    assert Month(at("2025-12-01")).name == "2025-12"
    assert Month(at("2025-12-01")).end == at("2026-01-01")
    assert Month(at("2024-02-01")).end == at("2024-03-01")


@pytest.mark.parametrize(
    ("months", "first"),
    [(0, "2026-11-01"), (10, "2026-01-01"), (11, "2025-12-01"), (24, "2024-11-01"), (-1, "2026-12-01")],
)
def test_months_are_counted_by_the_calendar(months: int, first: str) -> None:
    assert month_before(NOW, months) == at(first)


def test_the_current_month_and_as_many_whole_ones_before_it_are_kept() -> None:
    found = [Month(month_before(NOW, n), ("binance",)) for n in range(-1, 6)]
    assert names(expired(found, 2, NOW, {})) == ["2026-06", "2026-07", "2026-08"]
    assert expired(found, 10, NOW, {}) == []


def test_a_month_stays_for_the_market_that_needs_it_longest() -> None:
    old = Month(at("2021-04-01"), ("binance", "replay:abc"))
    assert expired([old], 2, NOW, {}) == []
    assert expired([old, Month(at("2021-06-01"), ("replay:abc",))], 2, NOW, {}) == []
    assert names(expired([old, Month(at("2021-07-01"), ("replay:abc",))], 2, NOW, {})) == ["2021-04"]


def test_what_something_open_looks_back_to_is_kept_with_all_that_follows() -> None:
    found = [Month(month_before(NOW, n), ("binance",)) for n in range(8)]
    assert names(expired(found, 1, NOW, {"binance": at("2026-06-30T23:59")})) == ["2026-04", "2026-05"]
    assert names(expired(found, 1, NOW, {"simulator:7": 0}))[-1] == "2026-09"


def test_a_month_without_candles_stays_for_whom_it_was_made() -> None:
    assert expired([Month(at("2021-04-01"))], 2, NOW, {}) == []


@given(
    st.lists(st.tuples(st.integers(0, 60), st.sets(st.sampled_from(["binance", "replay:x", "sim:7"]))), max_size=20),
    st.integers(1, 30),
    st.dictionaries(st.sampled_from(["binance", "replay:x"]), st.integers(at("2022-01-01"), NOW)),
)
def test_nothing_young_and_nothing_needed_ever_goes(
    ages: list[tuple[int, set[str]]], keep: int, needed: dict[str, int]
) -> None:
    found = [Month(month_before(NOW, age), tuple(sorted(markets))) for age, markets in ages]
    for month in expired(found, keep, NOW, needed):
        assert month.end <= month_before(NOW, keep) or set(month.markets) <= {"replay:x"}
        assert all(month.end <= needed.get(market, NOW) for market in month.markets)
