"""When a digest is due: an hour of the person's own day, whatever the clocks do."""

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.digests import best_and_worst, next_slot, span_reported
from pipeline.market import Symbol
from trading.portfolio.positions import Portfolio, Position

ZONES = [
    "UTC",
    "Asia/Seoul",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Nowhere/Land",
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "now", "every", "hour", "slot"),
    [
        ("UTC", "2026-11-22T08:59:59", "daily", 9, "2026-11-22T09:00"),
        ("UTC", "2026-11-22T09:00:00", "daily", 9, "2026-11-23T09:00"),
        ("Asia/Seoul", "2026-11-22T23:30", "daily", 9, "2026-11-23T00:00"),
        ("Asia/Seoul", "2026-11-22T23:30", "daily", 0, "2026-11-23T15:00"),
        ("America/New_York", "2026-11-22T23:30", "weekly", 9, "2026-11-23T14:00"),
        ("UTC", "2026-11-23T10:00", "weekly", 9, "2026-11-30T09:00"),
        ("Pacific/Kiritimati", "2026-11-22T12:00", "weekly", 9, "2026-11-22T19:00"),
        # the clocks go forward from 2:00 to 3:00: the hour that is missing is the moment of the change
        ("America/New_York", "2026-03-07T08:00", "daily", 2, "2026-03-08T07:00"),
        ("America/New_York", "2026-03-08T07:00", "daily", 2, "2026-03-09T06:00"),
        # and back from 2:00 to 1:00: of the hour that comes twice it is the first
        ("America/New_York", "2026-10-31T12:00", "daily", 1, "2026-11-01T05:00"),
        ("America/New_York", "2026-11-01T05:30", "daily", 1, "2026-11-02T06:00"),
        ("Nowhere/Land", "2026-11-22T08:00", "daily", 9, "2026-11-22T09:00"),
    ],
)
def test_the_next_slot_is_the_hour_in_the_persons_own_zone(
    zone: str, now: str, every: str, hour: int, slot: str
) -> None:
    assert next_slot(zone, utc(now), every, hour) == utc(slot)


@given(
    zone=st.sampled_from(ZONES),
    now=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    every=st.sampled_from(["daily", "weekly"]),
    hour=st.integers(0, 23),
)
def test_slots_go_forward_day_by_day_without_a_gap_or_a_day_twice(
    zone: str, now: datetime, every: str, hour: int
) -> None:
    known = ZoneInfo(zone if zone != "Nowhere/Land" else "UTC")
    days = []
    slot = now
    for _ in range(4):
        following = next_slot(zone, slot, every, hour)
        assert following > slot
        assert next_slot(zone, following - timedelta(microseconds=1), every, hour) == following
        days.append(following.astimezone(known).date())
        slot = following
    assert [(later - earlier).days for earlier, later in itertools.pairwise(days)] == [1 if every == "daily" else 7] * 3


@pytest.mark.parametrize(
    ("zone", "due", "every", "last", "start"),
    [
        ("UTC", "2026-11-29T00:00", "daily", "2026-11-28", "2026-11-28T00:00"),
        ("Asia/Seoul", "2026-11-28T15:00", "daily", "2026-11-28", "2026-11-27T15:00"),
        ("Asia/Seoul", "2026-11-29T00:00", "daily", "2026-11-28", "2026-11-27T15:00"),
        ("Asia/Seoul", "2026-11-29T12:00", "daily", "2026-11-29", "2026-11-28T15:00"),
        # days of 23 and of 25 hours
        ("America/New_York", "2026-03-09T04:00", "daily", "2026-03-08", "2026-03-08T05:00"),
        ("America/New_York", "2026-11-02T05:00", "daily", "2026-11-01", "2026-11-01T04:00"),
        # midnight is skipped in Cairo on 24 April 2026: the day begins, and the digest comes, at 1:00
        ("Africa/Cairo", "2026-04-23T22:00", "daily", "2026-04-23", "2026-04-22T22:00"),
        ("Africa/Cairo", "2026-04-24T21:00", "daily", "2026-04-24", "2026-04-23T22:00"),
        ("Asia/Seoul", "2026-11-29T15:00", "weekly", "2026-11-29", "2026-11-22T15:00"),
        ("UTC", "2026-11-30T20:00", "weekly", "2026-11-29", "2026-11-23T00:00"),
    ],
)
def test_a_digest_tells_the_day_that_ended(zone: str, due: str, every: str, last: str, start: str) -> None:
    span = span_reported(utc(due), zone, every)
    assert (span.last, span.start) == (date.fromisoformat(last), utc(start))


def position(name: str, unrealised: str | None) -> Position:
    price = None if unrealised is None else Decimal(1)
    gain = None if unrealised is None else Decimal(unrealised)
    return Position(Symbol(name), name, Decimal(1), Decimal(1), price, price, gain, Decimal(0), stale=False)


def portfolio(*positions: Position) -> Portfolio:
    return Portfolio("USDC", Decimal(0), positions, Decimal(0), Decimal(1), Decimal(0), Decimal(0))


def test_the_best_and_the_worst_position_are_told_and_one_alone_is_not_its_own_opposite() -> None:
    best, worst = best_and_worst(
        portfolio(position("A", "-1"), position("B", "5"), position("C", None), position("D", "2"))
    )
    assert best is not None
    assert worst is not None
    assert (best.symbol, worst.symbol) == ("B", "A")
    best, worst = best_and_worst(portfolio(position("A", "-1")))
    assert best is not None
    assert (best.symbol, worst) == ("A", None)
    assert best_and_worst(portfolio()) == (None, None)
