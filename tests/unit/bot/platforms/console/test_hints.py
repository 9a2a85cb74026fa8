"""What the machine tells of its person."""

from unittest.mock import Mock
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from bot.platforms.console.locale_hints import language_hint, timezone_hint
from people.person import Language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ko_KR.UTF-8"}, Language.KOREAN),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "en_US.UTF-8"}, Language.ENGLISH),
        ({"LANG": "en_US", "LC_MESSAGES": "ko"}, Language.KOREAN),
        ({"LANG": "ko-KR", "LC_ALL": ""}, Language.KOREAN),
        ({"LANG": "kok_IN"}, Language.ENGLISH),
        ({"LANG": "C.UTF-8"}, Language.ENGLISH),
        ({}, Language.ENGLISH),
    ],
)
def test_the_language_comes_from_the_locale(environment: dict[str, str], language: Language) -> None:
    assert language_hint(environment, Language.ENGLISH) is language


def test_a_locale_that_names_no_language_of_the_desk_leaves_the_default() -> None:
    assert language_hint({"LANG": "C"}, Language.KOREAN) is Language.KOREAN
    assert language_hint({"LANG": "fr_FR.UTF-8"}, Language.KOREAN) is Language.KOREAN


def test_the_time_zone_is_the_machines() -> None:
    assert ZoneInfo(timezone_hint()).key == timezone_hint()


@pytest.mark.parametrize("zone", ["Not/AZone", "/etc/localtime", "", ZoneInfoNotFoundError("no such zone")])
def test_a_machine_without_a_time_zone_that_exists_leaves_the_default(
    zone: str | Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tzlocal.get_localzone_name", Mock(side_effect=[zone]))
    assert timezone_hint("Asia/Seoul") == "Asia/Seoul"
