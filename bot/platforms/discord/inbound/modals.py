"""Forms with one field, for the word that a press lacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.arguments.plain_words import MessageText
from bot.arguments.usage import parameter_help, parameter_label
from bot.command import Command, Parameter
from bot.platforms.discord.outbound.custom_id import PressedButton, pack_asking
from bot.platforms.discord.outbound.markdown import plain
from bot.ui.texts import Catalog

TITLE_LIMIT = LABEL_LIMIT = 45
HELP_LIMIT = 100
VALUE_LIMIT = 400
MESSAGE_LIMIT = 900
_FIELD = "value"


@dataclass(frozen=True, slots=True)
class ModalField:
    """The parameter for which a press has no value."""

    command: Command
    parameter: Parameter


def blank_of(pressed: PressedButton, commands: Mapping[str, Command]) -> ModalField | None:
    """Returns the parameter to ask for. None if the press is a complete command.

    A command reachable only by buttons is asked for its missing required parameters, because it cannot be typed.
    """
    name, *words = pressed.press.split()
    command = commands.get(name)
    if command is None or not command.parameters:
        return None
    parameter = command.parameters[min(len(words), len(command.parameters) - 1)]
    lacking = command.hidden and parameter.required and len(words) < len(command.parameters)
    return ModalField(command, parameter) if pressed.asks or lacking else None


def modal(pressed: PressedButton, blank: ModalField, catalog: Catalog, unit: str) -> discord.ui.Modal:
    """Returns the form. Its custom_id carries the press that the submitted text completes."""
    shown = f"/{pressed.press}" if not blank.command.hidden else parameter_label(blank.parameter.name, catalog)
    made = discord.ui.Modal(title=plain(shown, TITLE_LIMIT), custom_id=pack_asking(pressed))
    label = plain(parameter_label(blank.parameter.name, catalog), LABEL_LIMIT)
    described = plain(parameter_help(blank.command, blank.parameter, catalog, unit), HELP_LIMIT)
    several_lines = blank.parameter.kind is MessageText
    field: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id=_FIELD,
        max_length=MESSAGE_LIMIT if several_lines else VALUE_LIMIT,
        style=discord.TextStyle.paragraph if several_lines else discord.TextStyle.short,
    )
    made.add_item(discord.ui.Label(text=label, description=described or None, component=field))
    made.stop()  # otherwise the library keeps it in memory until it is submitted
    return made


def value_of(data: Mapping[str, Any]) -> str:
    """Returns the text submitted in the form; '' for a form of another origin."""
    for row in data.get("components", []):
        for part in (row.get("component"), *row.get("components", [])):
            if part and part.get("custom_id") == _FIELD:
                return str(part.get("value", ""))
    return ""
