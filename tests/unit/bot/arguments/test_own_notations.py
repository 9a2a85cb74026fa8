"""The desk reads its own notations: time zones with their offset, dates and moments, in both languages."""

from datetime import UTC, date, datetime

import pytest

from bot.arguments.moments import read_date
from bot.arguments.performance_periods import PERFORMANCE_REQUESTS
from bot.arguments.time_zones import read_time_zone
from bot.arguments.times import minute_of
from bot.errors import NotADate, UnknownOffset, UnknownTimeZone
from bot.inbound import Inbound
from bot.ui.format import Formatter
from core.time_zones import zone_names, zone_with_offset
from people.person import Language, Person
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons
from trading.reports.performance import PerformancePeriod

YEAR = 2021
TODAY = date(YEAR, 4, 2)


@pytest.mark.parametrize(
    "zone", ["Asia/Seoul", "America/New_York", "Europe/London", "Asia/Kolkata", "Etc/GMT-9", "UTC"]
)
@pytest.mark.parametrize("month", [1, 7])
def test_a_zone_as_it_is_shown_is_read(zone: str, month: int) -> None:
    shown = zone_with_offset(zone, datetime(YEAR, month, 15, tzinfo=UTC))
    assert read_time_zone(shown, YEAR) == zone
    assert zone in zone_names().values()


@pytest.mark.parametrize("text", ["Asia/Seoul (UTC-9)", "Asia/Seoul (UTC+8)", "America/New_York (UTC+9)"])
def test_a_zone_with_the_offset_of_another_is_none(text: str) -> None:
    with pytest.raises(UnknownTimeZone):
        read_time_zone(text, YEAR)


@pytest.mark.parametrize("text", ["UTC⁺⁹", "UTC＋９", "UTC+٩", "utc +9"])
def test_signs_and_digits_of_other_scripts_count(text: str) -> None:
    assert read_time_zone(text, YEAR) == "Etc/GMT-9"


@pytest.mark.parametrize("text", ["UTC*9", "UTC+99", "UTC±9", "GMT?9"])
def test_an_offset_that_is_none_is_never_taken_for_utc(text: str) -> None:
    with pytest.raises(UnknownOffset) as refused:
        read_time_zone(text, YEAR)
    assert refused.value.nearest == ()


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("Arabian Standard Time", ("Asia/Dubai",)),
        ("SA Eastern Standard Time", ("America/Cayenne",)),
        ("Qwrtz Standard Time", ()),
    ],
)
def test_zones_are_suggested_by_their_place(text: str, nearest: tuple[str, ...]) -> None:
    with pytest.raises(UnknownTimeZone) as refused:
        read_time_zone(text, YEAR)
    assert refused.value.nearest == nearest


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("day", [date(2021, 4, 1), date(2020, 12, 31), date(2019, 9, 9), date(2021, 3, 5)])
def test_a_moment_as_it_is_shown_is_read(language: Language, day: date) -> None:
    shown = Formatter(language, "UTC").moment(datetime(day.year, day.month, day.day, 15, 7, 30, tzinfo=UTC))
    read, time = read_date(" ".join(shown.casefold().split()), TODAY, shown)
    assert (read, minute_of(time)) == (day, 15 * 60 + 7)


@pytest.mark.parametrize(
    "text",
    [
        "apr 1, 2021",
        "april 1 2021",
        "1 apr 2021",
        "2021. 4. 1.",
        "2021.4.1",
        "2021년 4월 1일",
        "apr 1",
        "1 april",
        "4월 1일",
    ],
)
def test_a_date_alone_is_read(text: str) -> None:
    assert read_date(text, TODAY, text) == (date(2021, 4, 1), "")


def test_a_date_without_its_year_is_the_last_such_day() -> None:
    assert read_date("dec 25 12:00", TODAY, "") == (date(2020, 12, 25), "12:00")
    assert read_date("2월 29일", TODAY, "") == (date(2020, 2, 29), "")


@pytest.mark.parametrize("text", ["foo 1, 2021", "apr 31, 2021", "2021. 13. 1.", "apr 3, 2021", "feb 30", "13월 1일"])
def test_no_date_is_refused(text: str) -> None:
    with pytest.raises(NotADate):
        read_date(text, TODAY, text)


@pytest.mark.parametrize(
    "text",
    ["2021-03-01–2021-03-31", "2021-03-01~2021-03-31", "mar 1, 2021 to mar 31, 2021", "2021. 3. 1. ~ 2021. 3. 31."],
)
def test_a_period_is_read_however_it_is_joined(text: str) -> None:
    bot = FakeDeskBot()
    ctx = bot.router._context(Inbound("fake", "7", "1", ""), Person(1))
    assert PERFORMANCE_REQUESTS.parse(text, ctx).period == PerformancePeriod(
        first=date(2021, 3, 1), last=date(2021, 3, 31)
    )


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("/timezone KST", "settings timezone KST"),
        ("/시간대 서울", "settings timezone 서울"),
        ("/language ko", "settings language ko"),
    ],
)
async def test_the_name_of_a_setting_leads_to_it(line: str, offered: str) -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(bot.inbound(line))
    assert [button.press for button in buttons(reply)][:1] == [offered]
