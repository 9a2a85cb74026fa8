"""Settings, feeds and privacy of a group, through the router, in both languages."""

from dataclasses import replace

import pytest

from bot.groups.ports import Feed, FeedState
from bot.groups.settings import MAX_CHANNELS, GroupSettings, Permission
from people.person import Language
from pipeline.market import Symbol
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons, transcript
from tests.unit.bot.groups.places import HERE, LANGUAGES, Place, say

# -- /group ------------------------------------------------------------------------------------


@LANGUAGES
async def test_in_private_the_command_explains_what_it_is_for(language: Language) -> None:
    bot = FakeDeskBot(language)
    answer = transcript(await bot.router.answer(bot.inbound("/group cooldown 10")))
    assert say(language, "group-private") in answer
    assert not bot.groups.log


@LANGUAGES
async def test_others_than_managers_get_a_sentence_and_change_nothing(language: Language) -> None:
    place = Place(language)
    for line in ("/group", "/group cooldown 10", "/group feed BTC", "/group channel add"):
        assert say(language, "error-admins-only", command="group") in await place.text(line)
    assert not place.bot.groups.log


@LANGUAGES
async def test_every_setting_is_shown_changed_and_logged(language: Language) -> None:
    place = Place(language)
    page = await place.managed("/group")
    for text_id in ("group-title", "group-open", "group-everyone", "group-no-cooldown", "group-no-feed"):
        assert say(language, text_id) in page
    for line in (
        "/group language ko",
        "/group timezone Asia/Seoul",
        "/group channel add trading room",
        "/group allow trading off",
        "/group allow alert managers",
        "/group cooldown 10",
    ):
        assert say(language, "group-saved") in await place.managed(line)
    assert place.settings == GroupSettings(
        Language.KOREAN,
        "Asia/Seoul",
        {"c1": "trading room"},
        {"trading": Permission.OFF, "alert": Permission.MANAGERS},
        10,
    )
    shown = await place.managed("/group")
    for part in ("한국어", "Asia/Seoul", "trading room", "trading: ", "alert: ", "10"):
        assert part in shown
    assert [changed.words for _, changed in place.bot.groups.log][-1] == "cooldown 10"
    assert {changed.person_id for _, changed in place.bot.groups.log} == {1}


async def test_every_button_of_the_page_works_and_says_what_became_of_it() -> None:
    place = Place()
    for _ in range(2):  # the second time the buttons undo what the first did
        for entry in buttons(await place.said("/group", manager=True)):
            answer = await place.managed(entry.press, pressed=True)
            assert "WARNING" not in answer, entry.press
            assert len(entry.press.encode()) <= 64
    for topic in ("language", "timezone", "channel", "allow", "cooldown", "feed"):
        asked = await place.said(f"/group {topic}", manager=True)
        assert len(buttons(asked)) > 1
        for entry in buttons(asked):
            assert "WARNING" not in await place.managed(entry.press, pressed=True), entry.press


@pytest.mark.parametrize(
    "line",
    [
        "language xx",
        "language ko en",
        "timezone Asia/Soul",
        "channel sideways",
        "channel remove me please",
        "allow",
        "allow nothing off",
        "allow group off",
        "allow start off",
        "allow trading",
        "allow trading sometimes",
        "allow trading off now",
        "cooldown -1",
        "cooldown ten",
        "cooldown 3601",
        "cooldown 99999999999999999999",
        "feed NOSUCHCOIN",
        "feed BTC off",
        "sideways",
    ],
)
@LANGUAGES
async def test_what_cannot_be_set_is_refused_in_words_and_nothing_changes(line: str, language: Language) -> None:
    place = Place(language)
    answer = await place.managed(f"/group {line}")
    if line != "allow":
        assert "WARNING" in answer
    assert "incident" not in answer
    assert not place.bot.groups.log


async def test_names_of_channels_are_cleaned_and_bounded() -> None:
    place = Place()
    await place.managed("/group channel add " + "x" * 500)
    assert len(place.settings.channels["c1"]) <= 60
    for number in range(MAX_CHANNELS + 1):
        answer = await place.managed("/group channel add", chat=f"n{number}")
    assert f"{MAX_CHANNELS}" in answer
    assert len(place.settings.channels) == MAX_CHANNELS
    assert place.settings.channels["n1"] == "#n1", "what people call the chat, where nobody named it"


async def test_newcomers_are_met_in_the_groups_language_and_zone_and_keep_what_they_chose() -> None:
    place = Place()
    await place.managed("/group language ko")
    await place.managed("/group timezone America/New_York")
    await place.text("/price BTC", who="new")
    person = await place.bot.people.find("fake", "new")
    assert person is not None
    assert (person.language, person.timezone) == (Language.KOREAN, "America/New_York")
    known = await place.bot.people.find("fake", "7")
    assert known is not None
    assert known.language is Language.ENGLISH


