"""Cooldowns of persons and chats, through the router, in both languages."""

from dataclasses import replace

import pytest

from bot.middleware.group_permissions import GroupPermissions
from bot.middleware.rate_limit import WARNING_SECONDS, Cooldown, Rate
from bot.router import Router
from people.person import Language
from tests.fakes.bot import CATALOGS, NOW
from tests.fakes.transcript import buttons, press_of, transcript
from tests.unit.bot.groups.places import LANGUAGES, Place, say


@LANGUAGES
async def test_a_groups_cooldown_holds_for_a_person_in_a_chat_and_not_for_presses(language: Language) -> None:
    place = Place(language)
    await place.managed("/group cooldown 30")
    assert "58,000.00" in await place.text("/price BTC")
    assert say(language, "error-rate-limited", seconds=30) in await place.text("/price BTC")
    assert "58,000.00" in await place.text("/price BTC", who="8")
    assert "58,000.00" in await place.text("/price BTC", chat="c2")
    assert "58,000.00" in await place.text("price BTC", pressed=True)
    assert "58,000.00" in await place.managed("/price BTC")


class Hurried(Place):
    """The same with a cool-down and a clock that is moved by hand."""

    def __init__(self, language: Language = Language.ENGLISH, *, person: int = 3, chat: int = 5) -> None:
        super().__init__(language)
        self.now = NOW
        self.bot.services = replace(self.bot.services, clock=lambda: self.now)
        cooldown = Cooldown(Rate(person, 1.0), Rate(chat, 1.0))
        self.bot.router = Router(
            self.bot.services, catalogs=CATALOGS, cooldown=cooldown, rate_limit_exempt=frozenset(("console",))
        )


@LANGUAGES
async def test_who_goes_too_fast_is_told_for_how_long_and_costs_nobody_anything(language: Language) -> None:
    place = Hurried(language)
    bot = place.bot
    for _ in range(3):
        assert "58,000.00" in transcript(await bot.router.answer(bot.inbound("/price BTC")))
    met, asked = dict(bot.people.identities), bot.groups.asked
    find, bot.people.find = bot.people.find, None  # type: ignore[method-assign, assignment]
    first = await bot.router.answer(bot.inbound("/price BTC"))
    again = await bot.router.answer(bot.inbound("/price BTC"))
    bot.people.find = find  # type: ignore[method-assign]
    assert say(language, "error-rate-limited", seconds=1) in transcript(first)
    assert (first.repeated, again.repeated) == (False, True)
    assert (dict(bot.people.identities), bot.groups.asked) == (met, asked), "nobody was asked anything"
    place.now += 1000
    assert "58,000.00" in transcript(await bot.router.answer(bot.inbound("/price BTC")))
    place.now += int(WARNING_SECONDS * 1000)
    assert "58,000.00" in transcript(await bot.router.answer(bot.inbound("/price BTC")))


async def test_a_command_that_costs_more_than_others_makes_the_user_wait_for_its_weight() -> None:
    place = Hurried()
    bot = place.bot
    begun = await bot.router.answer(bot.inbound("/stress"))
    refused = await bot.router.answer(bot.inbound("/price BTC"))
    assert say(Language.ENGLISH, "error-rate-limited", seconds=3) in transcript(refused), transcript(begun)
    assert "58,000.00" in await place.text("/price BTC", who="8")
    place.now += 3000
    assert "58,000.00" in transcript(await bot.router.answer(bot.inbound("/price BTC")))


async def test_the_refusal_is_in_the_language_that_was_chosen() -> None:
    place = Hurried(person=1)
    bot = place.bot
    await bot.router.answer(bot.inbound("/settings language ko"))
    assert say(Language.KOREAN, "error-rate-limited", seconds=1) in transcript(
        await bot.router.answer(bot.inbound("/help"))
    )


