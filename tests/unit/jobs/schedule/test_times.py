"""Slots: moments that every scheduler works out alike, on days of the wall clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.schedule.job import Due, Job, due
from jobs.schedule.triggers import Cron, IntervalTrigger, When, daily

BERLIN, NEW_YORK, SEOUL = "Europe/Berlin", "America/New_York", "Asia/Seoul"
ODD = ("Australia/Lord_Howe", "Antarctica/Troll", "America/Havana", "Asia/Gaza")


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


def said(slot: int, zone: str) -> str:
    return datetime.fromtimestamp(slot / 1000, ZoneInfo(zone)).strftime("%m-%d %H:%M %z")


def slots(when: When, start: str, end: str) -> list[int]:
    found, at = [], utc(start) - 1
    while (at := when.after(at)) < utc(end):
        found.append(at)
    return found


def test_every_so_many_seconds_is_counted_alike_by_everybody() -> None:
    when = IntervalTrigger(900, offset=60)
    assert slots(when, "2026-03-01 00:00", "2026-03-01 01:00") == [
        utc(f"2026-03-01 00:{minute}") for minute in ("01", "16", "31", "46")
    ]
    at = utc("2026-03-01 00:16")
    assert (when.before(at), when.before(at - 1)) == (at, at - 900_000)


@pytest.mark.parametrize(
    ("zone", "hour", "day", "expected"),
    [
        (BERLIN, 2, "2026-03-29", "03-29 03:00 +0200"),  # skipped
        (BERLIN, 2, "2026-10-25", "10-25 02:30 +0200"),  # doubled
        (NEW_YORK, 2, "2026-03-08", "03-08 03:00 -0400"),
        (NEW_YORK, 1, "2026-11-01", "11-01 01:30 -0400"),
        (SEOUL, 2, "2026-03-29", "03-29 02:30 +0900"),
        (SEOUL, 2, "2026-10-25", "10-25 02:30 +0900"),
    ],
)
def test_a_daily_job_runs_once_on_the_day_of_a_clock_change(zone: str, hour: int, day: str, expected: str) -> None:
    when = daily(hour, zone, 30)
    begin = datetime.fromisoformat(day)
    start, end = begin - timedelta(days=2), begin + timedelta(days=4)
    found = [said(slot, zone) for slot in slots(when, start.isoformat(" "), end.isoformat(" "))]
    assert [each for each in found if each.startswith(day[5:])] == [expected]
    assert len({each[:5] for each in found}) == len(found) == 6


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, SEOUL, *ODD])
@pytest.mark.parametrize("hour", [0, 1, 2, 3])
def test_a_year_has_one_slot_on_each_of_its_days(zone: str, hour: int) -> None:
    when = daily(hour, zone, 30)
    days = [
        datetime.fromtimestamp(slot / 1000, ZoneInfo(zone)).date()
        for slot in slots(when, "2026-01-02 00:00", "2027-01-02 00:00")
    ]
    assert len(set(days)) == len(days)
    assert set(days) >= {date(2026, 1, 3) + timedelta(days=back) for back in range(363)}


def test_the_slot_of_a_skipped_hour_is_found_from_any_moment_around_it() -> None:
    when, slot = daily(2, BERLIN, 30), utc("2026-03-29 01:00")
    for minutes in range(1, 180):
        assert when.after(slot - minutes * 60_000) == slot
        assert when.before(slot + minutes * 60_000) == slot
    assert when.after(slot) == utc("2026-03-30 00:30")


def test_two_jobs_of_a_skipped_hour_both_run_when_the_clock_changes() -> None:
    found = slots(Cron("15,45 2 * * *", BERLIN), "2026-03-28 22:00", "2026-03-29 22:00")
    assert [said(slot, BERLIN) for slot in found] == ["03-29 03:00 +0200"]


@given(
    at=st.integers(utc("2024-01-01"), utc("2028-01-01")),
    zone=st.sampled_from([BERLIN, NEW_YORK, SEOUL, *ODD]),
    fields=st.sampled_from(["0 0 * * *", "30 2 * * *", "0 3 * * mon", "15 * * * *", "0 0 1 * *"]),
)
def test_what_comes_before_and_after_meets(at: int, zone: str, fields: str) -> None:
    when = Cron(fields, zone)
    before, after = when.before(at), when.after(at)
    assert before is not None
    assert before <= at < after
    assert when.after(before) == after
    assert when.before(after) == after
    assert when.before(after - 1) == before


@pytest.mark.parametrize("fields", ["0 0 * * 1", "0 0 * *", "61 0 * * *", "0 0 30 2 *"])
def test_times_that_are_none_are_refused(fields: str) -> None:
    with pytest.raises(ValueError):
        Cron(fields).after(0)


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(LookupError):
        daily(0, "Europe/Atlantis")


def test_when_a_job_is_due_can_be_read() -> None:
    assert [str(IntervalTrigger(seconds)) for seconds in (60, 900, 7200, 86_400, 45)] == [
        "every 1 min",
        "every 15 min",
        "every 2 h",
        "every 1 d",
        "every 45 s",
    ]
    assert str(daily(0, SEOUL)) == "0 0 * * * Asia/Seoul"


async def _nothing() -> None:
    return None


def test_of_missed_slots_the_newest_is_due_and_late_beyond_the_grace() -> None:
    job = Job("nightly", daily(0, "UTC"), _nothing)
    midnight = utc("2026-05-05 00:00")
    assert due(job, None, midnight - 1, 300_000) == Due(midnight - 86_400_000, late=True)
    assert due(job, midnight - 3 * 86_400_000, midnight, 300_000) == Due(midnight, late=False)
    assert due(job, midnight - 86_400_000, midnight + 300_001, 300_000) == Due(midnight, late=True)
    assert due(job, midnight, midnight + 300_001, 300_000) is None
    assert due(job, midnight + 5, midnight + 300_001, 300_000) is None
