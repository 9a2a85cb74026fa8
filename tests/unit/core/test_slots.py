"""Times of a local day that come again: one a date, whatever the clocks do."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arguments.recurrence import read_rhythm
from bot.errors import NotAChoice
from core.recurrence import LAST_DAY, Frequency, Recurrence, next_slot, zone_of
from people.notifications.errors import NotATime

ZONES = [
    "UTC",
    "Asia/Seoul",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Scoresbysund",
    "Asia/Beirut",
    "Nowhere/Land",
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "now", "rhythm", "day", "at"),
    [
        ("Asia/Seoul", "2026-11-22T23:30", Recurrence(Frequency.DAILY, 9 * 60 + 15), "2026-11-23", "2026-11-23T00:15"),
        ("UTC", "2026-11-23T10:00", Recurrence(Frequency.WEEKLY, 600, 0), "2026-11-30", "2026-11-30T10:00"),
        ("UTC", "2026-11-23T10:00", Recurrence(Frequency.WEEKLY, 600, 6), "2026-11-29", "2026-11-29T10:00"),
        ("UTC", "2026-01-31T10:00", Recurrence(Frequency.MONTHLY, 540, 31), "2026-02-28", "2026-02-28T09:00"),
        ("UTC", "2028-01-31T10:00", Recurrence(Frequency.MONTHLY, 540, 30), "2028-02-29", "2028-02-29T09:00"),
        ("UTC", "2026-02-28T10:00", Recurrence(Frequency.MONTHLY, 540, LAST_DAY), "2026-03-31", "2026-03-31T09:00"),
        ("UTC", "2026-12-15T10:00", Recurrence(Frequency.MONTHLY, 540, 15), "2027-01-15", "2027-01-15T09:00"),
        # half past two does not exist on this day: as much later as the clocks went forward
        ("America/New_York", "2026-03-08T05:00", Recurrence(Frequency.DAILY, 150), "2026-03-08", "2026-03-08T07:30"),
        # and half past one comes twice on this one: the first
        ("America/New_York", "2026-11-01T04:00", Recurrence(Frequency.DAILY, 90), "2026-11-01", "2026-11-01T05:30"),
        ("America/New_York", "2026-11-01T05:30", Recurrence(Frequency.DAILY, 90), "2026-11-02", "2026-11-02T06:30"),
    ],
)
def test_the_next_slot_is_the_time_of_the_local_day(zone: str, now: str, rhythm: Recurrence, day: str, at: str) -> None:
    slot = next_slot(rhythm, zone, utc(now))
    assert (slot.day, slot.at) == (date.fromisoformat(day), utc(at))


def test_a_date_that_is_done_does_not_come_again_in_another_zone() -> None:
    rhythm = Recurrence(Frequency.DAILY, 540)
    seoul = next_slot(rhythm, "Asia/Seoul", utc("2026-11-22T12:00"))
    moved = next_slot(rhythm, "America/Phoenix", seoul.at, seoul.day)
    assert (seoul.day, moved.day) == (date(2026, 11, 23), date(2026, 11, 24))


@given(
    zone=st.sampled_from(ZONES),
    now=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    minute=st.integers(0, 1439),
    rule=st.one_of(
        st.just((Frequency.DAILY, 0)),
        st.tuples(st.just(Frequency.WEEKLY), st.integers(0, 6)),
        st.tuples(st.just(Frequency.MONTHLY), st.integers(1, 31)),
    ),
)
def test_every_date_of_the_rhythm_has_one_slot_and_none_is_left_out(
    zone: str, now: datetime, minute: int, rule: tuple[Frequency, int]
) -> None:
    rhythm = Recurrence(rule[0], minute, rule[1])
    slots = [next_slot(rhythm, zone, now)]
    for _ in range(4):
        slots.append(next_slot(rhythm, zone, slots[-1].at, slots[-1].day))
    for earlier, later in itertools.pairwise(slots):
        assert earlier.day < later.day
        assert earlier.at < later.at
        between = (earlier.day + timedelta(days=n) for n in range(1, (later.day - earlier.day).days))
        assert not any(rhythm.falls_on(day) for day in between)
    for slot in slots:
        local = slot.at.astimezone(zone_of(zone))
        late = (local.replace(tzinfo=None) - datetime.combine(slot.day, datetime.min.time())).total_seconds() / 60
        assert minute <= late <= minute + 60
        assert next_slot(rhythm, zone, slot.at - timedelta(microseconds=1), slot.day - timedelta(days=1)) == slot


@pytest.mark.parametrize(
    ("text", "rhythm"),
    [
        ("daily", Recurrence(Frequency.DAILY, 540)),
        ("Daily 21:30", Recurrence(Frequency.DAILY, 1290)),
        ("daily 7", Recurrence(Frequency.DAILY, 420)),
        ("weekly", Recurrence(Frequency.WEEKLY, 540, 0)),
        ("weekly FRI 18:00", Recurrence(Frequency.WEEKLY, 1080, 4)),
        ("weekly sunday", Recurrence(Frequency.WEEKLY, 540, 6)),
        ("weekly 18:00", Recurrence(Frequency.WEEKLY, 1080, 0)),
        ("monthly", Recurrence(Frequency.MONTHLY, 540, 1)),
        ("monthly 15 9:05", Recurrence(Frequency.MONTHLY, 545, 15)),
        ("monthly last 0:00", Recurrence(Frequency.MONTHLY, 0, 31)),
        ("monthly 8:00", Recurrence(Frequency.MONTHLY, 480, 1)),
        ("매일 9:00", Recurrence(Frequency.DAILY, 540)),
        ("매일 9시", Recurrence(Frequency.DAILY, 540)),
        ("매주 21시", Recurrence(Frequency.WEEKLY, 21 * 60)),
        ("매주 금요일 18:30", Recurrence(Frequency.WEEKLY, 1110, 4)),
        ("매주 월", Recurrence(Frequency.WEEKLY, 540, 0)),
        ("매월 15일 9", Recurrence(Frequency.MONTHLY, 540, 15)),
        ("매달 말일", Recurrence(Frequency.MONTHLY, 540, 31)),
    ],
)
def test_a_rhythm_is_read_as_people_write_it(text: str, rhythm: Recurrence) -> None:
    assert read_rhythm(text) == rhythm


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("hourly", NotAChoice),
        ("weekly 9", NotAChoice),
        ("weekly someday 9:00", NotAChoice),
        ("monthly 32 9:00", NotAChoice),
        ("monthly 0", NotAChoice),
        ("monthly １５", NotAChoice),
        ("daily 25:00", NotATime),
        ("daily 9:00 10:00", NotATime),
        ("daily mon 9:00", NotATime),
        ("monthly 15 lunch", NotATime),
    ],
)
def test_what_is_no_rhythm_is_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_rhythm(text)
