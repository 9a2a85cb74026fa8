"""What holds in a group, through the router, in both languages."""

from dataclasses import replace

import pytest

from bot.commands import COMMANDS
from bot.groups.ports import Feed, FeedState, Group
from bot.groups.settings import ALWAYS_ALLOWED, MAX_CHANNELS, CommandGroup, GroupSettings, Permission, kind_of, ruled
from bot.inbound import Inbound
from bot.middleware.rate_limit import WARNING_SECONDS, Cooldown, Rate
from bot.reply import Reply
from bot.router import Router
from people.person import Language
from pipeline.market import Symbol
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot
from tests.fakes.transcript import buttons, press_of, transcript

HERE = Group("fake", "g1")


class Place:
    """A group with a desk in it."""

    def __init__(self, language: Language = Language.ENGLISH) -> None:
        self.bot = FakeDeskBot(language)

    def inbound(
        self, text: str, *, who: str = "7", chat: str = "c1", manager: bool = False, pressed: bool = False
    ) -> Inbound:
        plain = self.bot.inbound(text, external_id=who, pressed=pressed)
        return replace(plain, chat_id=chat, public=True, group="g1", manager=manager, chat_name=f"#{chat}")

    async def said(self, text: str, **more: object) -> Reply:
        return await self.bot.router.answer(self.inbound(text, **more))  # type: ignore[arg-type]

    async def text(self, text: str, **more: object) -> str:
        return transcript(await self.said(text, **more))

    async def managed(self, text: str, **more: object) -> str:
        return await self.text(text, manager=True, **more)

    @property
    def settings(self) -> GroupSettings:
        return self.bot.groups.kept.get(HERE, GroupSettings())


def say(tongue: Language, text_id: str, **variables: str | int) -> str:
    return CATALOGS[tongue].text(text_id, **variables)


LANGUAGES = pytest.mark.parametrize("language", list(Language))


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


# -- admission ---------------------------------------------------------------------------------


@LANGUAGES
async def test_elsewhere_a_brief_refusal_names_a_channel_and_nothing_is_done(language: Language) -> None:
    place = Place(language)
    await place.managed("/group channel add trading room")
    assert "58,000.00" in await place.text("/price BTC")
    refused = await place.said("/buy BTC 100usdc", chat="c2")
    assert say(language, "error-channel-not-allowed", channel="trading room") in transcript(refused)
    assert not refused.private, "nothing of it is about money: it is said where it was asked"
    assert not place.bot.previews.kept
    assert say(language, "welcome-title") in await place.text("/start", chat="c2")
    assert say(language, "group-saved") in await place.managed("/group channel everywhere", chat="c2")
    assert "58,000.00" in await place.text("/price BTC", chat="c2")


@LANGUAGES
async def test_trading_that_is_off_is_off_for_every_way_of_trading_and_for_presses(language: Language) -> None:
    place = Place(language)
    preview = await place.said("/buy BTC 100usdc")
    await place.managed("/group allow trading off")
    for line in ("/buy BTC 100usdc", "/sell BTC max"):
        assert say(language, "error-command-disabled", command=line[1:].split()[0]) in await place.text(line)
    confirm = await place.text(press_of(preview, "confirm"), pressed=True)
    assert say(language, "error-command-disabled", command="confirm") in confirm
    assert not place.bot.desk.receipts
    assert "58,000.00" in await place.text("/price BTC")
    bot = place.bot
    private = await bot.router.answer(bot.inbound("/buy BTC 100usdc"))
    assert "WARNING" not in transcript(private), "a group's rules hold in the group"
    await place.managed("/group allow trading everyone")
    assert not place.settings.rules
    assert "WARNING" not in await place.text("/buy BTC 100usdc")


@LANGUAGES
async def test_what_is_for_managers_is_for_managers(language: Language) -> None:
    place = Place(language)
    await place.managed("/group allow alert managers")
    assert say(language, "error-admins-only", command="alert") in await place.text("/alert BTC +5%")
    assert "WARNING" not in await place.managed("/alert BTC +5%")
    assert len(place.bot.alerts.alerts) == 1


async def test_a_commands_own_rule_goes_before_that_of_its_kind() -> None:
    place = Place()
    await place.managed("/group allow prices off")
    await place.managed("/group allow price everyone")
    assert "58,000.00" in await place.text("/price BTC")
    assert "turned off" in await place.text("/market")


def test_what_is_needed_to_find_out_why_cannot_be_ruled_and_everything_else_can() -> None:
    names = ruled(COMMANDS)
    assert not ALWAYS_ALLOWED & set(names)
    settings = GroupSettings(rules=dict.fromkeys((*names, *ALWAYS_ALLOWED, *CommandGroup), Permission.OFF))
    for command in COMMANDS:
        if command.name in ALWAYS_ALLOWED:
            assert settings.who_may(command) is Permission.EVERYONE


def test_every_button_is_ruled_with_the_command_that_showed_it() -> None:
    kinds = {command.name: kind_of(command) for command in COMMANDS}
    assert {kinds[name] for name in ("buy", "sell", "confirm", "cancel", "receipt")} == {CommandGroup.TRADING}
    assert {kinds[name] for name in ("price", "chart", "market", "forecast", "model")} == {CommandGroup.PRICES}
    alerts = (
        "alert",
        "alerts",
        "alert_cancel",
        "alert_repeat",
        "forecastalert",
        "forecastalert_cancel",
        "forecastalert_repeat",
    )
    assert {kinds[name] for name in alerts} == {CommandGroup.ALERTS}


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


# -- too fast ----------------------------------------------------------------------------------


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


async def test_the_console_has_no_cooldown() -> None:
    place = Hurried()
    bot = place.bot
    for _ in range(30):
        inbound = replace(bot.inbound("/price BTC"), platform="console")
        assert "58,000.00" in transcript(await bot.router.answer(inbound))


# -- first contact -----------------------------------------------------------------------------


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