async def test_whether_someone_manages_is_asked_only_where_it_matters() -> None:
    place = Place()
    router = place.bot.router
    assert await router.asks_who_manages(router.read(place.inbound("/group")))
    assert not await router.asks_who_manages(router.read(place.inbound("/alert BTC +5%")))
    assert not await router.asks_who_manages(router.read(place.inbound("hello there")))
    assert not await router.asks_who_manages(router.read(place.bot.inbound("/group")))
    await place.managed("/group allow alert managers")
    assert await router.asks_who_manages(router.read(place.inbound("/alert BTC +5%")))


# -- feeds -------------------------------------------------------------------------------------


@LANGUAGES
async def test_a_feed_is_started_shown_changed_and_ended_where_the_manager_stands(language: Language) -> None:
    place = Place(language)
    assert say(language, "group-feed-started") in await place.managed("/group feed btc ETH BTC")
    assert place.bot.groups.running[HERE, "c1"].symbols == (Symbol("BTCUSDC"), Symbol("ETHUSDC"))
    assert "BTC/USDC, ETH/USDC" in await place.managed("/group")
    assert say(language, "group-elsewhere", count=1) in await place.managed("/group", chat="c2")
    assert say(language, "group-feed-stopped") in await place.managed("/group feed off")
    assert say(language, "group-feed-none") in await place.managed("/group feed off")
    place.bot.groups.running[HERE, "c1"] = Feed("c1", (Symbol("BTCUSDC"),), FeedState.OFF, "missing permissions")
    assert "missing permissions" in await place.managed("/group")


async def test_a_feed_is_bounded() -> None:
    place = Place()
    place.bot.market.prices |= {Symbol(f"C{n}USDC"): place.bot.market.prices[Symbol("BTCUSDC")] for n in range(12)}
    assert "up to 10 symbols" in await place.managed("/group feed " + " ".join(f"C{n}" for n in range(11)))
    for number in range(11):
        answer = await place.managed("/group feed BTC", chat=f"n{number}")
    assert "up to 10 price feeds" in answer


async def test_the_words_of_a_setting_are_suggested_by_their_place() -> None:
    place = Place()

    async def suggested(line: str) -> list[str]:
        return [entry.text for entry in await place.bot.router.suggest(place.inbound(line))]

    assert await suggested("/group ") == ["language", "timezone", "channel", "allow", "cooldown", "feed"]
    assert await suggested("/group language ") == ["en", "ko"]
    assert await suggested("/group channel ") == ["add", "remove", "everywhere"]
    assert (await suggested("/group allow "))[:3] == ["trading", "account", "prices"]
    assert "trading" in await suggested("/group allow t")
    assert await suggested("/group allow trading ") == ["everyone", "managers", "off"]
    assert (await suggested("/group feed "))[0] == "off"
    assert "BTC" in await suggested("/group feed ETH B")
    assert "Asia/Seoul" in await suggested("/group timezone seo")


# -- money in groups ---------------------------------------------------------------------------


@LANGUAGES
async def test_money_is_private_until_its_owner_chooses_otherwise_and_then_only_money(language: Language) -> None:
    place = Place(language)
    assert (await place.said("/portfolio")).private
    assert not place.bot.router.read(place.inbound("/portfolio")).shown
    await place.text("/settings public on")
    assert place.bot.router.read(place.inbound("/portfolio")).shown, "known at once, without asking anybody"
    for line in ("/portfolio", "/balance", "/history", "/buy BTC 100usdc"):
        assert not (await place.said(line)).private
    for line in ("/settings", "/start", "/reset", "/alerts"):
        assert (await place.said(line)).private
        assert not place.bot.router.read(place.inbound(line)).shown
    assert (await place.said("/portfolio", who="8")).private, "another's choice is their own"
    await place.text("/settings public off")
    assert not place.bot.router.read(place.inbound("/portfolio")).shown
    assert (await place.said("/portfolio")).private


async def test_a_choice_made_elsewhere_is_found_out_before_anything_is_shown() -> None:
    place = Place()
    await place.text("/settings public on")
    person = await place.bot.people.find("fake", "7")
    assert person is not None
    await place.bot.people.update(replace(person, public=False))  # through another desk
    assert place.bot.router.read(place.inbound("/portfolio")).shown, "this one thinks so still"
    assert (await place.said("/portfolio")).private, "the answer knows better"
