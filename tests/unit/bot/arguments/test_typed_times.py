"""Times, spans and settings as people type them, in both languages."""

from typing import Any

import pytest

from bot.arguments.parser import bind, complete, find_command, read_line
from bot.arguments.preferences import Setting
from bot.arguments.recurrence import read_rhythm
from bot.arguments.table import READERS
from bot.arguments.times import minute_of
from bot.commands import COMMANDS
from bot.context import Context
from bot.errors import NotAChoice
from bot.inbound import Inbound
from core.recurrence import LAST_DAY, Frequency, Recurrence
from people.notifications.errors import NotATime
from people.notifications.preferences import NotificationSetting
from people.notifications.quiet_hours import QuietHours
from people.person import Language, Person, Theme
from pipeline.errors import UnknownSymbol
from pipeline.market import Interval
from tests.fakes.bot import CATALOGS, FakeDeskBot
from tests.fakes.transcript import buttons, transcript


@pytest.fixture
def ctx() -> Context:
    bot = FakeDeskBot()
    return bot.router._context(bot.inbound(""), Person(1))


def values(text: str, ctx: Context) -> list[Any]:
    line = read_line(text)
    return bind(find_command(line, COMMANDS, pressed=False), line.words, ctx)


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("9", 540),
        ("09:00", 540),
        ("09.30", 570),
        ("9시", 540),
        ("9시 30분", 570),
        ("9시반", 570),
        ("오전 9시", 540),
        ("오후 9시 30분", 21 * 60 + 30),
        ("오전 12시", 0),
        ("오후 12시", 720),
        ("9am", 540),
        ("9:30 PM", 21 * 60 + 30),
        ("12am", 0),
        ("12 p.m.", 720),
        ("정오", 720),
        ("자정", 0),
        ("midnight", 0),
        ("아침 7시", 420),
        ("낮 12시", 720),
        ("낮 2시", 14 * 60),
        ("저녁 7시 30분", 19 * 60 + 30),
        ("밤 10시", 22 * 60),
        ("밤 12시", 0),
        ("밤 1시", 60),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, minute: int) -> None:
    assert minute_of(text) == minute


@pytest.mark.parametrize("text", ["", "24:30", "9:60", "25", "13pm", "0am", "오후 13시", "오전 9시 pm", "7 30", "٩"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(NotATime):
        minute_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "22:00 07:00",
        "22:00-07:00",
        "22:00 - 07:00",
        "22:00–07:00",
        "22:00 — 07:00",
        "22:00 ― 07:00",
        "22:00−07:00",
        "22:00~07:00",
        "22:00～07:00",
        "22:00…07:00",
        "２２：００ ０７：００",
        "from 22:00 to 07:00",
        "22시부터 7시까지",
        "오후 10시 ~ 오전 7시",
        "10pm-7am",
        "10 pm 7 am",
        "“22:00” 07:00",
        "22\u00a0–\u202f7",
    ],
)
async def test_quiet_hours_are_a_range_however_written(text: str) -> None:
    bot = FakeDeskBot()
    await bot.router.answer(bot.inbound(f"/notifications quiet {text}"))
    assert (await bot.notices.choices(1)).quiet_hours == QuietHours(22 * 60, 7 * 60)


@pytest.mark.parametrize(
    ("text", "rhythm"),
    [
        ("매일 9:00", Recurrence(Frequency.DAILY, 540)),
        ("매일 오전 9시", Recurrence(Frequency.DAILY, 540)),
        ("매일 오후 9시 30분에", Recurrence(Frequency.DAILY, 21 * 60 + 30)),
        ("매주 월요일 9시", Recurrence(Frequency.WEEKLY, 540, 0)),
        ("매주 금 18:00", Recurrence(Frequency.WEEKLY, 18 * 60, 4)),
        ("매월 15일 9:00", Recurrence(Frequency.MONTHLY, 540, 15)),
        ("매달 말일 오전 9시", Recurrence(Frequency.MONTHLY, 540, LAST_DAY)),
        ("매월 마지막 날 9시", Recurrence(Frequency.MONTHLY, 540, LAST_DAY)),
        ("every day at 9am", Recurrence(Frequency.DAILY, 540)),
        ("every monday 9:00", Recurrence(Frequency.WEEKLY, 540, 0)),
        ("weekly on Fridays at 6pm", Recurrence(Frequency.WEEKLY, 18 * 60, 4)),
        ("monthly on the 15th at 9", Recurrence(Frequency.MONTHLY, 540, 15)),
        ("daily 9:00", Recurrence(Frequency.DAILY, 540)),
        ("mondays at 9", Recurrence(Frequency.WEEKLY, 540, 0)),
        ("friday", Recurrence(Frequency.WEEKLY, 540, 4)),
        ("월요일마다 9시", Recurrence(Frequency.WEEKLY, 540, 0)),
        ("토요일 18.30", Recurrence(Frequency.WEEKLY, 18 * 60 + 30, 5)),
    ],
)
def test_a_rhythm_is_read_in_both_languages(text: str, rhythm: Recurrence) -> None:
    assert read_rhythm(text) == rhythm


