"""/help: a short first page, a page for each topic, and one for each command."""

import pytest

from bot.command import Audience, HelpTopic
from bot.commands import COMMANDS
from bot.platforms.telegram.outbound.render import render
from bot.reply import Fields, Reply
from people.person import Language
from tests.fakes.bot import CATALOGS, FakeDeskBot
from tests.fakes.transcript import buttons, transcript

SHORT = 1_000
"""Characters that a phone shows without much scrolling."""

LANGUAGES = pytest.mark.parametrize("language", list(Language))
THEIRS = [entry for entry in COMMANDS if not entry.hidden and entry.audience is not Audience.OPERATORS]


async def asked(bot: FakeDeskBot, line: str) -> Reply:
    return await bot.router.answer(bot.inbound(line))


@LANGUAGES
async def test_the_first_page_names_every_command_briefly(language: Language) -> None:
    reply = await asked(FakeDeskBot(language), "/help")
    text = transcript(reply)
    assert all(f"/{entry.name}" in text.split() for entry in THEIRS)
    (message,) = render(reply)
    assert len(message.body.text) < SHORT


@LANGUAGES
async def test_every_topic_opens_by_button_and_leads_back(language: Language) -> None:
    bot = FakeDeskBot(language)
    first = await asked(bot, "/help")
    topics = [entry.press for entry in buttons(first)]
    assert topics == [f"help {topic}" for topic in HelpTopic if topic is not HelpTopic.OPERATORS]
    shown = set[str]()
    for press in topics:
        page = await bot.router.answer(bot.inbound(press, pressed=True))
        (listing,) = (block for block in page.blocks if isinstance(block, Fields))
        shown |= {usage.split()[0] for usage, _ in listing.rows}
        presses = [entry.press for entry in buttons(page)]
        assert "help" in presses
        assert {f"help {usage.split()[0][1:]}" for usage, _ in listing.rows} <= {
            press.replace("/", "") for press in presses
        }
    assert shown == {f"/{entry.name}" for entry in THEIRS}


@LANGUAGES
async def test_a_topic_is_typed_by_its_name_too(language: Language) -> None:
    bot = FakeDeskBot(language)
    label = CATALOGS[language].text("help-topic-trading")
    for words in ("trading", "TRADING", label):
        text = transcript(await asked(bot, f"/help {words}"))
        assert text.startswith(f"TITLE: {label}")
        assert "/buy" in text
        assert "25%" in text


@LANGUAGES
async def test_every_command_has_a_page_of_its_own(language: Language) -> None:
    bot = FakeDeskBot(language)
    for entry in THEIRS:
        page = await bot.router.answer(bot.inbound(f"help /{entry.name}", pressed=True))
        assert transcript(page).startswith(f"TITLE: /{entry.name}")


async def test_the_page_of_a_command_leads_to_its_topic() -> None:
    bot = FakeDeskBot()
    presses = [entry.press for entry in buttons(await asked(bot, "/help buy"))]
    assert "help trading" in presses
    assert "buy BTC 100usdc" in presses


async def test_topics_are_suggested_beside_commands() -> None:
    bot = FakeDeskBot()

    async def suggested(line: str) -> list[str]:
        return [entry.text for entry in await bot.router.suggest(bot.inbound(line))]

    assert (await suggested("/help "))[:3] == ["prices", "forecasts", "trading"]
    assert await suggested("/help pr") == ["price", "privacy", "prices", "preferences"]
    assert "operators" not in await suggested("/help o")
