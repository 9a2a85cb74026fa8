"""How people write time zones, and that a zone once chosen is the one that was meant."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.arguments.table import READERS
from bot.arguments.time_zones import TimeZoneName, read_time_zone
from bot.errors import AmbiguousTimeZone, PosixTimeZone, UnknownOffset, UnknownTimeZone
from bot.inbound import Inbound
from bot.reply import Reply
from core.time_zones import known_zone, offset_at, zone_label, zone_names, zone_with_offset
from people.person import Language, Person
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons, transcript

YEAR = 2026
WINTER = datetime(YEAR, 1, 15, tzinfo=UTC)
SHAPE = re.compile(r"^[A-Za-z0-9_+/-]{1,64}$")  # person_timezone_shape


async def ask(bot: FakeDeskBot, line: str) -> Reply:
    return await bot.router.answer(bot.inbound(line))


@pytest.mark.parametrize("hours", range(-12, 15))
def test_every_whole_offset_has_the_everyday_sign(hours: int) -> None:
    for written in (f"GMT{hours:+d}", f"utc{hours:+d}", f"UTC {hours:+d}", f"{hours:+03d}:00", f"UTC{hours:+03d}00"):
        zone = read_time_zone(written, YEAR)
        assert offset_at(zone, WINTER) == hours * 60
        assert SHAPE.fullmatch(zone)
        assert known_zone(zone) == ZoneInfo(zone).key == zone
        assert zone_label(zone) == (f"UTC{hours:+d}" if hours else "UTC")
        assert read_time_zone(zone_label(zone), YEAR) == zone


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("UTC+5:30", 330), ("+05:30", 330), ("GMT+0530", 330), ("UTC+5.5", 330), ("+5:45", 345), ("UTC-9:30", -570)],
)
def test_a_half_hour_offset_is_a_zone_that_keeps_it(text: str, minutes: int) -> None:
    zone = read_time_zone(text, YEAR)
    assert {offset_at(zone, datetime(YEAR, month, 15, tzinfo=UTC)) for month in range(1, 13)} == {minutes}


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("KST", "Asia/Seoul"),
        ("JST", "Asia/Tokyo"),
        ("SGT", "Asia/Singapore"),
        ("EDT", "America/New_York"),
        ("MSK", "Europe/Moscow"),
        ("GMT", "UTC"),
        ("Z", "UTC"),
        ("UTC+0", "UTC"),
        ("Etc/UTC", "UTC"),
        ("서울", "Asia/Seoul"),
        ("부산", "Asia/Seoul"),
        ("한국", "Asia/Seoul"),
        ("대한민국", "Asia/Seoul"),
        ("한국 시간", "Asia/Seoul"),
        ("Korea", "Asia/Seoul"),
        ("Korea time", "Asia/Seoul"),
        ("Tokyo", "Asia/Tokyo"),
        ("일본", "Asia/Tokyo"),
        ("New York", "America/New_York"),
        ("new-york", "America/New_York"),
        ("뉴욕", "America/New_York"),
        ("eastern time", "America/New_York"),
        ("San Francisco", "America/Los_Angeles"),
        ("런던", "Europe/London"),
        ("UK", "Europe/London"),
        ("독일", "Europe/Berlin"),
        ("Mumbai", "Asia/Kolkata"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("중국", "Asia/Shanghai"),
        ("asia/seoul", "Asia/Seoul"),
        ("America/Argentina/Salta", "America/Argentina/Salta"),
    ],
)
def test_places_and_abbreviations_name_their_zone(text: str, zone: str) -> None:
    assert read_time_zone(text, YEAR) == zone


@pytest.mark.parametrize(
    ("text", "among"),
    [
        ("EST", {"America/New_York", "UTC-5"}),
        ("CST", {"America/Chicago", "Asia/Shanghai"}),
        ("IST", {"Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"}),
        ("BST", {"Europe/London", "Asia/Dhaka"}),
        ("CET", {"Europe/Berlin", "UTC+1"}),
        ("PST", {"America/Los_Angeles", "Asia/Manila"}),
        ("미국", {"America/New_York", "America/Chicago"}),
        ("Canada", {"America/Toronto", "America/Vancouver"}),
        ("9", {"UTC+9", "UTC-9"}),
        ("UTC9", {"UTC+9", "UTC-9"}),
    ],
)
def test_what_may_be_several_zones_is_asked(text: str, among: set[str]) -> None:
    with pytest.raises(AmbiguousTimeZone) as caught:
        read_time_zone(text, YEAR)
    assert among <= set(caught.value.choices)
    assert all(read_time_zone(choice, YEAR) for choice in caught.value.choices)


@pytest.mark.parametrize("text", ["Etc/GMT+9", "etc/gmt+9", "Etc/UTC+9"])
def test_a_name_with_the_sign_of_posix_is_explained(text: str) -> None:
    with pytest.raises(PosixTimeZone) as caught:
        read_time_zone(text, YEAR)
    assert caught.value.meant == "UTC-9"
    assert caught.value.choices == ("UTC+9", "UTC-9")


@pytest.mark.parametrize(
    ("text", "error", "nearest"),
    [
        ("UTC+25", UnknownOffset, ()),
        ("GMT-13", UnknownOffset, ()),
        ("GMT+100", UnknownOffset, ()),
        ("UTC+12:45", UnknownOffset, ("Pacific/Chatham",)),
        ("KST-9", UnknownTimeZone, ("Asia/Seoul",)),
        ("KST+9", UnknownTimeZone, ("Asia/Seoul",)),
        ("Seol", UnknownTimeZone, ("Asia/Seoul",)),
        ("qwrtz", UnknownTimeZone, ()),
        ("../../etc/passwd", UnknownTimeZone, ()),
    ],
)
def test_what_is_no_zone_is_refused_with_its_neighbours(
    text: str, error: type[UnknownOffset | UnknownTimeZone], nearest: tuple[str, ...]
) -> None:
    with pytest.raises(error) as caught:
        read_time_zone(text, YEAR)
    assert caught.value.nearest[: len(nearest)] == nearest


def test_every_zone_name_is_read_or_asked() -> None:
    for name in zone_names().values():
        try:
            assert read_time_zone(name, YEAR) in zone_names().values()
        except (PosixTimeZone, AmbiguousTimeZone):
            continue


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("GMT+9", "UTC+9"),
        ("+9", "UTC+9"),
        ("kst", "Asia/Seoul"),
        ("seo", "Asia/Seoul"),
        ("서", "Asia/Seoul"),
        ("한국", "Asia/Seoul"),
        ("new y", "America/New_York"),
        ("est", "America/New_York"),
        ("Etc/GMT+9", "UTC+9"),
    ],
)
def test_zones_are_suggested_by_what_they_mean(typed: str, first: str) -> None:
    bot = FakeDeskBot()
    ctx = bot.router._context(bot.inbound(""), Person(1))
    found = [entry.text for entry in READERS[TimeZoneName].suggest(typed, ctx)]
    assert found[0] == first
    assert not any("Etc/" in text for text in found)


async def test_a_repeat_starts_at_the_hour_of_the_offset() -> None:
    bot = FakeDeskBot()
    assert "UTC+9" in transcript(await ask(bot, "/settings timezone GMT+9"))
    said = transcript(await ask(bot, "/dca BTC 50usdc daily 9:00"))
    assert "UTC+9" in said
    assert "Etc/" not in said
    (plan,) = await bot.plans.of(1, bot.market.info().market)
    assert plan.slot.at.astimezone(UTC).hour == 0


async def test_an_ambiguous_zone_is_chosen_with_a_button() -> None:
    bot = FakeDeskBot(Language.KOREAN)
    asked = await ask(bot, "/settings timezone EST")
    press = next(entry.press for entry in buttons(asked) if entry.label == "UTC-5")
    await ask(bot, press)
    person = await bot.people.find("fake", "7")
    assert person is not None
    assert offset_at(person.timezone, WINTER) == -5 * 60


async def test_a_group_reads_zones_the_same_way() -> None:
    bot = FakeDeskBot()

    async def in_group(line: str) -> str:
        update = bot.inbound(line)
        inbound = Inbound("fake", "7", update.command_id, line, group="-5", chat_id="-5", public=True, manager=True)
        return transcript(await bot.router.answer(inbound))

    assert "UTC-5" in await in_group("/group timezone GMT−5")
    assert "Asia/Seoul" in await in_group("/group timezone 서울")
    assert "UTC+9" in await in_group("/group timezone Etc/GMT-9")


def test_a_zone_is_shown_with_its_offset() -> None:
    assert zone_with_offset("Asia/Kolkata", WINTER) == "Asia/Kolkata (UTC+5:30)"
    assert zone_with_offset("America/New_York", WINTER) == "America/New_York (UTC-5)"
    assert zone_with_offset("Etc/GMT+5", WINTER) == "UTC-5"


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Seoul, Korea", "Asia/Seoul"),
        ("대한민국 서울", "Asia/Seoul"),
        ("Berlin Germany", "Europe/Berlin"),
        ("(GMT+09:00) Seoul", "Asia/Seoul"),
        ("(UTC-05:00) New York", "America/New_York"),
        ("Kolkata UTC+5:30", "Asia/Kolkata"),
    ],
)
async def test_a_place_beside_its_country_or_offset_is_read(text: str, zone: str) -> None:
    bot = FakeDeskBot()
    assert zone in transcript(await bot.router.answer(bot.inbound(f"/settings timezone {text}")))


@pytest.mark.parametrize("text", ["Seoul, Germany", "(UTC-05:00) Seoul", "Seoul, Berlin"])
async def test_a_place_beside_another_is_refused(text: str) -> None:
    bot = FakeDeskBot()
    assert "There is no time zone" in transcript(await bot.router.answer(bot.inbound(f"/settings timezone {text}")))


async def test_a_button_mends_a_zone_written_with_a_comma() -> None:
    bot = FakeDeskBot()
    asked = await bot.router.answer(bot.inbound("/settings timezone Soul, Korea"))
    assert [entry.press for entry in buttons(asked)] == ["settings timezone Asia/Seoul"]
