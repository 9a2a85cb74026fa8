"""First contact, settings and buttons, over a desk in memory."""

import pytest

from bot.views.buttons import PRESS_LIMIT, button
from people.person import Language, Theme
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons, transcript
from tests.unit.bot.commands.chat import Chat

# -- first contact -----------------------------------------------------------------------------


async def test_start_opens_the_account_and_leads_to_a_first_trade_in_three_taps(chat: Chat) -> None:
    assert "1,000,000.00 USDC" in await chat.type("/start")
    assert "58,000.00" in await chat.press("price")
    await chat.press("buy BTC")
    await chat.press("buy BTC 1000usdc")
    assert "Bought" in await chat.press("confirm")
    assert await chat.type("/start") == (await chat.type("/start"))
    assert len(chat.bot.desk.accounts) == 1


async def test_start_leads_straight_to_a_preview_too(chat: Chat) -> None:
    await chat.type("/start")
    await chat.press("buy BTC 1000usdc")
    assert "Bought" in await chat.press("confirm")


async def test_the_first_hints_decide_language_and_zone_and_later_ones_do_not(chat: Chat) -> None:
    await chat.type("/start")
    person = chat.bot.people.persons[1]
    assert (person.language, person.timezone) == (Language.ENGLISH, "Asia/Seoul")
    chat.bot.language = Language.KOREAN
    assert "Welcome" in await chat.type("/start")


@pytest.mark.parametrize("line", ["/buy BTC 100usdc", "/portfolio", "/balance", "/history", "/reset"])
async def test_whoever_skips_start_gets_an_account_where_they_need_one(line: str, chat: Chat) -> None:
    assert "just been opened" in await chat.type(line)
    assert "just been opened" not in await chat.type(line)


# -- settings ----------------------------------------------------------------------------------


async def test_every_setting_can_be_chosen_with_buttons_alone(chat: Chat) -> None:
    for setting in ("language", "timezone", "confirm", "theme"):
        await chat.type("/settings")
        await chat.press(f"settings {setting}")
        for choice in [entry.press for entry in buttons(chat.last)]:
            assert "WARNING" not in await chat.press_text(choice)
    person = chat.bot.people.persons[1]
    assert person.language is Language.KOREAN
    assert (person.confirm, person.theme) == (False, Theme.LIGHT)


async def test_a_new_language_is_spoken_at_once(chat: Chat) -> None:
    assert "저장했습니다" in await chat.type("/settings language 한국어")
    assert "현재가" in await chat.type("/price BTC")


async def test_a_new_zone_moves_the_clock(chat: Chat) -> None:
    await chat.type("/start")
    assert "Apr 2, 03:00" in await chat.type("/history")
    await chat.type("/settings timezone new york")
    assert "Apr 1, 14:00" in await chat.type("/history")


@pytest.mark.parametrize("line", ["/settings theme blue", "/settings timezone Asia/Soul", "/settings nope"])
async def test_a_wrong_choice_offers_the_right_ones(line: str, chat: Chat) -> None:
    assert "WARNING" in await chat.type(line)
    await chat.press("settings")
    assert "WARNING" not in transcript(chat.last)


def test_a_button_is_measured_in_bytes_and_left_out_when_it_is_too_long() -> None:
    assert button("price", "price", "币" * 19) is not None
    assert button("price", "price", "币" * 20) is None


# -- all of them -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(Language))
async def test_every_button_leads_on_and_fits_the_platforms(language: Language) -> None:
    """Walks the buttons from /start, a few hundred presses far: no press is too long, unknown or our mistake."""
    chat = Chat(FakeDeskBot(language))
    await chat.type("/start")
    await chat.type("/help")
    waiting = ["start", "help", "help settings", "price BTC ETH 币安人生", "market search B", "reset"]
    waiting += ["buy 币安人生 0.000000000000000001", "buy BTC", "history", "settings"]
    seen: set[str] = set()
    while waiting and len(seen) < 300:
        press = waiting.pop(0)
        if press in seen or press.startswith("settings language"):
            continue
        seen.add(press)
        text = await chat.press_text(press)
        assert not any(
            word in text for word in ("Something went wrong", "일시적인 오류", "no command", "명령이 없습니다")
        )
        for row in (
            block.rows for block in chat.last.blocks if hasattr(block, "rows") and block.__class__.__name__ == "Buttons"
        ):
            assert all(len(line) <= 5 for line in row)
            assert len(row) <= 5
        for entry in buttons(chat.last):
            assert 0 < len(entry.press.encode()) <= PRESS_LIMIT
            assert 0 < len(entry.label) <= 80
            waiting.append(entry.press)
    assert len(seen) > 50
