"""Open times of any unit become UTC milliseconds."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pyarrow as pa
import pytest

from pipeline.binance.open_times import IMPOSSIBLE, number_to_milliseconds, outliers
from pipeline.replay.parquet_columns import to_milliseconds

MS = 1_617_408_000_000  # 2021-04-03
THAT = datetime(2021, 4, 3, tzinfo=UTC)
SEOUL = timezone(timedelta(hours=9))

COLUMNS = {
    "seconds": pa.array([MS // 1000], pa.int64()),
    "32-bit seconds": pa.array([MS // 1000], pa.int32()),
    "unsigned milliseconds": pa.array([MS], pa.uint64()),
    "microseconds": pa.array([MS * 1000], pa.int64()),
    "nanoseconds": pa.array([MS * 1_000_000], pa.int64()),
    "float seconds": pa.array([MS / 1000.0]),
    "float milliseconds": pa.array([float(MS)]),
    "float microseconds": pa.array([MS * 1000.0]),
    "float nanoseconds": pa.array([MS * 1e6]),
    "a timestamp in seconds": pa.array([THAT.replace(tzinfo=None)], pa.timestamp("s")),
    "a timestamp in milliseconds": pa.array([THAT.replace(tzinfo=None)], pa.timestamp("ms")),
    "a timestamp in nanoseconds": pa.array([THAT.replace(tzinfo=None)], pa.timestamp("ns")),
    "a timestamp with a zone": pa.array([THAT.astimezone(SEOUL)], pa.timestamp("us", tz="Asia/Seoul")),
    "a date": pa.array([date(2021, 4, 3)]),
    "text": pa.array(["2021-04-03 00:00:00"]),
    "text with a zone": pa.array(["2021-04-03T09:00:00+09:00"]),
    "digits as text": pa.array([str(MS * 1000)]),
}


@pytest.mark.parametrize("unit", COLUMNS)
def test_each_unit_becomes_milliseconds(unit: str) -> None:
    assert to_milliseconds(pa.chunked_array([COLUMNS[unit]])).tolist() == [MS]


def test_mixed_units_are_converted_row_by_row() -> None:
    column = pa.chunked_array([pa.array([MS, MS * 1000, MS // 1000, MS * 1_000_000])])
    assert to_milliseconds(column).tolist() == [MS] * 4


IMPOSSIBLES = {
    "negative": pa.array([-MS]),
    "after 2100": pa.array([5_000_000_000_000]),
    "the largest integer": pa.array([2**63 - 1]),
    "too large for a signed integer": pa.array([2**64 - 1], pa.uint64()),
    "missing": pa.array([None], pa.int64()),
    "NaN": pa.array([float("nan")]),
    "infinite": pa.array([float("inf")]),
    "absurd": pa.array([3.4e38]),
    "a timestamp before 1970": pa.array([datetime(1960, 1, 1)], pa.timestamp("us")),  # noqa: DTZ001
    "a missing timestamp": pa.array([None], pa.timestamp("us")),
}


@pytest.mark.parametrize("case", IMPOSSIBLES)
def test_a_time_outside_1970_to_2100_is_impossible(case: str) -> None:
    assert to_milliseconds(pa.chunked_array([IMPOSSIBLES[case]])).tolist() == [IMPOSSIBLE]


def test_a_column_of_words_holds_no_times() -> None:
    with pytest.raises(pa.ArrowException):
        to_milliseconds(pa.chunked_array([pa.array(["monday"])]))


@pytest.mark.parametrize(("number", "ms"), [(1.6e9, 1_600_000_000_000), (1.6e12, 1_600_000_000_000), (-1, -1)])
def test_one_number_is_read_by_its_magnitude(number: float, ms: int) -> None:
    assert number_to_milliseconds(number) == ms


def test_one_time_far_from_the_others_is_an_outlier() -> None:
    times = np.array([0, *(MS + minute * 60_000 for minute in range(10))])
    assert outliers(times).tolist() == [True, *[False] * 10]


def test_two_periods_of_one_recording_are_no_outliers() -> None:
    later = MS + 4 * 366 * 86_400_000
    times = np.array([begin + minute * 60_000 for begin in (MS, later) for minute in range(10)])
    assert not outliers(times).any()