@pytest.mark.parametrize("language", Language)
def test_every_offered_rhythm_is_read(language: Language) -> None:
    bot = FakeDeskBot(language)
    ctx = bot.router._context(bot.inbound(""), Person(1, language))
    offered = [entry.text for entry in READERS[Recurrence].suggest("", ctx)]
    assert [read_rhythm(text).every for text in offered] == [*list(Frequency), Frequency.DAILY, Frequency.MONTHLY]
    assert (language is Language.KOREAN) == offered[0].startswith("매일")


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("1시간", Interval.H1),
        ("1 시간", Interval.H1),
        ("4시간봉", Interval.H4),
        ("15분", Interval.M15),
        ("1분", Interval.M1),
        ("1일", Interval.D1),
        ("일봉", Interval.D1),
        ("1m", Interval.M1),
        ("1H", Interval.H1),
        ("15M", Interval.M15),
        ("60m", Interval.H1),
        ("4 hours", Interval.H4),
        ("1day", Interval.D1),
        ("24h", Interval.D1),
        ("daily", Interval.D1),
        ("１ｈ", Interval.H1),
    ],
)
def test_an_interval_is_read_in_both_languages(text: str, interval: Interval, ctx: Context) -> None:
    assert values(f"/chart BTC {text} rsi", ctx)[1] is interval


@pytest.mark.parametrize("text", ["1M", "1 M", "1개월", "1mo", "2h", "1w", "0h", "99999d", "10000000h"])
async def test_an_interval_that_is_not_drawn_offers_those_that_are(text: str) -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(bot.inbound(f"/chart BTC {text}"))
    assert "not an option" in transcript(reply)
    if " " not in text:
        assert any(entry.press == "chart BTC 1h" for entry in buttons(reply))


def test_a_forecast_takes_the_same_spans(ctx: Context) -> None:
    for text in ("1h", "1시간", "60분", "1hour"):
        assert values(f"/forecast BTC {text}", ctx)[1] == "1h"
    with pytest.raises(NotAChoice):
        values("/forecast BTC 1M", ctx)


def test_a_comparison_takes_periods_in_both_languages(ctx: Context) -> None:
    for text, period in (
        ("1주", "7d"),
        ("24시간", "24h"),
        ("1d", "24h"),
        ("1M", "30d"),
        ("3개월", "90d"),
        ("1년", "1y"),
    ):
        assert values(f"/compare BTC ETH {text}", ctx)[0][-1] == period
    with pytest.raises(UnknownSymbol):
        values("/compare BTC ETH 1m", ctx)


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("/settings 언어 en", {"language": Language.ENGLISH}),
        ("/settings 언어 영어", {"language": Language.ENGLISH}),
        ("/settings 테마 밝게", {"theme": Theme.LIGHT}),
        ("/settings 시간대 런던", {"timezone": "Europe/London"}),
        ("/settings 확인 끄기", {"confirm": False}),
        ("/settings 공개 켜기", {"public": True}),
    ],
)
async def test_a_setting_named_in_korean_takes_a_value(line: str, changed: dict[str, object]) -> None:
    bot = FakeDeskBot(Language.KOREAN)
    await bot.router.answer(bot.inbound(line))
    person = await bot.people.find("fake", "7")
    assert {name: getattr(person, name) for name in changed} == changed


async def test_a_group_is_set_in_korean() -> None:
    bot = FakeDeskBot(Language.KOREAN)

    async def in_group(line: str) -> str:
        inbound = Inbound(
            "fake", "7", bot.inbound(line).command_id, line, language=Language.KOREAN, group="-5", chat_id="-5",
            chat_name="잡담", public=True, manager=True,
        )  # fmt: skip
        return transcript(await bot.router.answer(inbound))

    assert "English" in await in_group("/group 언어 영어")
    assert "Europe/London" in await in_group("/group 시간대 런던")
    assert "잡담" in await in_group("/group 채널 추가")
    assert "trading" in await in_group("/group 권한 거래 끄기")


