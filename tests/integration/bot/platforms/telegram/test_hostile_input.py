"""Hostile texts and forged presses in Telegram."""

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import said
from tests.fakes.telegram_desk import House, running

FREE_TEXT = [
    "/price {}",
    "/help {}",
    "/market search {}",
    "/buy BTC {}",
    "/settings timezone {}",
    "{}",
    "/{}",
    "/start {}",
]

HOSTILE = [
    "@everyone",
    "@durov <b>x</b>",
    "*_`[](tg://user?id=1)",
    "\u202eevil\u2066",
    "z\u200be\u200br\u200bo",
    "🎉" * 300,
    "x" * 990,
    "{ $id } %s {0}",
    "'; DROP TABLE inbox; --",
    "\x00\x1f\x7f",
    "NaN",
    "٣٤",
]


async def test_nothing_hostile_in_a_free_text_escapes(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group(privacy=False)
    async with running(house.service()):
        for line in FREE_TEXT:
            for text in HOSTILE:
                ann.write(line.format(text) if line != "/start {}" else f"/start {text}")
                ann.write(line.replace("{}", text), chat=group)
        states = await house.settled()
    assert set(states) == {"done"}
    assert len(ann.chat.sent) >= len(FREE_TEXT) * len(HOSTILE) - len(HOSTILE)


async def test_forged_presses_do_no_harm(house: House, fake: FakeTelegram) -> None:
    ann, eve = fake.person("Ann"), fake.person("Eve")
    async with running(house.service()):
        ann.write("/buy BTC 1000usdc")
        preview = await fake.message()
        confirm = preview["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        eve.write("/help")
        helped = await fake.message()
        for data in (confirm, "confirm x", "\x1f!", "", "reset_now 101 1", "receipt 1", "history_before -1", "x" * 64):
            eve.press(helped, data=data)
        assert set(await house.settled()) == {"done"}
        assert house.router.bot.desk.receipts == {}
        ann.press(preview, "Confirm")
        await house.settled()
    assert len(house.router.bot.desk.receipts) == 1


async def test_forged_presses_replace_no_message_of_others(house: House, fake: FakeTelegram) -> None:
    ann, eve, group = fake.person("Ann"), fake.person("Eve"), fake.group()
    async with running(house.service()):
        ann.write("/market", chat=group)
        asked = await fake.message()
        before, own = said(asked), f"\x1f!{base36(eve.user_id)}"
        for line in ("CALL-0900-EVIL.EXAMPLE", "price BTC"):
            eve.press(asked, data=line + own)
            assert set(await house.settled()) == {"done"}
            assert said(group.messages[asked["message_id"]]) == before
        assert not any("evil" in said(message).casefold() for message in group.sent), "unknown words are not repeated"
        rows, count = asked["reply_markup"]["inline_keyboard"], len(group.sent)
        here = next(key["callback_data"] for row in rows for key in row if "\x1f!" in key.get("callback_data", ""))
        ann.press(asked, data=here)
        await house.settled()
        assert len(group.sent) == count, "her own button is answered in place"


def base36(number: int) -> str:
    """Digits of a number as buttons bear them."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return (base36(number // 36) if number >= 36 else "") + digits[number % 36]
