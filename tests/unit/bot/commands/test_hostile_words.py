"""Two hundred hostile strings in every kind of argument and every command, as both platforms would show the answers."""

import json
import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.arguments.usage import examples
from bot.command import Command
from bot.commands import COMMANDS
from bot.notifications.composer import Composer
from bot.platforms.discord.outbound.messages import DiscordMessage
from bot.platforms.discord.outbound.render import render as render_discord
from bot.platforms.telegram.outbound.render import render as render_telegram
from bot.reply import Reply
from bot.views.buttons import PRESS_LIMIT
from bot.views.errors import refuse
from core.outbox import Chat, encode
from people.notices import Broadcast
from people.notifications.outbox import Delivery, OutboxMessage
from people.notifications.quiet_hours import SoundPolicy
from people.operators.errors import Banned, NotAPerson, OperatorProtected, UnknownPerson
from people.person import Language
from tests.fakes.bot import CATALOGS, FakeDeskBot
from tests.fakes.hostile import HOSTILE, share
from tests.fakes.operations import AT, OPERATOR
from tests.fakes.transcript import buttons
from tests.unit.bot.platforms.discord.test_render import faults as discord_faults
from tests.unit.bot.platforms.discord.test_render import payload
from tests.unit.bot.platforms.telegram.test_render import bodies
from tests.unit.bot.platforms.telegram.test_render import faults as telegram_faults
from trading.errors import TradingHalted

pytestmark = pytest.mark.long

OWNER = 900_000_000_000_000_000
MENTION = re.compile(r"@everyone|@here|(?<!\\)<(?:@|#|/[^<>]+:\d|t:|:|a:|id:)")
PLACES = [(command, at) for command in COMMANDS for at in range(max(1, len(command.parameters)))]
FEWEST = 50
TOKEN, NUMBER = "tok000000001", "1"


@pytest.fixture
def bot(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[FakeDeskBot]:
    """Of an operator, who may use every command; nothing that nobody foresaw may be logged."""
    caplog.set_level(logging.WARNING)
    language = list(Language)[len(request.node.name) % len(Language)]
    yield FakeDeskBot(language, external_id=OPERATOR)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def words_before(command: Command, at: int) -> list[str]:
    """What stands right before the argument, from an example or from what buttons carry."""
    catalog = CATALOGS[Language.ENGLISH]
    given = [] if command.hidden else examples(command, catalog, "usdc")[-1].split()[1:]
    usual = (given[0] if given else TOKEN if "oken" in str(command.parameters[:1]) else NUMBER, *given[1:])
    return [*usual, *("BTC",) * at][:at]


def kind_of(command: Command, at: int) -> tuple[object, ...]:
    """Places of one kind have the same reader and the same origin, a line or a button."""
    return (command.parameters[at].kind, command.parameters[at].many, command.hidden) if command.parameters else ()


def texts_for(command: Command, at: int) -> tuple[str, ...]:
    """Places of one kind divide the strings among them, but each takes FEWEST or more."""
    alike = [place for place in PLACES if kind_of(*place) == kind_of(command, at)]
    return share(alike.index((command, at)), min(len(alike), len(HOSTILE) // FEWEST))


def check(reply: Reply, command: str) -> None:
    """Both platforms take the answer, and nobody is called by it."""
    for press in (entry.press for entry in buttons(reply)):
        assert len(press.encode()) <= PRESS_LIMIT
    for owner in (0, OWNER):
        messages = render_telegram(reply, command=command, owner=owner, ask=bool(reply.asks))
        assert telegram_faults(messages) == []
        for message in messages:
            for body, _ in bodies(message):
                body.text.encode()
    check_discord(render_discord(reply, owner=OWNER, page=command))


def check_discord(messages: tuple[DiscordMessage, ...]) -> None:
    assert discord_faults(messages) == []
    for message in messages:
        told = payload(message)
        json.dumps(told, ensure_ascii=False).encode()
        for embed in told["embeds"]:
            shown = [embed.get("title", ""), embed.get("description", ""), embed.get("footer", {}).get("text", "")]
            shown += [part for field in embed.get("fields", []) for part in (field["name"], field["value"])]
            for part in shown:
                assert MENTION.search("".join(part.split("```")[::2])) is None, part


async def say(bot: FakeDeskBot, line: str, *, pressed: bool) -> Reply:
    """Where the command belongs: those that change a group are for who runs it."""
    inbound = bot.inbound(line, pressed=pressed)
    if line.startswith("/group"):
        inbound = replace(inbound, public=True, group="9", manager=True)
    return await bot.router.answer(inbound)


def test_there_are_two_hundred_of_them_and_no_two_are_the_same() -> None:
    assert len(HOSTILE) == len(set(HOSTILE)) == 200


def test_each_kind_of_argument_is_given_every_string() -> None:
    given: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for place in PLACES:
        assert len(texts_for(*place)) >= FEWEST
        given[kind_of(*place)].update(texts_for(*place))
    assert all(texts == set(HOSTILE) for texts in given.values())


@pytest.mark.parametrize(("command", "at"), PLACES, ids=lambda value: getattr(value, "name", value))
async def test_no_argument_breaks_an_answer_or_calls_anyone(bot: FakeDeskBot, command: Command, at: int) -> None:
    before = " ".join((f"/{command.name}", *words_before(command, at)))
    seen: set[Reply] = set()
    for text in texts_for(command, at):
        reply = await say(bot, f"{before} {text}", pressed=command.hidden)
        if reply not in seen:  # most are refused alike
            check(reply, command.name)
        seen.add(reply)


async def test_no_line_and_no_press_breaks_an_answer_or_calls_anyone(bot: FakeDeskBot) -> None:
    for text in HOSTILE:
        for line in (
            text,
            f"/{text}",
            f"{text} BTC",
            f"/help {text}",
            f"/price BTC {text} ETH",
            f"/buy BTC 100usdc {text}",
        ):
            for pressed in (False, True):
                check(await say(bot, line, pressed=pressed), "price")
            await bot.router.suggest(bot.inbound(line))


async def test_what_operators_write_reaches_others_as_plain_words(bot: FakeDeskBot) -> None:
    ctx = bot.router._context(bot.inbound("/status"), await bot.people.meet("fake", "8", Language.ENGLISH, "UTC"))
    composer = Composer(bot.services, CATALOGS, COMMANDS)
    for text in HOSTILE:
        for error in (
            TradingHalted(text),
            Banned(text),
            NotAPerson(text),
            UnknownPerson(text),
            OperatorProtected(text),
        ):
            check(refuse(error, ctx), "buy")
        if text and not any("\ud800" <= character <= "\udfff" for character in text):
            letters = (OutboxMessage(1, "broadcast", encode(Broadcast(text[:900])), 1, AT),)
            parcel = Delivery(Chat("fake", "home"), ctx.person, letters, SoundPolicy(), retired=False)
            check(await composer.compose(parcel), "")


async def test_what_was_logged_is_shown_as_plain_words(bot: FakeDeskBot) -> None:
    for text in HOSTILE:
        await say(bot, f"/halt {text}", pressed=False)
        check(await say(bot, "/adminlog", pressed=False), "adminlog")
        check(await say(bot, "/status", pressed=False), "status")
