"""Slash commands, derived from the declarations. Every option is sent as a string and parsed by the bot."""

import hashlib
import inspect
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import discord
from discord import app_commands

from bot.arguments.plain_words import MessageText
from bot.arguments.usage import description, parameter_help
from bot.command import Audience, Command, Parameter
from bot.ui.texts import Catalog
from people.person import Language

Run = Callable[[discord.Interaction, Command, dict[str, str]], Awaitable[None]]
Suggest = Callable[[discord.Interaction, Command, str], Awaitable[list[app_commands.Choice[str]]]]

_NAME = re.compile(r"[-_\w]{1,32}")

_LOCALES: Mapping[Language, tuple[discord.Locale, ...]] = {
    Language.ENGLISH: (discord.Locale.american_english, discord.Locale.british_english),
    Language.KOREAN: (discord.Locale.korean,),
}


class CommandTranslator(app_commands.Translator):
    """Translator that looks texts up by the ids in the extras of a `locale_str`."""

    def __init__(self, catalogs: Mapping[Language, Catalog], unit: str) -> None:
        self._unit = unit
        self._catalogs = {locale: catalogs[language] for language, locales in _LOCALES.items() for locale in locales}

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002 - the library's signature
    ) -> str | None:
        """Returns the translation. None if the language is not supported or has no text for the ids."""
        catalog = self._catalogs.get(locale)
        if catalog is None:
            return None
        for text_id in string.extras["texts"]:
            if catalog.has(text_id):
                text = catalog.text(text_id, unit=self._unit)
                return _name(text) if string.extras["name"] else text
        return None


def fill(
    tree: "app_commands.CommandTree[Any]",
    commands: Iterable[Command],
    catalog: Catalog,
    unit: str,
    *,
    run: Run,
    suggest: Suggest,
) -> None:
    """Adds every visible command. `catalog` has the texts for users whose language is not supported."""
    for command in commands:
        if not command.hidden:
            tree.add_command(_slash(command, catalog, unit, run, suggest))


async def fingerprint(tree: "app_commands.CommandTree[Any]", translator: app_commands.Translator) -> str:
    """Returns a hash that changes exactly when the payload of `tree.sync()` changes."""
    payload = [await command.get_translated_payload(tree, translator) for command in tree.get_commands()]
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _slash(
    command: Command, catalog: Catalog, unit: str, run: Run, suggest: Suggest
) -> "app_commands.Command[Any, ..., None]":
    async def answer(interaction: discord.Interaction, **values: str | None) -> None:
        await run(interaction, command, {name: value for name, value in values.items() if value})

    # The library reads the options from the signature of the callback.
    answer.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction),
            *(_option(entry) for entry in command.typed),
        ]
    )
    described = app_commands.describe(**{entry.name: _help(command, entry, catalog, unit) for entry in command.typed})
    renamed = app_commands.rename(
        **{
            entry.name: _localised(entry.name, f"discord-option-{entry.name}", f"parameter-{entry.name}", name=True)
            for entry in command.typed
        }
    )
    completed = app_commands.autocomplete(
        **{entry.name: _completer(command, entry, suggest) for entry in command.typed}
    )
    in_servers_only = command.audience is Audience.MANAGERS
    in_own_chat_only = command.audience is Audience.OPERATORS
    slash: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=_localised(command.name, f"discord-command-{command.name}", name=True),
        description=_localised(description(command, catalog), f"command-{command.name}"),
        callback=renamed(described(completed(answer))) if command.typed else answer,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=not in_servers_only),
        allowed_contexts=app_commands.AppCommandContext(
            guild=not in_own_chat_only,
            dm_channel=not in_servers_only,
            private_channel=not (in_servers_only or in_own_chat_only),
        ),
    )
    if in_servers_only:
        # Default visibility in a server; its owner may extend it, so the bot checks the permission as well.
        slash.default_permissions = discord.Permissions(manage_guild=True)
    return slash


def _option(entry: Parameter) -> inspect.Parameter:
    # An option holds one line: a message may be omitted, and is then requested by a multi-line form.
    required = entry.required and entry.kind is not MessageText
    default = inspect.Parameter.empty if required else None
    annotation = str if required else str | None
    return inspect.Parameter(entry.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _help(command: Command, entry: Parameter, catalog: Catalog, unit: str) -> app_commands.locale_str:
    return _localised(parameter_help(command, entry, catalog, unit), f"command-{command.name}.{entry.name}")


def _localised(text: str, *text_ids: str, name: bool = False) -> app_commands.locale_str:
    """Returns a translatable string. The first id found in a catalog is used, otherwise `text`."""
    return app_commands.locale_str(text, texts=text_ids, name=name)


def _name(text: str) -> str | None:
    """Returns the text as the name of a command or option. None if it is not a valid name."""
    return text.lower() if _NAME.fullmatch(text) else None


def _completer(command: Command, entry: Parameter, suggest: Suggest) -> Any:
    async def complete(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:  # noqa: ARG001
        return await suggest(interaction, command, entry.name)

    return complete
