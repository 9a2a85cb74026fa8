"""How a command is named as an argument: `/help buy`."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NewType

from bot.arguments.reader import Reader
from bot.context import Context
from bot.declaration import Command
from bot.errors import UnknownCommand
from bot.inbound import Suggestion

CommandName = NewType("CommandName", str)

_NEAREST = 3


def _read_command(text: str, ctx: Context) -> CommandName:
    name = text.removeprefix("/").casefold() or text
    if name not in (command.name for command in ctx.commands if not command.hidden):
        raise UnknownCommand(name, nearest_commands(name, ctx.commands))
    return CommandName(name)


def nearest_commands(name: str, commands: Iterable[Command]) -> tuple[str, ...]:
    """Visible commands that look like `name`, with their slash, best first."""
    visible = [command.name for command in commands if not command.hidden]
    return tuple(f"/{found}" for found in get_close_matches(name, visible, _NEAREST))


def suggest_commands(prefix: str, ctx: Context) -> list[Suggestion]:
    """Visible commands whose name begins with `prefix`, without slashes."""
    typed = prefix.removeprefix("/").casefold()
    found = [command.name for command in ctx.commands if not command.hidden and command.name.startswith(typed)]
    return [Suggestion(name, ctx.say(f"command-{name}")) for name in found]


COMMAND_NAMES = Reader(_read_command, suggest_commands)
