"""The slash commands as they are sent, against Discord's limits and its specification."""

from dataclasses import replace
from typing import Any

import pytest

from bot.command import Audience
from bot.commands import COMMANDS
from bot.inbound import Suggestion
from bot.platforms.discord import discord
from bot.platforms.discord.inbound.receive import Invocation, choices, inbound, language_of, line, unfinished
from bot.platforms.discord.inbound.slash_commands import CommandTranslator, fill, fingerprint
from people.person import Language
from tests.fakes.bot import CATALOGS
from tests.fakes.discord_spec import command_faults, request_faults

BUY = next(command for command in COMMANDS if command.name == "buy")
PRICE = next(command for command in COMMANDS if command.name == "price")
MARKET = next(command for command in COMMANDS if command.name == "market")


async def _nothing(*_: Any) -> Any:
    return []


def tree_of(commands: Any = COMMANDS, unit: str = "usdc") -> tuple[Any, CommandTranslator]:
    client = discord.Client(intents=discord.Intents.none())
    tree = discord.app_commands.CommandTree(client)
    fill(tree, commands, CATALOGS[Language.ENGLISH], unit, run=_nothing, suggest=_nothing)
    return tree, CommandTranslator(CATALOGS, unit)


async def payload_of(commands: Any = COMMANDS) -> list[dict[str, Any]]:
    tree, translator = tree_of(commands)
    return [await command.get_translated_payload(tree, translator) for command in tree.get_commands()]


async def test_every_visible_command_is_a_slash_command_within_the_limits() -> None:
    payload = await payload_of()
    assert [entry["name"] for entry in payload] == [command.name for command in COMMANDS if not command.hidden]
    assert command_faults(payload) == []
    assert request_faults("PUT", "/applications/1/commands", {}, payload) == []


async def test_names_descriptions_and_options_are_there_in_korean() -> None:
    for entry in await payload_of():
        assert entry["name_localizations"].get("ko", "") not in ("", entry["name"]), entry["name"]
        assert entry["description_localizations"]["ko"] != entry["description"]
        for option in entry["options"]:
            assert option.get("name_localizations", {}).get("ko", "") != ""
            assert option["description_localizations"]["ko"] != option["description"]


async def test_every_option_is_text_with_suggestions() -> None:
    for entry in await payload_of():
        assert all(option["type"] == 3 and option["autocomplete"] for option in entry["options"])


async def test_the_commands_work_in_servers_and_wherever_a_person_takes_them() -> None:
    for entry in await payload_of([command for command in COMMANDS if command.audience is Audience.EVERYONE]):
        assert entry["integration_types"] == [0, 1]
        assert entry["contexts"] == [0, 1, 2]


async def test_what_is_for_a_servers_managers_is_shown_to_them_and_there_only() -> None:
    (entry,) = await payload_of([replace(MARKET, audience=Audience.MANAGERS)])
    assert entry["default_member_permissions"] == 1 << 5
    assert (entry["integration_types"], entry["contexts"]) == ([0], [0])
    assert command_faults([entry]) == []
    assert all(entry["default_member_permissions"] is None for entry in await payload_of([PRICE]))


async def test_required_options_are_those_without_a_default() -> None:
    required = {entry["name"]: [option["required"] for option in entry["options"]] for entry in await payload_of()}
    assert required["buy"] == [True, True]
    assert required["chart"] == [True, False, False]
    assert required["price"] == [True]


async def test_the_fingerprint_changes_with_the_commands_only() -> None:
    assert await fingerprint(*tree_of()) == await fingerprint(*tree_of())
    assert await fingerprint(*tree_of()) != await fingerprint(*tree_of(COMMANDS[1:]))
    assert await fingerprint(*tree_of()) != await fingerprint(*tree_of(unit="usdt"))


def test_a_line_has_the_options_in_their_order() -> None:
    assert line(BUY, {"size": "100 usdc", "symbol": "BTC"}) == "/buy BTC 100 usdc"
    assert line(PRICE, {"symbols": " BTC  ETH "}).split() == ["/price", "BTC", "ETH"]
    assert line(MARKET, {}) == "/market"


def test_an_unfinished_line_ends_with_the_word_that_is_typed() -> None:
    assert unfinished(BUY, {"symbol": "BT"}, "symbol") == "/buy BT"
    assert unfinished(BUY, {"symbol": "BTC", "size": "1"}, "size") == "/buy BTC 1"
    assert unfinished(BUY, {"size": "1"}, "size") == "/buy ? 1"
    assert unfinished(BUY, {"symbol": "BTC ETH", "size": ""}, "size") == "/buy BTC "
    assert unfinished(PRICE, {"symbols": "BTC "}, "symbols") == "/price BTC "


def test_a_choice_keeps_what_was_typed_before_the_last_word() -> None:
    found = [Suggestion("ETH", "ETH/USDC")]
    assert choices("BTC ET", found) == [("BTC ETH · ETH/USDC", "BTC ETH")]
    assert choices("BTC ", found) == [("BTC ETH · ETH/USDC", "BTC ETH")]
    assert choices("", found) == [("ETH · ETH/USDC", "ETH")]


def test_choices_stay_within_the_limits() -> None:
    many = [Suggestion(f"S{number}", "x" * 200) for number in range(60)]
    found = choices("", many)
    assert len(found) == 25
    assert all(1 <= len(name) <= 100 and len(value) <= 100 for name, value in found)
    assert choices("y" * 99 + " ", many) == []
    assert choices("", [Suggestion("A", "a"), Suggestion("A", "b")]) == [("A · a", "A")]


@pytest.mark.parametrize(
    ("locale", "language"),
    [("ko", Language.KOREAN), ("en-GB", Language.ENGLISH), ("de", Language.KOREAN), ("", Language.KOREAN)],
)
def test_the_clients_language_is_the_hint(locale: str, language: Language) -> None:
    assert language_of(locale, Language.KOREAN) is language


def test_an_interaction_becomes_one_line() -> None:
    told = inbound(
        Invocation(5, 7, 9, "ko", public=True), "/price BTC", pressed=False, otherwise=Language.ENGLISH, timezone="UTC"
    )
    assert (told.platform, told.external_id, told.command_id) == ("discord", "7", "interaction:5")
    assert (told.chat_id, told.public, told.language, told.timezone) == ("9", True, Language.KOREAN, "Asia/Seoul")


def test_a_server_and_its_managers_are_told() -> None:
    asked = Invocation(5, 7, 9, "ko", public=True, guild_id=11, manager=True)
    told = inbound(asked, "/price BTC", pressed=False, otherwise=Language.ENGLISH, timezone="UTC")
    assert (told.group, told.manager) == ("11", True)
    asked = Invocation(5, 7, 9, "ko", public=False)
    told = inbound(asked, "/price BTC", pressed=False, otherwise=Language.ENGLISH, timezone="UTC")
    assert (told.group, told.manager) == ("", False)


async def test_a_command_without_a_korean_name_keeps_its_own() -> None:
    _, translator = tree_of()
    named = discord.app_commands.locale_str("new", texts=("discord-command-new",), name=True)
    assert await translator.translate(named, discord.Locale.korean, None) is None  # type: ignore[arg-type]
    assert await translator.translate(named, discord.Locale.german, None) is None  # type: ignore[arg-type]
