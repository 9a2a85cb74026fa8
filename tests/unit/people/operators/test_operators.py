"""Who may use operators' commands, and what they answer."""

from dataclasses import replace
from typing import Any

import pytest
from telegram import BotCommandScopeChat
from telegram.error import BadRequest, TelegramError

from bot.arguments.usage import examples, usage
from bot.command import Audience
from bot.commands import COMMANDS
from bot.platforms.discord import discord
from bot.platforms.discord.inbound.slash_commands import fill
from bot.platforms.telegram.command_menu import menus, publish
from bot.reply import Text, Tone
from bot.router import Router
from people.operators.ports import BROADCAST_LIMIT, LedgerAudit, Reach
from people.operators.settings import OperatorSettings
from people.person import Language
from tests.fakes.bot import CATALOGS, FakeDeskBot
from tests.fakes.operations import OPERATOR
from tests.fakes.transcript import buttons, press_of
from tests.unit.people.operators.asking import ask, bodies, said
from trading.ledger.audit_process import AuditResult

PUBLIC = tuple(command for command in COMMANDS if command.audience is not Audience.OPERATORS)
NAMES = [command.name for command in COMMANDS if command.audience is Audience.OPERATORS]
BOTH = pytest.mark.parametrize("language", list(Language))


def test_the_word_for_a_broadcast_is_not_that_for_a_search() -> None:
    (broadcast,) = (command for command in COMMANDS if command.name == "broadcast")
    assert usage(broadcast, CATALOGS[Language.KOREAN]) == "/broadcast 내용"


# -- who knows of them -------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pressed", [False, True])
@pytest.mark.parametrize("public", [False, True])
async def test_for_everyone_else_they_are_words_like_any_other(name: str, *, pressed: bool, public: bool) -> None:
    bot = FakeDeskBot()
    without = Router(bot.services, catalogs=CATALOGS, commands=PUBLIC)
    for line in (f"/{name}", f"/{name} x", f"/help {name}", f"/{name} ", f"/{name[:-1]}"):
        inbound = replace(bot.inbound(line, pressed=pressed, external_id="7"), public=public)
        assert await bot.router.answer(inbound) == await without.answer(inbound)
        assert await bot.router.suggest(inbound) == await without.suggest(inbound)
        assert bot.router.read(inbound).shown == without.read(inbound).shown
    assert bot.operators.operations.uses == {}


@pytest.mark.parametrize("line", ["/statu", "/statuss", "/broadcas", "/auditt", "/resum", "/bann", "/adminlo", "/hal"])
async def test_a_typo_leads_nobody_else_to_them(line: str) -> None:
    bot = FakeDeskBot()
    offered = [each.press.partition(" ")[0] for each in buttons(await ask(bot, line, who="7"))]
    assert not set(offered) & set(NAMES)
    known = [each.press.partition(" ")[0] for each in buttons(await ask(bot, line))]
    assert set(known) & set(NAMES)


@BOTH
async def test_help_and_suggestions_speak_of_them_to_operators_only(language: Language) -> None:
    bot = FakeDeskBot(language)
    visible = [command.name for command in COMMANDS if command.audience is Audience.OPERATORS and not command.hidden]
    for who, known in (("7", False), (OPERATOR, True)):
        listing = said(await ask(bot, "/help", who=who))
        suggested = [found.text for found in await bot.router.suggest(bot.inbound("/", external_id=who), 100)]
        for name in visible:
            assert (f"/{name}" in listing) is known
            assert (f"/{name}" in suggested) is known
            one = await ask(bot, f"/help {name}", who=who)
            assert (CATALOGS[language].text(f"command-{name}.about") in said(one)) is known
            found = await bot.router.suggest(bot.inbound(f"/{name} ", external_id=who))
            assert known or found == []


async def test_the_console_owns_the_machine() -> None:
    bot = FakeDeskBot()
    inbound = replace(bot.inbound("/status"), platform="console", external_id="local")
    assert "1.2.3" in said(await bot.router.answer(inbound))


@pytest.mark.parametrize("name", NAMES)
async def test_where_others_read_along_an_operator_is_told_so_and_nothing_happens(name: str) -> None:
    bot = FakeDeskBot()
    reply = await ask(bot, f"/{name} 1", pressed=True, public=True)
    assert "only in a private chat" in said(reply)
    assert reply.private
    assert bot.operators.operations.uses == {}
    assert bot.operators.operations.halted is None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("group", ["", "9"])
async def test_any_public_place_is_refused_to_operators(name: str, group: str) -> None:
    """A group DM of Discord is public although it belongs to no group."""
    bot = FakeDeskBot()
    inbound = replace(bot.inbound(f"/{name} 1", pressed=True, external_id=OPERATOR), public=True, group=group)
    reply = await bot.router.answer(inbound)
    words = said(reply)
    assert "only in a private chat" in words
    assert "1.2.3" not in words
    assert bot.operators.operations.uses == {}
    assert bot.operators.operations.halted is None


