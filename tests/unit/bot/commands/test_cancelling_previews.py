"""Words instead of the buttons below a preview."""

from dataclasses import replace

import pytest

from people.person import Language
from pipeline.errors import MarketUnavailable
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import press_of, transcript


@pytest.mark.parametrize("line", ["/buy BTC 0.1", "/limit BTC buy 0.1 @ 57000"])
@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("no", Language.ENGLISH),
        ("Cancel", Language.ENGLISH),
        ("/cancel", Language.ENGLISH),
        ("never mind", Language.ENGLISH),
        ("취소", Language.KOREAN),
        ("아니오", Language.KOREAN),
        ("아니요", Language.KOREAN),
    ],
)
async def test_declining_in_words_cancels_the_preview(line: str, word: str, language: Language) -> None:
    bot = FakeDeskBot(language)
    shown = await bot.router.answer(bot.inbound(line))
    confirm = press_of(shown, "confirm")
    said = transcript(await bot.router.answer(replace(bot.inbound(word), open_question=shown.asks)))
    assert ("Nothing was ordered." if language is Language.ENGLISH else "주문되지 않았습니다.") in said
    gone = await bot.router.answer(bot.inbound(confirm, pressed=True))
    assert ("has expired" if language is Language.ENGLISH else "만료") in transcript(gone)
    assert not bot.orders.records


async def test_declining_once_more_lists_the_open_orders() -> None:
    bot = FakeDeskBot()
    for line in ("/settings confirm off", "/limit BTC buy 0.1 @ 57000", "/settings confirm on", "/buy BTC 0.1"):
        await bot.router.answer(bot.inbound(line))
    assert "Nothing was ordered." in transcript(await bot.router.answer(bot.inbound("no")))
    assert "Which order would you like to cancel?" in transcript(await bot.router.answer(bot.inbound("no")))


async def test_a_confirmed_preview_is_not_said_to_be_cancelled() -> None:
    bot = FakeDeskBot()
    shown = await bot.router.answer(bot.inbound("/buy BTC 0.1"))
    await bot.router.answer(bot.inbound(press_of(shown, "confirm"), pressed=True))
    assert "Nothing was ordered." not in transcript(await bot.router.answer(bot.inbound("no")))


async def test_orders_can_be_cancelled_while_previews_are_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unavailable(person_id: int) -> bool:
        raise MarketUnavailable

    bot = FakeDeskBot()
    for line in ("/settings confirm off", "/limit BTC buy 0.1 @ 57000"):
        await bot.router.answer(bot.inbound(line))
    monkeypatch.setattr(bot.previews, "drop_all", unavailable)
    assert "Which order would you like to cancel?" in transcript(await bot.router.answer(bot.inbound("/cancel")))
