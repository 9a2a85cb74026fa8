"""Readers of the preferences that users choose with /settings."""

from enum import StrEnum
from typing import Any, NewType

from bot.arguments.reader import Reader, all_words, choice, read_before
from bot.arguments.time_zones import TIME_ZONES
from bot.context import Context
from bot.errors import MissingArgument
from bot.inbound import Suggestion
from people.person import Language, Theme

OnOff = NewType("OnOff", bool)
SettingValue = NewType("SettingValue", str)
"""Value that is read by the reader of the setting before it."""


class Setting(StrEnum):
    """Preference that a user can choose."""

    LANGUAGE = "language"
    TIMEZONE = "timezone"
    CONFIRM = "confirm"
    THEME = "theme"
    PUBLIC = "public"


_SETTINGS = {
    **{member.value: member for member in Setting},
    "lang": Setting.LANGUAGE,
    "tz": Setting.TIMEZONE,
    "zone": Setting.TIMEZONE,
    "언어": Setting.LANGUAGE,
    "시간": Setting.TIMEZONE,
    "시간대": Setting.TIMEZONE,
    "확인": Setting.CONFIRM,
    "테마": Setting.THEME,
    "공개": Setting.PUBLIC,
}


def setting_named(word: str) -> Setting | None:
    """Returns the setting that a word names, in any language. None if it names none."""
    return _SETTINGS.get(word.casefold())


LANGUAGES = choice(
    dict.fromkeys(("en", "eng", "english", "en-us", "en-gb", "en_us", "en_gb", "영어", "영문"), Language.ENGLISH)
    | dict.fromkeys(
        ("ko", "kor", "kr", "korean", "ko-kr", "ko_kr", "한국어", "한국말", "한글", "국문"), Language.KOREAN
    ),
    {"en": "choice-en", "ko": "choice-ko"},
)
SWITCHES = choice(
    dict.fromkeys(("on", "yes", "true", "enable", "켜기", "켬", "켜짐", "예"), OnOff(True))  # noqa: FBT003
    | dict.fromkeys(("off", "no", "false", "disable", "끄기", "끔", "꺼짐", "아니요", "아니오"), OnOff(False)),  # noqa: FBT003
    {"on": "choice-on", "off": "choice-off"},
)
THEMES = choice(
    dict.fromkeys(("dark", "어둡게", "어두운", "다크"), Theme.DARK)
    | dict.fromkeys(("light", "bright", "밝게", "밝은", "라이트"), Theme.LIGHT),
    {"dark": "choice-dark", "light": "choice-light"},
)
SETTING_READERS: dict[Setting, Reader[Any]] = {
    Setting.LANGUAGE: LANGUAGES,
    Setting.TIMEZONE: TIME_ZONES,
    Setting.CONFIRM: SWITCHES,
    Setting.THEME: THEMES,
    Setting.PUBLIC: SWITCHES,
}


def _setting_before(ctx: Context) -> Reader[Any]:
    setting = read_before(SETTINGS, ctx)
    if setting is None:
        raise MissingArgument("settings", "setting")
    return SETTING_READERS[setting]


def _read_setting_value(text: str, ctx: Context) -> SettingValue:
    _setting_before(ctx).parse(text, ctx)
    return SettingValue(text)


def _suggest_setting_values(prefix: str, ctx: Context) -> list[Suggestion]:
    return _setting_before(ctx).suggest(prefix, ctx)


SETTINGS = choice(_SETTINGS, {member.value: f"choice-{member.value}" for member in Setting})
SETTING_VALUES = Reader(_read_setting_value, _suggest_setting_values, span=all_words)