def test_ids_are_read_and_anything_else_refused_with_the_rule() -> None:
    told = OperatorSettings(telegram=" 12, 34,12", discord="900000000000000000")
    operators = told.operators()
    assert operators.include("telegram", "12")
    assert operators.include("discord", "900000000000000000")
    assert operators.include("console", "local")
    assert not operators.include("telegram", "900000000000000000")
    assert not operators.include("telegram", "1")
    assert (operators.on("telegram"), operators.on("elsewhere")) == ((12, 34), ())
    for wrong in ("x", "12,", "-5", "012", "1.5", "@ann", "１２", "1" * 21, ",".join(map(str, range(1, 60)))):
        with pytest.raises(ValueError, match="numeric IDs separated by commas"):
            OperatorSettings(telegram=wrong)


# -- what they do ------------------------------------------------------------------------------


@BOTH
async def test_every_example_works_and_is_logged(language: Language) -> None:
    bot = FakeDeskBot(language)
    await ask(bot, "/start", who="7")
    for command in COMMANDS:
        if command.audience is not Audience.OPERATORS or command.hidden:
            continue
        for line in examples(command, CATALOGS[language], "usdc"):
            before = len(bot.operators.operations.uses)
            reply = await ask(bot, line)
            assert not any(block.tone is Tone.WARNING for block in reply.blocks if isinstance(block, Text)), line
            assert reply.private
            assert len(bot.operators.operations.uses) == before + 1
    assert next(use.line for use, _ in bot.operators.operations.uses.values()) == "/status"


async def test_the_status_says_everything_in_one_card() -> None:
    bot = FakeDeskBot()
    bot.market.silent.add(next(iter(bot.market.prices)))
    await ask(bot, "/halt the exchange is down")
    card = said(await ask(bot, "/status"))
    for figure in (
        "1.2.3", "1 hr", "120.0 MiB", "simulator", "4 fresh, 0 stale, 1 without a price", "the exchange is down",
        "0.4 ms, 30.0 MiB", "0.1 ms, 2.0 MiB", "12 (0 banned)", "34", "2 pending, 0 sending, 40 sent", "1 waiting",
    ):  # fmt: skip
        assert figure in card, figure


async def test_the_status_says_how_each_platform_is() -> None:
    bot = FakeDeskBot()
    platforms = bot.services.operating.platforms
    platforms.running("telegram")
    platforms.restarting("discord", "KeyError")
    card = said(await ask(bot, "/status"))
    assert "running" in card
    assert "starting again after KeyError (1 restart)" in card
    platforms.running("discord")
    platforms.stopped("telegram", "TelegramTokenRefused")
    card = said(await ask(bot, "/status"))
    assert "running, 1 restart" in card
    assert "stopped after TelegramTokenRefused; the log says what to do" in card


async def test_an_engine_that_is_down_and_a_stale_market_are_said() -> None:
    bot = FakeDeskBot()
    bot.market.age_ms = 60_000
    bot.operators.condition = replace(bot.operators.condition, redis=None)
    card = said(await ask(bot, "/status"))
    assert "Redis: not responding" in card
    assert "0 fresh, 5 stale" in card


async def test_a_broadcast_is_shown_as_it_will_look_and_sent_once() -> None:
    bot = FakeDeskBot()
    preview = await ask(bot, "/broadcast  Hello   @everyone,  <b>see</b> *you*")
    assert "Message from the operator" in said(preview)
    assert "Hello @everyone, <b>see</b> *you*" in bodies(preview)
    assert bot.operators.operations.sent == []
    press = press_of(preview, "broadcast_send")
    assert "3 users" in said(await ask(bot, press, pressed=True))
    assert "already" in said(await ask(bot, press, pressed=True))
    assert bot.operators.operations.sent == ["Hello @everyone, <b>see</b> *you*"]
    assert "1 of 3 sent, 1 waiting, 1 not delivered" in said(await ask(bot, "/status"))


async def test_a_broadcast_can_be_forgotten_and_belongs_to_who_wrote_it() -> None:
    bot = FakeDeskBot()
    bot.operators.operations._operators.ids["fake"] = frozenset((OPERATOR, "2"))  # type: ignore[index]
    preview = await ask(bot, "/broadcast one")
    assert "already" in said(await ask(bot, press_of(preview, "broadcast_send"), pressed=True, who="2"))
    await ask(bot, press_of(preview, "broadcast_drop"), pressed=True)
    assert "already" in said(await ask(bot, press_of(preview, "broadcast_send"), pressed=True))
    assert bot.operators.operations.sent == []


async def test_without_anyone_to_reach_there_is_nothing_to_send() -> None:
    bot = FakeDeskBot()
    bot.operators.operations.reach = Reach()
    presses = [each.press.partition(" ")[0] for each in buttons(await ask(bot, "/broadcast hello"))]
    assert presses == ["broadcast_drop"]


