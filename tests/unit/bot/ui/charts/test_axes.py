"""Ticks, numbers and calendar steps of the charts: pure functions."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.ui.charts.drawing import numbers, time_axis
from bot.ui.charts.drawing.time_axis import AxisStep, TickLabel
from bot.ui.charts.local_times import offsets, zone_name
from pipeline.market import DAY_MS, MINUTE_MS

HOUR_MS = 60 * MINUTE_MS


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (63_500.0, 69_000.0, ["64,000", "65,000", "66,000", "67,000", "68,000", "69,000"]),
        (0.00001195, 0.00001485, ["0.0000120", "0.0000125", "0.0000130", "0.0000135", "0.0000140", "0.0000145"]),
        (0.99, 1.01, ["0.990", "0.995", "1.000", "1.005", "1.010"]),
        (0.0, 0.7, ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7"]),
        (100_000.0, 117_000.0, ["100,000", "102,500", "105,000", "107,500", "110,000", "112,500", "115,000"]),
    ],
)
def test_ticks_are_few_round_and_plain(low: float, high: float, expected: list[str]) -> None:
    values, decimals = numbers.ticks(low, high, 7)
    assert [numbers.fixed(value, decimals) for value in values] == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.00123, "0.00123"), (5, "5.00"), (68.04, "68.0"), (999.6, "1.00K"), (1234, "1.23K"),
     (12_345_678, "12.3M"), (9.9996e8, "1.00B"), (4.2e12, "4.20T")],
)  # fmt: skip
def test_large_volumes_are_short(value: float, text: str) -> None:
    assert numbers.compact(value) == text


@pytest.mark.parametrize(
    ("fraction", "expected"),
    [
        (0.0235, ("▲ +2.35%", 1)),
        (-0.0523, ("▼ −5.23%", -1)),
        (0.0, ("0.00%", 0)),
        (-0.00001, ("0.00%", 0)),
        (123.4, ("▲ +12,340%", 1)),
    ],
)
def test_a_change_has_an_arrow_and_a_sign(fraction: float, expected: tuple[str, int]) -> None:
    assert numbers.change(fraction) == expected


@pytest.mark.parametrize(("share", "text"), [(0.123, "12.3%"), (1.0, "100.0%"), (0.0, "0.0%"), (0.0001, "<0.1%")])
def test_a_share_is_a_percentage(share: float, text: str) -> None:
    assert numbers.percent(share) == text


@pytest.mark.parametrize(
    ("value", "text"), [(120.0, "120"), (0.01, "0.01"), (0.0012346, "0.001235"), (64_123.4, "64,123")]
)
def test_a_price_beside_a_mark_is_short(value: float, text: str) -> None:
    assert numbers.short(value) == text


def test_round_moments_lie_on_the_clock() -> None:
    found = time_axis.moments(at("2025-10-09T09:07"), at("2025-10-09T10:15"), AxisStep(ms=15 * MINUTE_MS))
    assert found == [at(f"2025-10-09T{text}") for text in ("09:15", "09:30", "09:45", "10:00", "10:15")]


def test_weeks_begin_on_monday() -> None:
    found = time_axis.moments(at("2025-10-01"), at("2025-10-31"), AxisStep(ms=7 * DAY_MS))
    assert [datetime.fromtimestamp(moment / 1000, UTC).isoweekday() for moment in found] == [1, 1, 1, 1]


def test_months_begin_on_their_first_day_and_years_in_january() -> None:
    assert time_axis.moments(at("2025-10-09"), at("2026-02-04"), AxisStep(months=1)) == [
        at(text) for text in ("2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01")
    ]
    assert time_axis.moments(at("2019-05-01"), at("2026-02-04"), AxisStep(months=24)) == [
        at(text) for text in ("2020-01-01", "2022-01-01", "2024-01-01", "2026-01-01")
    ]


def test_a_step_far_too_fine_gives_nothing_instead_of_millions() -> None:
    assert time_axis.moments(0, at("2026-01-01"), AxisStep(ms=MINUTE_MS)) == []


@pytest.mark.parametrize(
    ("moment", "step", "language", "expected"),
    [
        ("2025-10-09T18:30", AxisStep(ms=15 * MINUTE_MS), "en", ("18:30", False)),
        ("2025-10-10T00:00", AxisStep(ms=15 * MINUTE_MS), "en", ("Oct 10", True)),
        ("2025-10-10T00:00", AxisStep(ms=15 * MINUTE_MS), "ko", ("10월 10일", True)),
        ("2025-10-10T00:00", AxisStep(ms=DAY_MS), "en", ("Oct 10", False)),
        ("2025-12-01T00:00", AxisStep(months=1), "en", ("Dec", False)),
        ("2026-01-01T00:00", AxisStep(months=1), "en", ("2026", True)),
        ("2026-01-01T00:00", AxisStep(months=12), "ko", ("2026년", False)),
    ],
)
def test_labels_name_what_begins(moment: str, step: AxisStep, language: str, expected: tuple[str, bool]) -> None:
    assert time_axis.moment_label(at(moment), at(moment), step, language) == expected


def test_a_label_tells_the_candles_own_time() -> None:
    step = AxisStep(ms=4 * HOUR_MS)
    assert time_axis.moment_label(at("2025-10-09T04:00"), at("2025-10-09T05:00"), step, "en") == ("05:00", False)


def test_a_day_pushes_out_the_hour_before_it() -> None:
    hour, later = (TickLabel(column, 60, "23:00", important=False) for column in (100, 200))
    day = TickLabel(150, 80, "Oct 10", important=True)
    assert time_axis.thin([hour, day, later], 20) == [day]
    assert time_axis.thin([hour, later], 20) == [hour, later]


def test_the_offset_follows_daylight_saving() -> None:
    zone = ZoneInfo("America/New_York")  # clocks went back on 2025-11-02 at 06:00 UTC
    before, after = at("2025-11-02T05:30"), at("2025-11-02T06:30")
    assert offsets((before, after), zone) == (-4 * HOUR_MS, -5 * HOUR_MS)
    assert (zone_name(zone, before), zone_name(zone, after)) == ("EDT", "EST")


def test_a_zone_without_letters_is_told_by_its_offset() -> None:
    assert zone_name(ZoneInfo("America/Sao_Paulo"), 0) == "UTC−03"
    assert zone_name(timezone(timedelta(hours=9)), 0) == "UTC+09:00"
