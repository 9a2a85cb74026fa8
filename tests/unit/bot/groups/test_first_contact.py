"""The first contact: guesses told, choices offered, and a trade in three taps."""

import pytest

from bot.commands import COMMANDS
from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons, press_of, transcript
from tests.unit.bot.groups.places import LANGUAGES, say


@LANGUAGES
async def test_the_first_contact_tells_what_was_guessed_and_offers_the_usual_choices(language: Language) -> None:
    bot = FakeDeskBot(language)
    reply = await bot.router.answer(bot.inbound("/start"))
    text = transcript(reply)
    zone, name = "Asia/Seoul", say(language, f"choice-{language}")
    assert say(language, "welcome-settings", language=name, zone=zone) in text
    assert say(language, "welcome-first", price="BTC/USDC", buy=buttons(reply)[1].label) in text
    assert [entry.press for entry in buttons(reply)[:2]] == ["price BTC", "buy BTC 1000usdc"]
    presses = [entry.press for entry in buttons(reply)]
    assert "start_with language " + ("ko" if language is Language.ENGLISH else "en") in presses
    assert "settings timezone" in presses
    assert len(presses) == 7, "a first page is calm"
    assert "buy BTC 1000usdc" in presses


async def test_a_choice_on_the_first_page_shows_it_again_in_its_light() -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(bot.inbound("/start"))
    korean = await bot.router.answer(bot.inbound(press_of(reply, "start_with language"), pressed=True))
    assert say(Language.KOREAN, "welcome-title") in transcript(korean)
    zones = await bot.router.answer(bot.inbound(press_of(korean, "settings timezone"), pressed=True))
    await bot.router.answer(bot.inbound(press_of(zones, "settings timezone Europe"), pressed=True))
    person = await bot.people.find("fake", "7")
    assert person is not None
    assert (person.language, person.timezone) == (Language.KOREAN, "Europe/London")


async def test_the_first_trade_takes_three_taps() -> None:
    bot = FakeDeskBot()
    welcome = await bot.router.answer(bot.inbound("/start"))
    card = await bot.router.answer(bot.inbound(press_of(welcome, "price"), pressed=True))
    assert any(entry.press.startswith("buy") for entry in buttons(card))
    preview = await bot.router.answer(bot.inbound(press_of(welcome, "buy"), pressed=True))
    receipt = await bot.router.answer(bot.inbound(press_of(preview, "confirm"), pressed=True))
    assert "Bought" in transcript(receipt)


@pytest.mark.parametrize(
    "line", [f"/{c.name} BTC 100usdc" if c.name in ("buy", "sell") else f"/{c.name}" for c in COMMANDS if not c.hidden]
)
async def test_a_newcomers_first_command_of_any_kind_works_at_once(line: str) -> None:
    bot = FakeDeskBot()
    answer = transcript(await bot.router.answer(bot.inbound(line)))
    assert "Something went wrong" not in answer
    assert "no account" not in answer