@pytest.mark.parametrize(
    "line", ["/broadcast " + "x" * (BROADCAST_LIMIT + 1), "/halt " + "x" * 201, "/ban 1 " + "x" * 201]
)
async def test_a_text_that_is_too_long_is_refused_and_the_refusal_logged(line: str) -> None:
    bot = FakeDeskBot()
    assert "characters long" in said(await ask(bot, line))
    ((use, result),) = bot.operators.operations.uses.values()
    logged = "/ban 1" if line.startswith("/ban") else line
    assert (use.line, result) == (logged, "refused: text-too-long")


async def test_the_log_names_people_by_number_at_most() -> None:
    bot = FakeDeskBot()
    for line in ("/ban telegram:999 spam", "/unban telegram:999", "/audit telegram:999"):
        await ask(bot, line)
    lines = [use.line for use, _ in bot.operators.operations.uses.values()]
    assert lines == ["/ban …", "/unban …", "/audit …"]


# -- audits and the log ------------------------------------------------------------------------


async def test_the_audit_of_one_person_shows_what_is_wrong() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/start", who="7")
    assert "Every figure matches" in said(await ask(bot, "/audit 1"))
    bot.operators.operations.findings = ("promise 3, history: <b>@everyone</b>",) * 9
    shown = said(await ask(bot, "/audit 1"))
    assert "9 figures do not match" in shown
    assert shown.count("promise 3") == 5
    assert "There is no user" in said(await ask(bot, "/audit 99"))


async def test_the_audit_of_everything_answers_now_or_under_a_button() -> None:
    bot = FakeDeskBot()
    assert "The ledger is consistent" in said(await ask(bot, "/audit"))
    bot.operators.audits.now = LedgerAudit(12.0)
    running = await ask(bot, "/audit")
    assert "12 sec" in said(running)
    bot.operators.audits.now = LedgerAudit(20.0, AuditResult(7, 2, ("one", "two"), uncompared=3))
    result = said(await ask(bot, press_of(running, "audit_result"), pressed=True))
    assert "inconsistent in 2 places" in result
    assert "Orders without archived prices: 3" in result
    assert bot.operators.audits.begun == 2
    bot.operators.audits.now = LedgerAudit(600.0, slow=True)
    assert "stopped after" in said(await ask(bot, "/audit"))
    bot.operators.audits.now = LedgerAudit(1.0, AuditResult(failed="OSError"))
    assert "failed: OSError" in said(await ask(bot, "/audit"))


async def test_the_log_shows_who_wrote_what_and_what_came_of_it() -> None:
    bot = FakeDeskBot()
    assert "No actions yet" in said(await ask(bot, "/adminlog"))
    await ask(bot, "/halt why not")
    shown = said(await ask(bot, "/adminlog"))
    assert f"fake:{OPERATOR} | /halt why not | halted" in shown


# -- where they are shown ----------------------------------------------------------------------


def test_telegrams_menus_have_them_in_operators_own_chats_only() -> None:
    for scope, _, menu in menus(COMMANDS, CATALOGS, Language.ENGLISH, (12, 34)):
        theirs = isinstance(scope, BotCommandScopeChat)
        assert ("status" in dict(menu)) is theirs
        assert "broadcast_send" not in dict(menu)
    scopes = [scope for scope, _, _ in menus(COMMANDS, CATALOGS, Language.ENGLISH, (12, 34))]
    assert [scope.chat_id for scope in scopes if isinstance(scope, BotCommandScopeChat)] == [12] * 3 + [34] * 3
    assert not any(isinstance(scope, BotCommandScopeChat) for scope, _, _ in menus(COMMANDS, CATALOGS, Language.KOREAN))


class Menus:
    """A Telegram that knows no chat of an operator."""

    def __init__(self, error: TelegramError) -> None:
        self.error = error
        self.written: list[object] = []

    async def get_my_commands(self, scope: object, code: str | None) -> tuple[()]:
        if isinstance(scope, BotCommandScopeChat):
            raise self.error
        return ()

    async def set_my_commands(self, commands: object, scope: object, code: str | None) -> None:
        self.written.append(scope)


async def test_an_operator_without_a_chat_keeps_nobody_elses_menu_from_being_written(
    caplog: pytest.LogCaptureFixture,
) -> None:
    telegram = Menus(BadRequest("chat not found"))
    everyones = len(menus(COMMANDS, CATALOGS, Language.ENGLISH))
    assert await publish(telegram, COMMANDS, CATALOGS, Language.ENGLISH, (12,)) == everyones  # type: ignore[arg-type]
    assert len(telegram.written) == everyones
    assert caplog.records == []


async def test_on_discord_they_are_for_the_bots_own_chat() -> None:
    tree = discord.app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))

    async def nothing(*_: Any) -> Any:
        return []

    fill(tree, COMMANDS, CATALOGS[Language.ENGLISH], "usdc", run=nothing, suggest=nothing)
    contexts = {command.name: command.to_dict(tree)["contexts"] for command in tree.get_commands()}
    for command in COMMANDS:
        if not command.hidden:
            assert (contexts[command.name] == [1]) is (command.audience is Audience.OPERATORS)
