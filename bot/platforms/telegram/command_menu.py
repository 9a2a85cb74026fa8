"""Command menus, derived from the declarations: one list per language and scope, written only if it changed."""

import logging
from collections.abc import Mapping, Sequence

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import BadRequest, TelegramError

from bot.arguments.usage import description
from bot.command import Audience, Command
from bot.platforms.telegram.client import MALFORMED, Client
from bot.ui.texts import Catalog
from people.person import Language

MAX_COMMANDS = 100
_DESCRIPTION = 256
_log = logging.getLogger(__name__)

Menu = tuple[tuple[str, str], ...]


def menu(
    commands: tuple[Command, ...],
    catalog: Catalog,
    *,
    public: bool,
    audiences: frozenset[Audience] = frozenset((Audience.EVERYONE,)),
) -> Menu:
    """Returns the names and descriptions of available commands. In groups, commands with public answers come first."""
    shown = [command for command in commands if not command.hidden and command.audience in audiences]
    if public:
        shown.sort(key=lambda command: command.private)
    return tuple((command.name, description(command, catalog)[:_DESCRIPTION]) for command in shown[:MAX_COMMANDS])


def menus(
    commands: tuple[Command, ...],
    catalogs: Mapping[Language, Catalog],
    otherwise: Language,
    operators: Sequence[int] = (),
) -> list[tuple[BotCommandScope, str | None, Menu]]:
    """Returns all lists. Lists without a language, in `otherwise`, apply to users whose language has none.

    `operators` have separate lists in their private chats.
    """
    everyone = frozenset((Audience.EVERYONE,))
    scopes: list[tuple[BotCommandScope, bool, frozenset[Audience]]] = [
        (BotCommandScopeDefault(), False, everyone),
        (BotCommandScopeAllPrivateChats(), False, everyone),
        (BotCommandScopeAllGroupChats(), True, everyone),
        (BotCommandScopeAllChatAdministrators(), True, everyone | {Audience.MANAGERS}),
        *((BotCommandScopeChat(user_id), False, everyone | {Audience.OPERATORS}) for user_id in operators),
    ]
    languages: list[tuple[str | None, Catalog]] = [(None, catalogs[otherwise])]
    languages += [(language.value, catalog) for language, catalog in catalogs.items()]
    return [
        (scope, code, menu(commands, catalog, public=public, audiences=audiences))
        for scope, public, audiences in scopes
        for code, catalog in languages
    ]


async def publish(
    client: Client,
    commands: tuple[Command, ...],
    catalogs: Mapping[Language, Catalog],
    otherwise: Language,
    operators: Sequence[int] = (),
) -> int:
    """Writes the lists that differ and returns their number.

    Lists that cannot be written are written at the next start. An operator who never wrote to the bot has no chat for a
    list; this is not an error.
    """
    written = 0
    for scope, code, wanted in menus(commands, catalogs, otherwise, operators):
        try:
            there = await client.get_my_commands(scope, code)
            if tuple((entry.command, entry.description) for entry in there) != wanted:
                await client.set_my_commands([BotCommand(*entry) for entry in wanted], scope, code)
                written += 1
        except BadRequest as error:
            if not isinstance(scope, BotCommandScopeChat):
                _log.warning("a commands menu was refused: %s", error)
        except (TelegramError, *MALFORMED) as error:
            _log.warning("the commands menu was not written: %s", type(error).__name__)
            break
    return written