async def test_confirming_is_not_refused_to_who_typed_too_much() -> None:
    place = Hurried()
    bot = place.bot
    preview = await bot.router.answer(bot.inbound("/buy BTC 100usdc"))
    for _ in range(20):
        await bot.router.answer(bot.inbound("/price BTC"))
    receipt = await bot.router.answer(bot.inbound(press_of(preview, "confirm"), pressed=True))
    assert "Bought" in transcript(receipt)


async def test_a_press_that_was_too_fast_can_be_pressed_again() -> None:
    place = Hurried(person=1)
    bot = place.bot
    preview = await bot.router.answer(bot.inbound("/buy BTC 100usdc"))
    await bot.router.answer(bot.inbound("price BTC", pressed=True))
    refused = await bot.router.answer(bot.inbound(press_of(preview, "confirm"), pressed=True))
    assert not bot.desk.receipts
    form = await bot.router.answer(bot.inbound("buy BTC " + "x" * 100, pressed=True))
    assert not buttons(form), "what was written into a form is longer than a button holds"
    place.now += 1000
    receipt = await bot.router.answer(bot.inbound(press_of(refused, "confirm"), pressed=True))
    assert "Bought" in transcript(receipt)


async def test_one_person_cannot_use_up_a_chat_and_all_together_can() -> None:
    place = Hurried(person=3, chat=5)
    for _ in range(50):
        await place.said("/price BTC", who="flood")
    assert "58,000.00" in await place.text("/price BTC", who="b")
    assert "58,000.00" in await place.text("/price BTC", who="c")
    assert "Too many commands at once" in await place.text("/price BTC", who="d")
    assert "58,000.00" in await place.text("/price BTC", who="d", chat="c2")


async def test_a_press_without_its_button_waits_like_a_line() -> None:
    place = Place()
    await place.managed("/group cooldown 30")
    assert "Too many commands" not in await place.text("/price BTC")
    made_up = replace(place.inbound("price BTC", pressed=True), offered=False)
    assert "Too many commands" in transcript(await place.bot.router.answer(made_up))
    assert "Too many commands" not in await place.text("price BTC", pressed=True)


@pytest.mark.parametrize(
    "line",
    [
        "/alerts cancel 1",
        "/alerts cancel",
        "/dca pause 1",
        "/watch remove BTC",
        "/forecastalert cancel 3",
        "alert cancel 5",
        "/nothing of the kind",
        "what is this",
    ],
)
async def test_a_press_in_words_and_what_is_not_understood_wait_like_lines(line: str) -> None:
    place = Place()
    await place.managed("/group cooldown 30")
    assert "Too many commands" not in await place.text(line)
    assert "Too many commands" in await place.text(line)
    assert "Too many commands" not in await place.text(line, who="8")


async def test_an_answer_to_a_question_waits_like_a_line() -> None:
    place = Place()
    await place.managed("/group cooldown 30")
    asked = await place.said("/alert BTC")
    nonsense = replace(place.inbound("nonsense"), open_question=asked.asks)
    assert "Too many commands" in transcript(await place.bot.router.answer(nonsense))
    offered = await place.said("alert BTC +5%", pressed=True)
    assert "Too many commands" not in transcript(offered)


async def test_a_groups_cooldown_is_explained_once_a_minute() -> None:
    place = Place()
    now = NOW
    place.bot.services = replace(place.bot.services, clock=lambda: now)
    place.bot.router = Router(place.bot.services, catalogs=CATALOGS, checks=(GroupPermissions(),))
    await place.managed("/group cooldown 3600")
    repeated = []
    for _ in range(121):
        repeated.append((await place.said("/price BTC")).repeated)
        now += 1000
    assert [second for second, told in enumerate(repeated) if not told] == [0, 1, 61]
    assert not (await place.said("/price BTC", who="8")).repeated


async def test_the_console_has_no_cooldown() -> None:
    place = Hurried()
    bot = place.bot
    for _ in range(30):
        inbound = replace(bot.inbound("/price BTC"), platform="console")
        assert "58,000.00" in transcript(await bot.router.answer(inbound))