def test_settings_are_suggested_by_their_korean_words() -> None:
    bot = FakeDeskBot(Language.KOREAN)
    ctx = bot.router._context(bot.inbound(""), Person(1, Language.KOREAN))
    assert [entry.text for entry in complete("/settings 언", ctx)] == ["language"]
    assert next(entry.text for entry in complete("/settings 시간대 서", ctx)) == "Asia/Seoul"
    assert [entry.text for entry in complete("/chart BTC 1시", ctx)] == ["1h"]


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("매시간", ("매일", "매주", "매월")),
        ("hourly", ("daily", "weekly", "monthly")),
        ("매주 언젠가", ("월", "화", "수", "목", "금", "토", "일")),
        ("weekdays 18:00", ("daily 18:00", "weekly 18:00", "monthly 18:00")),
        ("every 2 days at 6pm", ("daily at 6pm", "weekly at 6pm", "monthly at 6pm")),
        ("평일 오후 6시", ("매일 오후 6시", "매주 오후 6시", "매월 오후 6시")),
        ("mon wed 9:00", ("weekly mon 9:00", "weekly wed 9:00")),
        ("매주 월, 수 9시", ("매주 월 9시", "매주 수 9시")),
        ("mon/wed/fri 9:00", ("weekly mon 9:00", "weekly wed 9:00", "weekly fri 9:00")),
        ("월수금 9시", ("매주 월 9시", "매주 수 9시", "매주 금 9시")),
        ("every other monday 18:00", ("weekly mon 18:00", "daily 18:00", "monthly 18:00")),
        ("biweekly fri 6pm", ("weekly fri 6pm", "daily 6pm", "monthly 6pm")),
        ("격주 금요일 18:00", ("매주 금 18:00", "매일 18:00", "매월 18:00")),
    ],
)
def test_a_rhythm_is_mended_in_the_language_typed(text: str, choices: tuple[str, ...]) -> None:
    with pytest.raises(NotAChoice) as caught:
        read_rhythm(text)
    assert caught.value.choices == choices
    assert all(read_rhythm(f"매주 {choice}" if choice in "월화수목금토일" else choice) for choice in choices)


@pytest.mark.parametrize(
    ("text", "press"),
    [
        ("/dca BTC 50usdc daily 9:00 GMT+9", "dca BTC 50usdc daily 9:00"),
        ("/dca BTC 50usdc 매일 9시 한국시간", "dca BTC 50usdc 매일 9시"),
        ("/dca BTC 50usdc daily 9am EST", "dca BTC 50usdc daily 9am"),
        ("/notifications quiet 22:00-07:00 KST", "notifications quiet 22:00-07:00"),
        ("/notifications digest daily 8:00 UTC", "notifications digest daily 8:00"),
    ],
)
async def test_a_time_with_a_zone_is_explained(text: str, press: str) -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(bot.inbound(text))
    assert "names a time zone" in transcript(reply)
    assert [entry.press for entry in buttons(reply)] == [press]


@pytest.mark.parametrize("text", ["-", "~", "→", "to", "from"])
def test_quiet_hours_without_times_are_refused(text: str, ctx: Context) -> None:
    with pytest.raises(NotATime):
        values(f"/notifications quiet {text}", ctx)


@pytest.mark.parametrize("text", ["8:00", "8am", "daily 8:00", "매일 8시", "아침 8시"])
async def test_a_digest_takes_an_hour_alone(text: str) -> None:
    bot = FakeDeskBot()
    assert "daily at 08:00" in transcript(await bot.router.answer(bot.inbound(f"/notifications digest {text}")))
    assert "Mondays at 08:00" in transcript(
        await bot.router.answer(bot.inbound("/notifications digest weekly mon 8:00"))
    )


@pytest.mark.parametrize("language", list(Language))
async def test_settings_are_read_as_they_are_shown(language: Language) -> None:
    bot = FakeDeskBot(language)
    say = CATALOGS[language].text
    for setting, value in zip(Setting, ("choice-en", "서울", "choice-off", "choice-light", "choice-on"), strict=True):
        ctx = bot.router._context(bot.inbound(""), Person(1, language))
        typed = say(value) if value.startswith("choice-") else value
        assert values(f"/settings {say(f'choice-{setting}')} {typed}", ctx) == [setting, typed]


@pytest.mark.parametrize("language", list(Language))
async def test_kinds_of_notices_are_read_as_they_are_shown(language: Language) -> None:
    bot = FakeDeskBot(language)
    ctx = bot.router._context(bot.inbound(""), Person(1, language))
    for topic in NotificationSetting:
        assert values(f"/notifications {CATALOGS[language].text(f'notice-{topic}')} off", ctx) == [topic, "off"]
    assert values("/notifications 방해 금지 22-7", ctx) == [NotificationSetting.QUIET, "22-7"]
