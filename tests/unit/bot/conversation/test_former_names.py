"""Former names of commands: users type them, and buttons, questions and settings made earlier carry them."""

from dataclasses import replace

import pytest

from bot.command import FORMER_NAMES
from bot.commands import COMMANDS
from bot.groups.settings import Permission
from bot.platforms.discord.outbound.custom_id import ANYONE, unpack
from people.person import Language
from tests.fakes.bot import CATALOGS, FakeDeskBot
from tests.fakes.operations import OPERATOR
from tests.fakes.transcript import transcript
from tests.unit.bot.groups.places import Place

NAMES = {command.name: command for command in COMMANDS}
TYPED = [(former, name) for former, name in FORMER_NAMES.items() if not NAMES[name].hidden]
PRESSED = [
    ("notify quiet", "notifications quiet"),
    ("notify alerts silent", "notifications alerts silent"),
    ("foresee", "forecastalert"),
    ("repeat", "dca"),
    ("repeat BTC 50usdc", "dca BTC 50usdc"),
    ("help repeat", "help dca"),
    ("repeat_pause 9", "dca_pause 9"),
    ("foresee_cancel 9", "forecastalert_cancel 9"),
    ("notify_here fake mine", "notifications_here fake mine"),
]


async def answers(line: str, *, pressed: bool = False, question: str = "") -> str:
    bot = FakeDeskBot()
    inbound = bot.inbound(line, external_id=OPERATOR, pressed=pressed)
    return transcript(await bot.router.answer(replace(inbound, open_question=question)))


def test_former_names_lead_to_commands_of_today() -> None:
    assert not FORMER_NAMES.keys() & NAMES.keys()
    assert set(FORMER_NAMES.values()) <= NAMES.keys()


@pytest.mark.parametrize(("former", "name"), TYPED)
async def test_a_former_name_is_typed_like_the_current_one(former: str, name: str) -> None:
    expected = await answers(f"/{name}")
    assert "no command" not in expected
    assert await answers(f"/{former}") == expected
    assert await answers(f"/{former}@paperdesk_bot") == expected
    assert await answers(f"/help {former}") == await answers(f"/help {name}")


@pytest.mark.parametrize(("former", "now"), PRESSED)
async def test_a_button_under_a_former_name_works(former: str, now: str) -> None:
    expected = await answers(now, pressed=True)
    assert "no command" not in expected
    assert await answers(former, pressed=True) == expected


async def test_a_question_under_a_former_name_is_answered() -> None:
    assert "22:00–07:00" in await answers("22:00 07:00", question="notify quiet")
    assert "Recurring buy set" in await answers("50usdc daily 9:00", question="repeat BTC")


@pytest.mark.parametrize("language", list(Language))
async def test_a_list_button_is_pressed_in_words_under_a_former_name(language: Language) -> None:
    bot = FakeDeskBot(language)
    understood = bot.router.read(bot.inbound("/repeat pause 1")).inbound
    assert (understood.text, understood.pressed) == ("dca_pause 1", True)


def test_korean_names_stay() -> None:
    names = {
        name: CATALOGS[Language.KOREAN].text(f"discord-command-{name}")
        for name in FORMER_NAMES.values()
        if name in {"dca", "forecastalert", "notifications", "adminlog"}
    }
    assert names == {
        "dca": "정기매수",
        "forecastalert": "예측알림",
        "notifications": "알림설정",
        "adminlog": "작업기록",
    }


async def test_a_rule_is_set_under_a_former_name() -> None:
    place = Place()
    await place.managed("/group allow repeat off")
    assert dict(place.settings.rules) == {"dca": Permission.OFF}
    assert "turned off" in await place.text("/dca")


def test_a_discord_button_under_a_former_name_is_read() -> None:
    pressed = unpack(f"U00:{ANYONE}:notify quiet")
    assert pressed is not None
    assert (pressed.press, pressed.asks) == ("notifications quiet", True)
